import type { Handshake } from '../handshake.ts';

/** The client's end of a TCP connection, as client libraries put it into their errors (undici's `error.socket`). */
export interface ClientSocket {
  readonly localPort: number;
  readonly remotePort: number;
}

/** Remembers what a connection to an observed server of this process came to; the last {@link remembered} are kept. */
export function rememberHandshake(client: ClientSocket, handshake: Handshake): void {
  const key = keyOf(client);
  recent.delete(key); // a port that was used again moves to the end
  recent.set(key, handshake);
  if (recent.size <= remembered) return;
  const [oldest] = recent.keys();
  if (oldest !== undefined) recent.delete(oldest);
}

/** The handshake of exactly this connection, where an observed server of this process took it. */
export function recentHandshake(client: ClientSocket): Handshake | undefined {
  return recent.get(keyOf(client));
}

function keyOf({ localPort, remotePort }: ClientSocket): string {
  return `${localPort}>${remotePort}`;
}

const remembered = 256;
const recent = new Map<string, Handshake>();
