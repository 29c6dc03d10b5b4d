import type { Command } from 'commander';
import { type End, text, whole } from '../arguments.ts';
import type { RelayCommand } from '../run/relay.ts';
import { examples } from '../usage.ts';

/** Registers `mtls-fixtures relay`. */
export function registerRelay(program: Command, end: End): void {
  program
    .command('relay')
    .description('pass connections on to a server and print each handshake between the two, until interrupted; no octet is changed')
    .requiredOption('--to <address>', 'where the server is: host:port', text('--to', 'host:port'))
    .option(
      '--listen <port>',
      'where clients connect to (default: a free port)',
      whole('--listen', { least: 0, most: 65_535, what: 'a port' }),
    )
    .option('--host <address>', 'where to listen', text('--host', 'an address of this machine'), '127.0.0.1')
    .option('--exposed', 'other machines are meant to reach it: no warning about a --host beyond loopback')
    .option(
      '--key-log <file>',
      'where the client or the server writes its secrets (SSLKEYLOGFILE), to read TLS 1.3',
      text('--key-log', 'a file'),
    )
    .option('--starttls [protocol]', 'the protocol begins in the clear and turns to TLS later')
    .option(
      '--count <number>',
      'end after this number of handshakes',
      whole('--count', { least: 1, most: 1_000_000, what: 'a number of handshakes' }),
    )
    .option('--explain', 'print the explanation of each handshake')
    .option('--json', 'print a line of JSON for each')
    .addHelpText(
      'after',
      examples([
        'mtls-fixtures relay --to api:8443 --listen 9443',
        'mtls-fixtures relay --listen 8443 --to db:5432 --starttls postgres --key-log keys.txt',
      ]),
    )
    .action(async (options: RelayCommand) => end(await (await import('../run/relay.ts')).relay(options)));
}
