import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Pki } from '../../../src/index.ts';
import type { ByLines } from './correct-identities.ts';
import { Malformed, type RequestLines } from './reading/header-lines.ts';

/** What a proxy makes of a request: its lines, name and value in turn, with those by which it names its client; of a client without certificate none. */
export type Forward = (request: IncomingMessage, own: readonly string[]) => readonly string[];

/** Proxy and application in one: TLS ends here, and the application sees the lines alone. It knows its clients by Caddy's header. */
export function proxied({
  pki,
  forward,
  identify,
}: {
  readonly pki: Pki;
  readonly forward: Forward;
  readonly identify: ByLines;
}): https.Server {
  const { keyPem, chainPem } = pki.server();
  const options = { key: keyPem, cert: chainPem, ca: pki.anchors, requestCert: true, rejectUnauthorized: false };
  return https.createServer(options, (request, response) => {
    request.resume().on('end', () => {
      response.statusCode = statusOf(identify, { rawHeaders: [...forward(request, ownLines(request))] });
      response.end();
    });
  });
}

/** The header by which the proxy names its client. */
export const header = 'X-Client-Cert';

function ownLines({ socket }: IncomingMessage): readonly string[] {
  const { authorized } = socket as TLSSocket; // of an https server
  const certificate = authorized ? (socket as TLSSocket).getPeerX509Certificate() : undefined;
  return certificate ? [header, certificate.raw.toString('base64')] : [];
}

function statusOf(identify: ByLines, lines: RequestLines): number {
  try {
    return identify(lines) === 'client' ? 200 : 403;
  } catch (error) {
    if (error instanceof Malformed) return 400;
    throw error;
  }
}
