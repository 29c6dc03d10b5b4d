import type { Handshake } from '../handshake.ts';
import type { Recorded } from '../lazy-handshake.ts';

/** The client's end of a TCP connection, as client libraries put it into their errors (undici's `error.socket`). */
export interface ClientSocket {
  readonly localPort: number;
  readonly remotePort: number;
}

/** Remembers what a connection to an observed server of this process came to; the last {@link remembered} are kept. */
export function rememberHandshake(client: ClientSocket, recorded: Recorded): void {
  recent[next] = { key: keyOf(client), recorded };
  next = (next + 1) % remembered;
}

/** The handshake of exactly this connection, where an observed server of this process took it. */
export function recentHandshake(client: ClientSocket): Handshake | undefined {
  const key = keyOf(client);
  const isOfClient = (entry: Recent): boolean => entry.key === key;
  const found = recent.slice(0, next).findLast(isOfClient) ?? recent.slice(next).findLast(isOfClient); // the newest: a port may be used again
  return found?.recorded.handshake;
}

interface Recent {
  readonly key: number;
  readonly recorded: Recorded;
}

function keyOf({ localPort, remotePort }: ClientSocket): number {
  return localPort * portCount + remotePort;
}

const portCount = 65_536;
const remembered = 256;
/** A ring: the place of the oldest is written next. */
const recent: Recent[] = [];
let next = 0;
