import os from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { MtlsFixturesError, writeError } from '../../errors/index.ts';
import { printable } from '../../errors/printable.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import type { ObservedServer } from '../../handshake/server/observed-server.ts';
import { startHttpsServer } from '../../handshake/server/start-server.ts';
import { isIpAddress, isLoopback } from '../../net/addresses.ts';
import type { LeafOptions } from '../../pki/leaf-options.ts';
import { usualNames } from '../../pki/permitted.ts';
import { createPki, type Pki } from '../../pki/pki.ts';
import { type IdentityFiles, writeFiles } from '../../pki/files/write-files.ts';
import { inspectCertificate } from '../../x509/inspect-certificate.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { handshakeJson, handshakeLine } from '../output/handshake-line.ts';
import { complain } from '../output/report-failure.ts';
import { shellCommand } from '../output/shell-command.ts';
import { print, printWords, widthOf } from '../output/terminal.ts';
import { readPkiFolder } from './pki-folder.ts';

/** Options of `mtls-fixtures serve`. */
export interface ServeOptions {
  readonly pki?: string;
  readonly port?: number;
  readonly host: string;
  readonly exposed?: true;
  readonly clientAuth: 'require' | 'request' | 'none';
  readonly count?: number;
  readonly explain?: true;
  readonly json?: true;
}

/** Serves HTTPS on loopback unless told otherwise and prints each handshake, until interrupted or until there were `count`. Temporary files are gone afterwards. */
export async function serve(options: ServeOptions): Promise<ExitCode> {
  const { pki: directory, port, host, exposed, clientAuth, json } = options;
  const pki = directory === undefined ? createPki() : readPkiFolder(directory);
  const server = await startHttpsServer(
    (request, response) => {
      response.end(`hello ${nameOf(request.socket as TLSSocket)}\n`); // an HTTPS server has no others
    },
    {
      identity: pki.server(namesFor(host, pki)),
      host,
      clientAuth,
      exposed: true, // the warning of the command names its own option
      ...(port !== undefined && { port }),
    },
  );
  let temporary: IdentityFiles | undefined;
  // Node 22 does not know `using`.
  try {
    if (exposed !== true && isExposed([host, server.host])) warnOfExposure(host);
    temporary = directory === undefined ? writeClient(pki) : undefined;
    const fileOf = (name: string): string => path.join(directory ?? '', name);
    const { ca = fileOf('ca.pem'), cert = fileOf('client/cert.pem'), key = fileOf('client/key.pem') } = temporary ?? {};
    announce(server, { pki, json, files: { ca, cert, key } });
    await report(server, options);
  } finally {
    temporary?.remove();
    await server.close();
  }
  return exitCodes.asExpected;
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

async function report(
  server: ObservedServer,
  { count = Number.POSITIVE_INFINITY, explain, json }: Pick<ServeOptions, 'count' | 'explain' | 'json'>,
): Promise<void> {
  let isOver = false;
  const interruption = new Promise<undefined>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(undefined));
  });
  try {
    for (let seen = 0; seen < count; seen += 1) {
      const handshake = await Promise.race([nextHandshake(server, () => isOver), interruption]);
      if (!handshake) return;
      if (json) print(handshakeJson(handshake));
      else printWords(explain ? `${handshake.explain()}\n` : handshakeLine(handshake));
    }
  } finally {
    isOver = true;
  }
}

/** Waits without a limit, and checks at intervals whether the command is over. */
async function nextHandshake(server: ObservedServer, isOver: () => boolean): Promise<Handshake | undefined> {
  while (!isOver()) {
    try {
      return await server.nextHandshake({ timeout: pollInterval });
    } catch (error) {
      if (!(error instanceof MtlsFixturesError && error.code === 'NO_HANDSHAKE')) throw error;
    }
  }
  return undefined;
}

/** Milliseconds: how long the command goes on after its interruption at most. */
const pollInterval = 300;

/** The usual names, and the host it listens on where that is another. */
function namesFor(host: string, { permitted }: Pki): LeafOptions {
  if (['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost', ''].includes(host)) return {}; // an empty one is refused where the server starts
  const { dns, ip } = usualNames(permitted);
  return isIpAddress(host) ? { dns, ip: [...ip, host] } : { dns: [...dns, host], ip };
}
