import { monotonicNow } from '../../../clock/real-clock.ts';
import type { Handshake } from '../../../handshake/verdict/handshake.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import type { ServerOptions } from '../../../handshake/server/server-options.ts';
import { type Http2Handler, startHttp2Server } from '../../../handshake/server/start-server.ts';
import type { Pki } from '../../../pki/pki.ts';
import type { ArrangedCredential, TlsVersion } from '../../catalogue/scenario.ts';
import type { PeerToCall } from '../target.ts';
import { handlerOf, type Respond } from './respond.ts';
import { needsServername } from './needs-servername.ts';

/** Starts the server that a client under test is to call: `startTlsServer`, or a function of the user's for another protocol. */
export type StartPeer = (options: ServerOptions) => Promise<ObservedServer>;

/** Is told of a request, by what stands for its connection. */
export type OnRequest = (connection: object) => void;

/** A server with the credential of a scenario, for a client under test to call. */
export interface CalledPeer {
  readonly call: PeerToCall;
  readonly server: ObservedServer;
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
    onRequest,
  }: {
    readonly pki: Pki;
    readonly version: TlsVersion;
    readonly start?: StartPeer | undefined;
    readonly respond?: Respond | undefined;
    /** What is unusual about the server. */
    readonly options?: Partial<ServerOptions>;
    /** Told of each request, where `start` is not given. */
    readonly onRequest?: OnRequest;
  },
): Promise<CalledPeer> {
  const server = await (start ?? webServer(respond, onRequest))({
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
      call: 1,
    },
    server,
    handshakes: ({ wait = true } = {}) => judgedHandshakes(server, { wait, since: 0 }),
    close: () => server.close(),
  };
}

/** The connections that began at a time or later. One that is still under way is given a moment to be judged. */
export async function judgedHandshakes(
  server: ObservedServer,
  { wait, since }: { readonly wait: boolean; readonly since: number },
): Promise<readonly Handshake[]> {
  const begun = (): readonly Handshake[] => server.handshakes.filter(({ startedAt }) => startedAt.getTime() >= since);
  if (!wait) return begun();
  const end = monotonicNow() + judgementMs;
  for (let left = judgementMs; left > 0 && begun().length === 0; left = end - monotonicNow())
    if (!(await server.nextHandshake({ timeout: left }).catch(() => undefined))) break; // none came: the list says so
  return begun();
}

function webServer(respond: Respond | undefined, onRequest?: OnRequest): StartPeer {
  const answer = handlerOf(respond);
  const handler: Http2Handler = (request, response) => {
    onRequest?.(connectionOf(request));
    answer(request, response);
  };
  return (options) => startHttp2Server(onRequest ? handler : answer, { ...options, allowHTTP1: true });
}

/** What all requests of one connection have in common: the session of HTTP/2, or the socket of HTTP/1.1, whose requests have no stream. */
function connectionOf({
  stream,
  socket,
}: {
  readonly stream?: { readonly session?: object | undefined };
  readonly socket: object;
}): object {
  return stream?.session ?? socket;
}

/** Only a call that reached no server waits for all of it: on a busy machine a connection was judged after more than a second (measured). */
const judgementMs = 3000;
