import type tls from 'node:tls';
import { after, monotonicNow } from '../../../clock/real-clock.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import { makePeerCertificateSafe } from '../../../handshake/attempt/peer-certificate.ts';
import { describeErrors } from '../../../handshake/verdict/client-errors/handshake-failure.ts';
import { nodeTls } from '../../../options/engine.ts';
import { isObservedServer } from '../../../handshake/server/observed-node-server.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { recentHandshake } from '../../../handshake/verdict/client-errors/recent-handshakes.ts';
import { connectPeer } from '../../../handshake/attempt/tcp-connection.ts';
import type { Handshake } from '../../../handshake/verdict/handshake.ts';
import { servernameFor } from '../../../net/addresses.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { StarttlsProtocol } from '../../../wire/starttls/negotiate-starttls.ts';
import type { TlsVersion } from '../../catalogue/scenario.ts';
import type { Pkis } from '../run-settings.ts';

/** A server's address, the name to ask it for, and how TLS begins there. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  readonly starttls?: StarttlsProtocol;
}

/** How to call a server. */
export interface PlainClientOptions {
  /** Absent: no client certificate is presented. */
  readonly identity?: Identity | undefined;
  /** PEM of the anchors that vouch for the server. */
  readonly trust: string;
  readonly version: TlsVersion;
  /** A session to resume. */
  readonly session?: Buffer;
  /** The application protocol to offer; default none. */
  readonly alpn?: string;
  /** Milliseconds until the client leaves, STARTTLS included. */
  readonly timeout: number;
}

/** How a call ended: with what was waited for, with the end of the connection, or with nothing until the bound. */
export type CallEnd<Value> = (
  | { readonly kind: 'came'; readonly value: Value }
  | { readonly kind: 'ended'; readonly words: string }
  | { readonly kind: 'silence'; readonly milliseconds: number }
) & { readonly handshake?: Handshake };

/** What a caller reports of its call. */
export interface CallWatch<Value> {
  /** What was waited for. */
  readonly came: (value: Value) => void;
  /** It will not come. */
  readonly ended: (words: string) => void;
}

/** Where a target is to be reached, and by the name of which of its hosts. */
export function addressOf(server: ObservedServer | Endpoint, asked: Pick<Pkis, 'servername'>): ServerAddress {
  const { host, port } = server;
  if (isObservedServer(server)) return { host, port, servername: asked.servername ?? 'localhost' };
  const { starttls } = server;
  const servername = asked.servername ?? server.servername ?? servernameFor(host);
  return { host, port, servername, ...(starttls !== undefined && { starttls }) };
}

/** Calls a server by node:tls, for what `attemptHandshake` does not do, until something comes of it. Throws only where a server of STARTTLS is not there, or does not begin TLS. */
export async function callPlainly<Value>(
  { host, port, servername, starttls }: ServerAddress,
  { identity, trust, version, session, alpn, timeout }: PlainClientOptions,
  watch: (socket: tls.TLSSocket, call: CallWatch<Value>) => void,
): Promise<CallEnd<Value>> {
  const startedAt = monotonicNow();
  const raw = starttls && (await connectPeer({ host, port, starttls, timeout }));
  const socket = nodeTls().connect({
    ...(raw ? { socket: raw } : { host, port }),
    servername,
    ca: trust,
    minVersion: version,
    maxVersion: version,
    ...(identity && { key: identity.keyPem, cert: identity.chainPem }),
    ...(session && { session }),
    ...(alpn !== undefined && { ALPNProtocols: [alpn] }),
  });
  makePeerCertificateSafe(socket);
  let words = 'end of stream, no error';
  let client = raw && { localPort: raw.localPort ?? 0, remotePort: port };
  socket.once('connect', () => {
    client = { localPort: socket.localPort ?? 0, remotePort: port };
  });
  const end = await new Promise<CallEnd<Value>>((resolve) => {
    const left = Math.max(1, timeout - (monotonicNow() - startedAt));
    const cancel = after(left, () => resolve({ kind: 'silence', milliseconds: timeout }));
    const settle = (result: CallEnd<Value>): void => {
      cancel();
      resolve(result);
    };
    socket.on('error', (error) => {
      words = describeErrors(error);
    });
    socket.on('close', () => settle({ kind: 'ended', words }));
    watch(socket, { came: (value) => settle({ kind: 'came', value }), ended: (seen) => settle({ kind: 'ended', words: seen }) });
  });
  leave(socket);
  const handshake = client && recentHandshake(client);
  return { ...end, ...(handshake && { handshake }) };
}

/** Sends close_notify, and destroys the socket where the server does not answer. */
function leave(socket: tls.TLSSocket): void {
  if (socket.destroyed) return;
  socket.resume();
  socket.end();
  after(closeNotifyMs, () => socket.destroy(), { unref: true });
}

const closeNotifyMs = 500;
