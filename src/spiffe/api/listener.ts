import { chmodSync, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { MtlsFixturesError } from '../../errors/index.ts';
import { listen } from '../../net/listen.ts';
import type { ListenTarget } from './workload-api-options.ts';

/** Where a Workload API listens. */
export interface Listener {
  /** The value of SPIFFE_ENDPOINT_SOCKET (Workload Endpoint 4). */
  readonly address: string;
  /** Ends every connection, releases the port or removes the socket. */
  close(): Promise<void>;
}

/** Listens, for connections that are handed on. Throws `PORT_IN_USE` and `SOCKET_IN_USE`. */
export async function openListener(target: ListenTarget, onConnection: (connection: net.Socket) => void): Promise<Listener> {
  const connections = new Set<net.Socket>();
  const server = net.createServer((connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    connection.on('error', () => {}); // a client that leaves concerns no other
    onConnection(connection);
  });
  const { address, remove } = await bind(server, target);
  server.on('error', () => {}); // as above: a connection that could not be accepted
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          remove();
          resolve(); // an error says that it was closed before
        });
        for (const connection of connections) connection.destroy();
      }),
  };
}

async function bind(
  server: net.Server,
  { socket, port }: ListenTarget,
): Promise<{ readonly address: string; readonly remove: () => void }> {
  if (port !== undefined || (socket === undefined && process.platform === 'win32')) {
    await listen(server, { host: '127.0.0.1', port: port ?? 0 });
    const { port: bound } = server.address() as AddressInfo; // of a TCP server
    return { address: `tcp://127.0.0.1:${bound}`, remove: () => {} };
  }
  const folder = socket === undefined ? mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-spiffe-')) : undefined;
  const remove = (): void => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const place = socket ?? path.join(folder ?? '', 'api.sock');
    await removeStale(place);
    await listenOnSocket(server, place);
    return { address: `unix://${place}`, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** A socket outlives the process that was killed; one at which a server answers, and anything that is not a socket, is left alone. */
async function removeStale(place: string): Promise<void> {
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isSocket()) throw inUse(place, 'a file that is not a socket is there');
  if (await isAnswered(place)) throw inUse(place, 'another server listens there');
  rmSync(place, { force: true });
}

function isAnswered(place: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = net.connect(place);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
  });
}

/** For this user alone, from when it is there: its mode comes from the process's umask, which a worker thread cannot set. */
function listenOnSocket(server: net.Server, place: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(inUse(place, cause.code ?? cause.message, cause)));
    const before = setUmask(0o177);
    server.listen({ path: place, backlog }); // a unix socket refuses at once what does not fit
    if (before !== undefined) process.umask(before);
    server.once('listening', () => {
      chmodSync(place, 0o600);
      resolve();
    });
  });
}

function setUmask(mask: number): number | undefined {
  try {
    return process.umask(mask);
  } catch {
    return undefined; // ERR_WORKER_UNSUPPORTED_OPERATION: chmod follows
  }
}

function inUse(place: string, problem: string, cause?: unknown): MtlsFixturesError {
  return new MtlsFixturesError('SOCKET_IN_USE', { path: place, problem }, cause === undefined ? undefined : { cause });
}

/** A thousand watchers may connect in one turn; Linux allows as many as net.core.somaxconn, 4096. */
const backlog = 4096;
