import { isIP } from 'node:net';
import type tls from 'node:tls';
import { after } from '../clock/real-clock.ts';
import type { Endpoint } from '../handshake/attempt-options.ts';
import { describeErrors } from '../handshake/handshake-failure.ts';
import { nodeTls } from '../handshake/node-tls.ts';
import { ObservedServer } from '../handshake/observed-server.ts';
import { recentHandshake } from '../handshake/recent-handshakes.ts';
import type { Handshake } from '../handshake/handshake.ts';
import type { Identity } from '../pki/identity.ts';
import type { TlsVersion } from './scenario.ts';

/** A server's address, and the name to ask it for. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
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
  /** Milliseconds until the client leaves. */
  readonly timeout: number;
}

/** How a call ended: with what was waited for, with the end of the connection, or with nothing until the bound. */
export type CallEnd<Value> = (
  | { readonly kind: 'came'; readonly value: Value }
  | { readonly kind: 'ended'; readonly words: string }
  | { readonly kind: 'silence' }
) & { readonly handshake?: Handshake };

/** Where a target is to be reached. */
export function addressOf(server: ObservedServer | Endpoint): ServerAddress {
  const { host, port } = server;
  const given = server instanceof ObservedServer ? 'localhost' : server.servername;
  return { host, port, servername: given ?? (isIP(host) === 0 ? host : 'localhost') };
}

/** Calls a server by node:tls, for what `attemptHandshake` does not do, until something comes of it. Never throws for what the server does. */
export async function callPlainly<Value>(
  { host, port, servername }: ServerAddress,
  { identity, trust, version, session, timeout }: PlainClientOptions,
  watch: (socket: tls.TLSSocket, came: (value: Value) => void) => void,
): Promise<CallEnd<Value>> {
  const socket = nodeTls().connect({
    host,
    port,
    servername,
    ca: trust,
    minVersion: version,
    maxVersion: version,
    ...(identity && { key: identity.keyPem, cert: identity.chainPem }),
    ...(session && { session }),
  });
  let words = 'end of stream, no error';
  let client: { readonly localPort: number; readonly remotePort: number } | undefined;
  socket.once('connect', () => {
    client = { localPort: socket.localPort ?? 0, remotePort: port };
  });
  const end = await new Promise<CallEnd<Value>>((resolve) => {
    const cancel = after(timeout, () => resolve({ kind: 'silence' }));
    socket.on('error', (error) => {
      words = describeErrors(error);
    });
    socket.on('close', () => {
      cancel();
      resolve({ kind: 'ended', words });
    });
    watch(socket, (value) => {
      cancel();
      resolve({ kind: 'came', value });
    });
  });
  leave(socket);
  const handshake = client && recentHandshake(client);
  return { ...end, ...(handshake && { handshake }) };
}

/** Says goodbye, and hangs up where the server does not answer. */
function leave(socket: tls.TLSSocket): void {
  if (socket.destroyed) return;
  socket.resume();
  socket.end();
  after(goodbyeMs, () => socket.destroy(), { unref: true });
}

const goodbyeMs = 500;
