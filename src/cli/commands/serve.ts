import type { Command } from 'commander';
import { examples, whole, type End } from '../arguments.ts';
import type { ServeOptions } from '../run/serve.ts';

/** Registers `mtls-fixtures serve`. */
export function registerServe(program: Command, end: End): void {
  program
    .command('serve')
    .description('serve HTTPS with mutual TLS and print each handshake as it happens, until interrupted')
    .option('--pki <dir>', 'a folder that `pki` wrote; default: a new PKI in a temporary folder')
    .option('--port <number>', 'default: a free one', whole({ least: 0, most: 65_535, what: 'a port' }))
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--exposed', 'other machines are meant to reach it: no warning about a --host beyond loopback')
    .option('--client-auth <kind>', 'require, request or none', 'require')
    .option('--count <number>', 'end after this number of handshakes', whole({ least: 1, most: 1_000_000, what: 'a number of handshakes' }))
    .option('--explain', 'print the explanation of each handshake')
    .option('--json', 'print a line of JSON for each')
    .addHelpText('after', examples(['mtls-fixtures serve', 'mtls-fixtures serve --pki ./pki --port 8443 --explain']))
    .action(async (options: ServeOptions) => end(await (await import('../run/serve.ts')).serve(options)));
}
