import type { Command } from 'commander';
import { type End, list, starttlsOption, text, tiersOption, whole, words } from '../arguments.ts';
import { examples } from '../usage.ts';
import type { ProbeOptions } from '../run/probe.ts';

/** Registers `mtls-fixtures probe`. */
export function registerProbe(program: Command, end: End): void {
  program
    .command('probe')
    .argument('<host:port>', 'a server that trusts the written PKI')
    .description('present the catalogue of bad clients to a running server, in whatever language it is written')
    .requiredOption('--pki <dir>', 'the folder that `pki` wrote and whose ca.pem the server trusts')
    .addOption(starttlsOption())
    .option(
      '--servername <name>',
      "the server's name in its certificate (default: the host)",
      text('--servername', 'a host name or an IP address', /^[\x21-\x7e]+$/u),
    )
    .option(
      '--http <path>',
      'a client is accepted when this page answers below 400, not when its handshake is complete',
      text('--http', 'a path such as /', /^\/[\x21-\x7e]*$/u),
    )
    .addOption(tiersOption())
    .option('--only <ids>', 'only these scenarios, with commas between', list)
    .option('--skip <ids>', 'not these', list)
    .option('--tls <versions>', '1.2, 1.3 or both with a comma', words('--tls', ['1.3', '1.2']), ['1.3', '1.2'])
    .option('--stack <name>', "the server's TLS stack, whose known divergences are then expected: openssl, go, java, gnutls ...")
    .option(
      '--timeout <milliseconds>',
      'for each attempt',
      whole('--timeout', { least: 1, most: 600_000, what: 'a number of milliseconds' }),
      5000,
    )
    .option(
      '--forwarded <format>',
      'the server is an application behind a proxy that ends TLS, and is called as the proxy does: nginx, envoy, rfc9440 ...',
      text('--forwarded', 'the format of a header'),
    )
    .option(
      '--authorizes <name>',
      'with --forwarded: the common name of the client that it lets in (default: client)',
      text('--authorizes', 'a name'),
    )
    .option('--names <names>', 'with --forwarded: names of headers that were chosen, such as certificate=X-Client-Cert', list)
    .option('--json <file>', 'write the results as JSON; - prints them', text('--json', 'the name of a file, or -'))
    .option('--junit <file>', 'write the results as JUnit XML; - prints them', text('--junit', 'the name of a file, or -'))
    .addHelpText(
      'after',
      examples([
        'mtls-fixtures probe localhost:8443 --pki ./pki',
        'mtls-fixtures probe localhost:8443 --pki ./pki --http / --stack openssl --junit report.xml',
        'mtls-fixtures probe localhost:3000 --pki ./pki --forwarded nginx --http /orders',
        'mtls-fixtures probe localhost:5432 --pki ./pki --starttls postgres --only expired-leaf,unknown-ca',
      ]),
    )
    .action(async (target: string, options: ProbeOptions, command: Command) => {
      const areVersionsAsked = command.getOptionValueSource('tls') === 'cli';
      const given = { ...options, areVersionsAsked };
      if (options.forwarded === undefined) end(await (await import('../run/probe.ts')).probe(target, given));
      else end(await (await import('../run/probe-forwarded.ts')).probeForwarded(target, given));
    });
}
