import type { Handshake } from '../../../handshake/verdict/handshake.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import type { ServerOptions } from '../../../handshake/server/server-options.ts';
import { startHttp2Server } from '../../../handshake/server/start-server.ts';
import type { Pki } from '../../../pki/pki.ts';
import type { ArrangedCredential, TlsVersion } from '../../catalogue/scenario.ts';
import type { PeerToCall } from '../target.ts';
import { handlerOf, type Respond } from './respond.ts';
import { needsServername } from './needs-servername.ts';

/** Starts the server that a client under test is to call: `startTlsServer`, or a function of the user's for another protocol. */
export type StartPeer = (options: ServerOptions) => Promise<ObservedServer>;

/** A server with the credential of a scenario, for a client under test to call. */
export interface CalledPeer {
  readonly call: PeerToCall;
  /** Its connections, once they are judged; waits for one that is under way unless told otherwise. */
  handshakes(options?: { readonly wait?: boolean }): Promise<readonly Handshake[]>;
  close(): Promise<void>;
}

/**
 * Starts it. Every client is accepted, so that a client that trusts the server gets an answer: a refusal can only be the client's own. HTTP/2 and
 * HTTP/1.1 by ALPN unless `startPeer` says otherwise.
 */
export async function startPeer(
  { identity, certificateMessage, ciphers, host, spelling = host, trust, crl }: ArrangedCredential,
  {
    pki,
    version,
    start,
    respond,
    options,
  }: {
    readonly pki: Pki;
    readonly version: TlsVersion;
    readonly start?: StartPeer | undefined;
    readonly respond?: Respond | undefined;
    /** What is unusual about the server. */
    readonly options?: Partial<ServerOptions>;
  },
): Promise<CalledPeer> {
  const server = await (start ?? webServer(respond))({
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
  const address = host === '127.0.0.1' ? spelling : 'localhost';
  const { port } = server;
  return {
    call: {
      url: `https://${address}:${port}/`,
      host: address,
      port,
      tls: { ...tls, ca: trust, ...(needsServername({ host }) && { servername: spelling }), ...(crl && { crl: [...crl] }) },
    },
    handshakes: async ({ wait = true } = {}) => (wait ? judgedHandshakes(server) : server.handshakes),
    close: () => server.close(),
  };
}

/** A connection that is still under way is given a moment to be judged. */
async function judgedHandshakes(server: ObservedServer): Promise<readonly Handshake[]> {
  if (server.handshakes.length === 0) await server.nextHandshake({ timeout: judgementMs }).catch(() => undefined); // none came: the list says so
  return server.handshakes;
}

function webServer(respond: Respond | undefined): StartPeer {
  return (options) => startHttp2Server(handlerOf(respond), { ...options, allowHTTP1: true });
}

/** Only a call that reached no server waits for all of it: on a busy machine a connection was judged after more than a second (measured). */
const judgementMs = 3000;
