import type { Command } from 'commander';
import { type End, list, tiersOption, whole } from '../arguments.ts';
import { examples } from '../usage.ts';
import type { PkiCommandOptions } from '../run/pki.ts';

/** Registers `mtls-fixtures pki`. */
export function registerPki(program: Command, end: End): void {
  program
    .command('pki')
    .argument('<dir>', 'a folder that does not exist yet, or is empty')
    .description('write a PKI: a server, a client, the credentials of all scenarios, PKCS#12, CRLs, and a README of what each is for')
    .option('--name <name>', 'goes into the names of its CAs')
    .option('--dns <names>', 'names of the server, with commas between (default: localhost)', list)
    .option('--ip <addresses>', 'addresses of the server, with commas between (default: 127.0.0.1,::1)', list)
    .option(
      '--permit <names>',
      'the only names that its CAs can certify, with commas between: hosts, addresses, blocks, @mailboxes, URIs',
      list,
    )
    .option('--client <name>', 'common name of the client', 'client')
    .option('--days <number>', 'how long it is valid', whole('--days', { least: 1, most: 3650, what: 'a number of days' }), 1)
    .option('--password <text>', 'of the PKCS#12 files', 'changeit')
    .addOption(tiersOption(['core', 'control']))
    .option('--json', 'print the paths as JSON')
    .addHelpText(
      'after',
      examples([
        'mtls-fixtures pki ./pki',
        'mtls-fixtures pki ./pki --dns api.test,localhost --client alice --days 7',
        'mtls-fixtures pki ./pki --permit localhost,127.0.0.0/8,::1',
        'mtls-fixtures pki ./pki --json | jq -r .server.certificate',
      ]),
    )
    .action(async (directory: string, options: PkiCommandOptions) =>
      end(await (await import('../run/pki.ts')).writePki(directory, options)),
    );
}
