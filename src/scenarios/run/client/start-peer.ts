import type { Handshake } from '../../../handshake/verdict/handshake.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import type { ServerOptions } from '../../../handshake/server/server-options.ts';
import { type Http2Handler, startHttp2Server } from '../../../handshake/server/start-server.ts';
import type { Pki } from '../../../pki/pki.ts';
import type { ArrangedCredential, TlsVersion } from '../../catalogue/scenario.ts';
import type { PeerToCall } from '../target.ts';

/** Starts the server that a client under test is to call: `startTlsServer`, or a function of the user's for another protocol. */
export type StartPeer = (options: ServerOptions) => Promise<ObservedServer>;

/** A server with the credential of a scenario, for a client under test to call. */
export interface CalledPeer {
  readonly call: PeerToCall;
  /** Its connections, once they are judged; waits for one that is under way. */
  handshakes(): Promise<readonly Handshake[]>;
  close(): Promise<void>;
}

/**
 * Starts it. Every client is accepted, so that a client that trusts the server gets an answer: a refusal can only be the client's own. HTTP/2 and
 * HTTP/1.1 by ALPN unless `startPeer` says otherwise.
 */
export async function startPeer(
  { identity, certificateMessage, ciphers, host, trust, crl }: ArrangedCredential,
  {
    pki,
    version,
    start = startWebServer,
    options,
  }: {
    readonly pki: Pki;
    readonly version: TlsVersion;
    readonly start?: StartPeer | undefined;
    /** What is unusual about the server. */
    readonly options?: Partial<ServerOptions>;
  },
): Promise<CalledPeer> {
  const server = await start({
    identity,
    trust: pki.anchors,
    clientAuth: 'request',
    minVersion: version,
    maxVersion: version,
    ...(certificateMessage && { certificateMessage }),
    ...(ciphers !== undefined && { ciphers }),
    ...options,
  });
  const { tls } = pki.client();
  const address = host === '127.0.0.1' ? host : 'localhost';
  const { port } = server;
  return {
    call: {
      url: `https://${address}:${port}/`,
      host: address,
      port,
      tls: { ...tls, ca: trust, ...(host !== address && { servername: host }), ...(crl && { crl: [...crl] }) },
    },
    handshakes: () => judgedHandshakes(server),
    close: () => server.close(),
  };
}

/** A connection that is still under way is given a moment to be judged. */
async function judgedHandshakes(server: ObservedServer): Promise<readonly Handshake[]> {
  if (server.handshakes.length === 0) await server.nextHandshake({ timeout: judgementMs }).catch(() => undefined); // none came: the list says so
  return server.handshakes;
}

function startWebServer(options: ServerOptions): Promise<ObservedServer> {
  return startHttp2Server(answer, { ...options, allowHTTP1: true });
}

/** The same few members serve HTTP/1.1 and the compatibility API of HTTP/2. */
const answer: Http2Handler = (request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.end('ok\n');
};

/** Only a call that reached no server waits for all of it: on a busy machine a connection was judged after more than a second (measured). */
const judgementMs = 3000;
