import type { Command } from 'commander';
import { choice, type End, text, whole } from '../arguments.ts';
import { examples } from '../usage.ts';
import type { ServeOptions } from '../run/serve.ts';

/** Registers `mtls-fixtures serve`. */
export function registerServe(program: Command, end: End): void {
  program
    .command('serve')
    .description('serve HTTPS with mutual TLS and print each handshake as it happens, until interrupted')
    .option('--pki <dir>', 'a folder that `pki` wrote (default: a new PKI in a temporary folder)')
    .option('--port <number>', 'where to listen (default: a free port)', whole('--port', { least: 0, most: 65_535, what: 'a port' }))
    .option('--host <address>', 'where to listen', text('--host', 'an address of this machine'), '127.0.0.1')
    .option('--exposed', 'other machines are meant to reach it: no warning about a --host beyond loopback')
    .addOption(choice('--client-auth <kind>', 'whether clients present a certificate', ['require', 'request', 'none']).default('require'))
    .option(
      '--count <number>',
      'end after this number of handshakes; with --forward, of requests',
      whole('--count', { least: 1, most: 1_000_000, what: 'a number of handshakes' }),
    )
    .option(
      '--forward <url>',
      'be a gateway: forward each request to this application',
      text('--forward', 'a URL such as http://127.0.0.1:3000', /^http:\/\/[^/?#@\s]+(?:\/[^?#\s]*)?$/iu),
    )
    .option('--format <name>', 'the headers by which the application learns of the client (with --forward; default: rfc9440)')
    .option('--explain', 'print the explanation of each handshake')
    .option('--json', 'print a line of JSON for each')
    .addHelpText(
      'after',
      examples([
        'mtls-fixtures serve',
        'mtls-fixtures serve --pki ./pki --port 8443 --explain',
        'mtls-fixtures serve --forward http://127.0.0.1:3000 --format envoy',
      ]),
    )
    .action(async (options: ServeOptions) => end(await (await import('../run/serve.ts')).serve(options)));
}
