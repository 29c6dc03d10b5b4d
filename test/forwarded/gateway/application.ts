import type http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Identity } from '../../../src/pki/identity.ts';
import type { ObservedServer } from '../../../src/handshake/server/observed-server.ts';

/** What an application received: its answers are the same as JSON. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly rawTrailers: readonly string[];
  readonly body: string;
}

/** An application that answers with what it received. */
export function mirror(request: http.IncomingMessage, response: http.ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method = '', url = '', rawHeaders, rawTrailers } = request;
    const received: Received = { method, url, rawHeaders, rawTrailers, body: Buffer.concat(chunks).toString() };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(received));
  });
}

/** The values of a header that an application received, one for each line, whatever its letter case. */
export function linesOf({ rawHeaders }: Pick<Received, 'rawHeaders'>, name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name.toLowerCase());
}

/** The names that an application received, in order. */
export function namesOf({ rawHeaders }: Pick<Received, 'rawHeaders'>): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 0);
}

/** Sends octets over TLS and resolves with all that came back before the connection ended. */
export function exchange(server: ObservedServer, identity: Identity | undefined, octets: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = tls.connect({ ...server.clientOptions(identity), ALPNProtocols: ['http/1.1'] });
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => {}); // what came before it counts
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.write(octets, 'latin1');
  });
}

/** The JSON in the bodies of answers that came one after another. */
export function answersIn(octets: string): Received[] {
  return [...octets.matchAll(/\{"method".*?\}(?=\r?\n|HTTP\/1|$)/gsu)].map(([json]) => JSON.parse(json) as Received);
}

/** A server that answers each connection with these octets, once it has been asked, and ends it; its port. */
export async function answering(octets: string): Promise<number> {
  const net = process.getBuiltinModule('node:net');
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => socket.end(octets));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
