import os from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { invalidOption, writeError } from '../../errors/index.ts';
import { printable } from '../../errors/printable.ts';
import type { ObservedServer } from '../../handshake/server/observed-server.ts';
import type { ServerOptions } from '../../handshake/server/server-options.ts';
import { startHttpsServer } from '../../handshake/server/start-server.ts';
import { isIpAddress, isLoopback } from '../../net/addresses.ts';
import type { LeafOptions } from '../../pki/leaf-options.ts';
import { usualNames } from '../../pki/permitted.ts';
import { createPki, type Pki } from '../../pki/pki.ts';
import { type IdentityFiles, writeFiles } from '../../pki/files/write-files.ts';
import { inspectCertificate } from '../../x509/inspect-certificate.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { complain } from '../output/report-failure.ts';
import { shellCommand } from '../output/shell-command.ts';
import { print, widthOf } from '../output/terminal.ts';
import { readPkiFolder } from './pki-folder.ts';
import { printHandshakes } from './print-handshakes.ts';
import { PrintedRequests } from './printed-requests.ts';

/** Options of `mtls-fixtures serve`. */
export interface ServeOptions {
  readonly pki?: string;
  readonly port?: number;
  readonly host: string;
  readonly exposed?: true;
  readonly clientAuth: 'require' | 'request' | 'none';
  readonly count?: number;
  readonly forward?: string;
  readonly format?: string;
  readonly explain?: true;
  readonly json?: true;
}

/**
 * Serves HTTPS on loopback unless told otherwise and prints each handshake, as a gateway each request too, until interrupted or until there were `count`. Temporary files are gone
 * afterwards.
 */
export async function serve(options: ServeOptions): Promise<ExitCode> {
  const { pki: directory, port, host, exposed, clientAuth, forward, json } = options;
  const pki = directory === undefined ? createPki() : readPkiFolder(directory);
  const settings = {
    identity: pki.server(namesFor(host, pki)),
    host,
    clientAuth,
    exposed: true, // the warning of the command names its own option
    ...(port !== undefined && { port }),
  };
  const requests = forward === undefined ? undefined : new PrintedRequests(options);
  const server = await startServer(options, settings, requests);
  let temporary: IdentityFiles | undefined;
  // Node 22 does not know `using`.
  try {
    if (exposed !== true && isExposed([host, server.host])) warnOfExposure(host);
    temporary = directory === undefined ? writeClient(pki) : undefined;
    const fileOf = (name: string): string => path.join(directory ?? '', name);
    const { ca = fileOf('ca.pem'), cert = fileOf('client/cert.pem'), key = fileOf('client/key.pem') } = temporary ?? {};
    announce(server, { pki, json, files: { ca, cert, key } });
    await printHandshakes(server, requests ? { ...options, count: undefined, until: requests.printed } : options);
  } finally {
    temporary?.remove();
    await server.close();
  }
  return exitCodes.asExpected;
}

async function startServer(
  { forward, format }: ServeOptions,
  settings: ServerOptions,
  requests: PrintedRequests | undefined,
): Promise<ObservedServer> {
  if (forward !== undefined && requests)
    return (await import('./gateway.ts')).startPrintingGateway({ ...settings, upstream: forward, format }, requests);
  if (format !== undefined) throw invalidOption('--format', format, '--forward beside it, with the URL of an application');
  return startHttpsServer((request, response) => {
    response.end(`hello ${nameOf(request.socket as TLSSocket)}\n`); // an HTTPS server has no others
  }, settings);
}

function writeClient(pki: Pki): IdentityFiles {
  try {
    return writeFiles(pki.client());
  } catch (error) {
    throw writeError(error, os.tmpdir());
  }
}

/** A server on every address calls loopback its host, and a name stands for an address. */
function isExposed(hosts: readonly string[]): boolean {
  return hosts.some((host) => isIpAddress(host) && !isLoopback(host));
}

function warnOfExposure(host: string): void {
  const state = `"${host}" is reached from other machines, and every client with a certificate of this PKI is accepted`;
  complain(
    `Warning: ${state}; leave --host out to stay on 127.0.0.1, or add --exposed where that is intended (MTLS_FIXTURES_NOT_LOOPBACK)`,
  );
}

/** By the X509Certificate: `getPeerCertificate()` ends the process for a key on a curve that has no NIST name (measured on Node 24.21 and 26.10). */
function nameOf(socket: TLSSocket): string {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return 'client without certificate';
  try {
    return printable(inspectCertificate(certificate).commonName ?? 'client without a common name');
  } catch {
    return 'client with a certificate that cannot be read'; // any client may present one where none is verified
  }
}

function announce(
  { url }: ObservedServer,
  {
    pki,
    json,
    files,
  }: {
    readonly pki: Pki;
    readonly json: true | undefined;
    readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
  },
): void {
  const words = [['curl'], ['--cacert', files.ca], ['--cert', files.cert], ['--key', files.key], [url]];
  if (json) print(JSON.stringify({ url, pki: pki.name, ...files }));
  else print(`listening on ${url}; trusts clients of "${pki.name}". Try:\n\n  ${shellCommand(words, widthOf(process.stdout))}\n`);
}

/** The usual names, and the host it listens on where that is another. */
function namesFor(host: string, { permitted }: Pki): LeafOptions {
  if (['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost', ''].includes(host)) return {}; // an empty one is refused where the server starts
  const { dns, ip } = usualNames(permitted);
  return isIpAddress(host) ? { dns, ip: [...ip, host] } : { dns: [...dns, host], ip };
}
