import { createRequire } from 'node:module';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import type { InspectOptions } from './inspect-command.ts';
import type { PkiCommandOptions } from './pki-command.ts';
import type { ProbeOptions } from './probe-command.ts';
import { reportFailure } from './report-failure.ts';
import type { ScenariosOptions } from './scenarios-command.ts';
import type { ServeOptions } from './serve-command.ts';

/** Runs the command `mtls-fixtures` with these arguments and resolves to its exit code. Each command's code is loaded when it is run. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let code: ExitCode = exitCodes.asExpected;
  const program = commandLine((result) => {
    code = result;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.asExpected : exitCodes.misuse;
    return reportFailure(error);
  }
}

function commandLine(end: (code: ExitCode) => void): Command {
  const program = new Command('mtls-fixtures')
    .description('Test fixtures for mutual TLS: certificates, observed servers, and a verdict for every handshake.')
    .version(ownVersion(), '--version')
    .exitOverride()
    .showHelpAfterError('Try --help.')
    .showSuggestionAfterError()
    .addHelpText('after', `\n${exitCodeHelp}`);

  program
    .command('demo')
    .description('shake sixteen hands with servers of this process and print what each came to')
    .addHelpText('after', examples(['mtls-fixtures demo']))
    .action(async () => end(await (await import('./demo.ts')).runDemo()));

  program
    .command('pki')
    .argument('<dir>', 'a folder that does not exist yet, or is empty')
    .description('write a PKI: a server, a client, the credentials of all scenarios, PKCS#12, CRLs, and a README of what each is for')
    .option('--name <name>', 'goes into the names of its CAs')
    .option('--dns <names>', 'names of the server, with commas between; default: localhost', list)
    .option('--ip <addresses>', 'addresses of the server, with commas between; default: 127.0.0.1,::1', list)
    .option(
      '--permit <names>',
      'the only names that its CAs can vouch for, with commas between: hosts, addresses, blocks, @mailboxes, URIs',
      list,
    )
    .option('--client <name>', 'common name of the client', 'client')
    .option('--days <number>', 'how long it is valid', days, 1)
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
      end(await (await import('./pki-command.ts')).writePki(directory, options)),
    );

  program
    .command('serve')
    .description('serve HTTPS with mutual TLS and print each handshake as it comes, until interrupted')
    .option('--pki <dir>', 'a folder that `pki` wrote; default: a new PKI in a temporary folder')
    .option('--port <number>', 'default: a free one', port)
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--exposed', 'other machines are meant to reach it: no warning about a --host beyond loopback')
    .option('--client-auth <kind>', 'require, request or none', 'require')
    .option('--count <number>', 'end after so many handshakes', count)
    .option('--explain', 'print the whole story of each handshake')
    .option('--json', 'print a line of JSON for each')
    .addHelpText('after', examples(['mtls-fixtures serve', 'mtls-fixtures serve --pki ./pki --port 8443 --explain']))
    .action(async (options: ServeOptions) => end(await (await import('./serve-command.ts')).serve(options)));

  program
    .command('inspect')
    .argument('<file | host:port>', 'PEM or DER of a certificate or chain, - for standard input; or a TLS server')
    .description('tell what a certificate says, or what a server presents and asks for')
    .addOption(starttlsOption())
    .option('--servername <name>', 'the name to ask the server for')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(['mtls-fixtures inspect ./pki/server/cert.pem', 'mtls-fixtures inspect localhost:5432 --starttls postgres']),
    )
    .action(async (what: string, options: InspectOptions) => end(await (await import('./inspect-command.ts')).inspect(what, options)));

  program
    .command('probe')
    .argument('<host:port>', 'a server that trusts the written PKI')
    .description('present the catalogue of bad clients to a running server, in whatever language it is written')
    .requiredOption('--pki <dir>', 'the folder that `pki` wrote and whose ca.pem the server trusts')
    .addOption(starttlsOption())
    .option('--servername <name>', "the server's name in its certificate; default: the host")
    .option('--http <path>', 'a client is in when this page answers below 400, not when its handshake is complete')
    .addOption(tiersOption())
    .option('--only <ids>', 'only these scenarios, with commas between', list)
    .option('--skip <ids>', 'not these', list)
    .option('--tls <versions>', '1.2, 1.3 or both with a comma', list, ['1.3', '1.2'])
    .option('--stack <name>', "the server's TLS stack, whose known divergences are then expected: openssl, go, java, gnutls ...")
    .option('--timeout <milliseconds>', 'for each attempt', milliseconds, 5000)
    .option('--json <file>', 'write the results as JSON; - prints them')
    .option('--junit <file>', 'write the results as JUnit XML')
    .addHelpText(
      'after',
      examples([
        'mtls-fixtures probe localhost:8443 --pki ./pki',
        'mtls-fixtures probe localhost:8443 --pki ./pki --http / --stack openssl --junit report.xml',
        'mtls-fixtures probe localhost:5432 --pki ./pki --starttls postgres --only expired-leaf,unknown-ca',
      ]),
    )
    .action(async (target: string, options: ProbeOptions, command: Command) => {
      const areVersionsAsked = command.getOptionValueSource('tls') === 'cli';
      end(await (await import('./probe-command.ts')).probe(target, { ...options, areVersionsAsked }));
    });

  program
    .command('scenarios')
    .argument('[id]', 'explain this one')
    .description('list the catalogue, or explain one scenario')
    .addOption(new Option('--role <role>', 'of the one that presents').choices(['client', 'server', 'protocol']))
    .addOption(tiersOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['mtls-fixtures scenarios --role client --tier core', 'mtls-fixtures scenarios expired-leaf']))
    .action(async (id: string | undefined, options: ScenariosOptions) =>
      end(await (await import('./scenarios-command.ts')).showScenarios(id, options)),
    );

  for (const command of program.commands) command.exitOverride().showHelpAfterError('Try --help.');
  return program;
}

function ownVersion(): string {
  const { version } = createRequire(import.meta.url)('mtls-fixtures/package.json') as { version: string }; // ours
  return version;
}

function starttlsOption(): Option {
  return new Option('--starttls <protocol>', 'ask for TLS in this protocol first').choices([
    'postgres',
    'mysql',
    'smtp',
    'imap',
    'ldap',
    'pop3',
    'ftp',
  ]);
}

function tiersOption(preset?: readonly string[]): Option {
  const option = new Option('--tier <tiers>', 'core, control, extended, varies, app; with commas between').argParser(list);
  return preset ? option.default(preset, preset.join(',')) : option;
}

function list(value: string): string[] {
  return value.split(',').map((part) => part.trim());
}

function port(value: string): number {
  return whole(value, { least: 0, most: 65_535, what: 'a port' });
}

function count(value: string): number {
  return whole(value, { least: 1, most: 1_000_000, what: 'a number of handshakes' });
}

function days(value: string): number {
  return whole(value, { least: 1, most: 3650, what: 'a number of days' });
}

function milliseconds(value: string): number {
  return whole(value, { least: 1, most: 600_000, what: 'a number of milliseconds' });
}

function whole(value: string, { least, most, what }: { readonly least: number; readonly most: number; readonly what: string }): number {
  const number = Number(value);
  if (!/^\d+$/u.test(value) || number < least || number > most)
    throw new InvalidArgumentError(`It is not ${what} from ${least} to ${most}.`);
  return number;
}

function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

const exitCodeHelp = `Exit codes:
  0  everything came out as expected
  1  a verdict was not the expected one
  2  wrong usage, or a file that cannot be read or written or is in the way
  3  nothing could be judged: nobody listens, or the valid client was refused too`;
