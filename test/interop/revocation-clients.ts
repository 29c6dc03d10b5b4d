import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe } from 'vitest';
import type { ObservedServer } from '../../src/index.ts';
import { outputOf, run } from './judges.ts';

/** `accepts`, or the client's own words for why not. */
export type ClientVerdict = string;

/** What gnutls-cli makes of the certificate and the staple of a server; `ocsp` has it ask the responder that the certificate names too. */
export async function askGnutls(
  server: ObservedServer,
  { anchors, ocsp = false }: { readonly anchors: string; readonly ocsp?: boolean },
): Promise<ClientVerdict> {
  const args = [...(ocsp ? ['--ocsp'] : []), '--x509cafile', anchors, '--port', String(server.port), 'localhost'];
  const { status, stdout, stderr } = await run('gnutls-cli', args, { input: httpRequest });
  if (status === 0) return 'accepts';
  const said = [/^- Status: (?<words>.*)$/mu.exec(stdout)?.groups?.['words'], ...(`${stdout}${stderr}`.match(/^\*\*\* .*$/gmu) ?? [])];
  return said.join(' ').trim();
}

/** What curl makes of them with `--cert-status`. */
export async function askCurl(
  server: ObservedServer,
  { anchors, checks = true }: { readonly anchors: string; readonly checks?: boolean },
): Promise<ClientVerdict> {
  const url = `https://localhost:${server.port}/`;
  const { status, stderr } = await run('curl', ['-sS', ...(checks ? ['--cert-status'] : []), '--cacert', anchors, url]);
  return status === 0 ? 'accepts' : stderr.trim();
}

/** What OpenSSL's s_client says of them with `-status`: the status that it prints, and how its verification ended. */
export async function askSclient(server: ObservedServer, { anchors }: { readonly anchors: string }): Promise<ClientVerdict> {
  const args = ['-status', '-verify_return_error', '-CAfile', anchors, '-connect', `127.0.0.1:${server.port}`, '-servername', 'localhost'];
  const { status, stdout } = await run('openssl', ['s_client', ...args], { input: httpRequest });
  const said = /Cert Status: (?<status>\w+)|OCSP response: (?<none>no response sent)/u.exec(stdout)?.groups;
  const verified = status === 0 && stdout.includes('Verify return code: 0 (ok)');
  return `${verified ? 'accepts' : 'rejects'}, and prints "${said?.['status'] ?? said?.['none'] ?? 'nothing'}"`;
}

/** One call of a Java client: where it looks for the status. */
export interface JavaCall {
  readonly server: ObservedServer;
  readonly source: 'ocsp' | 'crl' | 'default';
}

/** What Java makes of each, in order. */
export async function askJava(calls: readonly JavaCall[], { anchors }: { readonly anchors: string }): Promise<ClientVerdict[]> {
  const source = path.join(import.meta.dirname, '../../fixtures/peers/java-revocation/Revocation.java');
  const properties = ['com.sun.net.ssl.checkRevocation', 'jdk.tls.client.enableStatusRequestExtension', 'com.sun.security.enableCRLDP'];
  // The JVM does not live long enough for its second compiler to pay.
  const args = ['-XX:TieredStopAtLevel=1', ...properties.map((property) => `-D${property}=true`), source];
  const input = calls.map(({ server, source: where }) => `${server.port}\t${anchors}\t${where}\n`).join('');
  const output = await outputOf('java', args, { input });
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => (line === 'accept' ? 'accepts' : line.replace(/^reject /u, '')));
}

/** `describe` for what curl judges: one that is linked to OpenSSL, others have no `--cert-status`. */
export function describeWithCurl(): typeof describe | typeof describe.skip {
  const { stdout } = spawnSync('curl', ['--version'], { encoding: 'utf8', timeout: 30_000 });
  if (/^curl .* OpenSSL\//u.test(stdout)) return describe;
  const missing = 'a "curl" with OpenSSL is not installed, so it judges nothing; on Debian: apt-get install curl';
  if (process.env['CI']) throw new Error(missing);
  // oxlint-disable-next-line no-console -- a judge that is missing must not pass unnoticed
  console.warn(missing);
  return describe.skip;
}

const httpRequest = 'GET / HTTP/1.0\r\n\r\n';
