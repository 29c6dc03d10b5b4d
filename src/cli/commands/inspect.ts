import type { Command } from 'commander';
import { type End, starttlsOption, text } from '../arguments.ts';
import { examples } from '../usage.ts';
import type { InspectOptions } from '../run/inspect.ts';

/** Registers `mtls-fixtures inspect`. */
export function registerInspect(program: Command, end: End): void {
  program
    .command('inspect')
    .argument('<file | host:port>', 'PEM or DER of a certificate or chain, - for standard input; or a TLS server')
    .description('show what a certificate says, or what a server presents and requests')
    .addOption(starttlsOption())
    .option(
      '--servername <name>',
      'the name to ask the server for',
      text('--servername', 'a host name or an IP address', /^[\x21-\x7e]+$/u),
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(['mtls-fixtures inspect ./pki/server/cert.pem', 'mtls-fixtures inspect localhost:5432 --starttls postgres']),
    )
    .action(async (what: string, options: InspectOptions) => end(await (await import('../run/inspect.ts')).inspect(what, options)));
}
