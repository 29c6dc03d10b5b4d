import { once } from 'node:events';
import net from 'node:net';
import type { ObservedServer } from '../../src/index.ts';
import { sendClientFault } from '../../src/scenarios/index.ts';

/** What goes wrong with a client between its connection and the end of its handshake. */
export type BadClient = (server: ObservedServer) => Promise<unknown>;

/** By name; the one that stalls is the caller's to destroy. The last sends no octet. */
export const badClients: readonly (readonly [string, BadClient])[] = [
  ['resets after its ClientHello', (server) => sendClientFault(server, { kind: 'reset-after-client-hello' })],
  ['sends garbage', (server) => sendClientFault(server, { kind: 'garbage' })],
  ['speaks HTTP in the clear', (server) => sendClientFault(server, { kind: 'plaintext-http' })],
  ['vanishes within its ClientHello', (server) => sendClientFault(server, { kind: 'truncated-client-hello' })],
  ['vanishes after its ClientHello', (server) => sendClientFault(server, { kind: 'close-after-client-hello' })],
  ['sends garbage after its ClientHello', (server) => sendClientFault(server, { kind: 'random-bytes-after-hello' })],
  ['says nothing and leaves', (server) => sendClientFault(server, { kind: 'connect-and-close' })],
];

/** Connects, sends the beginning of a record at most, and then neither speaks nor leaves. */
export async function stall({ host, port }: ObservedServer, index: number): Promise<net.Socket> {
  const socket = net.connect({ host, port });
  socket.on('error', () => {});
  await once(socket, 'connect');
  if (speaks(index)) socket.write(Uint8Array.of(22, 3, 1, 2, 0, 1));
  return socket;
}

/** Whether the client that stalls sends anything. */
export function speaks(index: number): boolean {
  return index % 2 === 0;
}
