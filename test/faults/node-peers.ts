import { once } from 'node:events';
import type net from 'node:net';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';
import { createPki } from '../../src/index.ts';
import type { FaultServer } from '../../src/scenarios/index.ts';

/** The PKI of these peers. */
export const pki = createPki({ name: 'faults' });
export const serverIdentity = pki.server();
export const clientIdentity = pki.client('alice');

export const versions = ['TLSv1.3', 'TLSv1.2'] as const;

/** The options that leave a peer one version. */
export function only(version: (typeof versions)[number]): { minVersion: typeof version; maxVersion: typeof version } {
  return { minVersion: version, maxVersion: version };
}

/** What a client of plain node:tls saw of one connection. */
export interface ClientView {
  readonly isSecured: boolean;
  /** The error's code. */
  readonly error?: string;
  readonly message?: string;
  /** Whether it saw the end of the stream. */
  readonly hasEnded: boolean;
  readonly data: string;
  /** The labels of its key log. */
  readonly secrets: readonly string[];
}

export const httpRequest = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/**
 * The same call at two servers that differ in their bound alone: what the client saw of the one whose bound is short, and whether the other's connection was open then,
 * so that it was the bound and nothing else that ended the first.
 */
export async function callUntilBound<View>(
  call: (server: Peer) => Promise<View>,
  { bounded, patient }: { readonly bounded: Peer; readonly patient: Pick<FaultServer, 'host' | 'port' | 'connections' | 'close'> },
): Promise<{ readonly view: View; readonly isPatientOpen: boolean }> {
  let isPatientOpen = true;
  const waiting = call(patient).finally(() => {
    isPatientOpen = false;
  });
  while (patient.connections === 0) await new Promise(setImmediate);
  const view = await call(bounded);
  const result = { view, isPatientOpen };
  await patient.close();
  await waiting;
  return result;
}

/** Where a server is to be reached. */
interface Peer {
  readonly host: string;
  readonly port: number;
}

/** A client of plain node:tls that sends a request once it is connected, until its connection is closed: by the server, or by itself once it has received `enough`. */
export async function callWithNode(
  { host, port }: Peer,
  options: tls.ConnectionOptions = {},
  request = httpRequest,
  enough?: string,
): Promise<ClientView> {
  const view = { isSecured: false, hasEnded: false, data: '', secrets: [] as string[] };
  const failure: { error?: string; message?: string } = {};
  const socket = tls.connect({ ...clientIdentity.tls, host, port, servername: 'localhost', ...options });
  socket.on('keylog', (line: Buffer) => view.secrets.push(line.toString().split(' ', 1)[0] ?? ''));
  socket.on('secureConnect', () => {
    view.isSecured = true;
    if (request !== '') socket.write(request);
  });
  socket.on('data', (chunk: Buffer) => {
    view.data += chunk.toString();
    if (view.data === enough) socket.end();
  });
  socket.on('end', () => (view.hasEnded = true));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    failure.error = error.code ?? error.message;
    failure.message = error.message;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return { ...view, ...failure };
}

/** A server of plain node:tls that requires clients of {@link pki} and answers once, and what it reported. */
export interface NodeServer {
  readonly host: string;
  readonly port: number;
  readonly reports: readonly string[];
  /** The next report: a code of tlsClientError, or `secureConnection`. */
  readonly nextReport: Promise<string>;
}

export async function startNodeServer(options: tls.TlsOptions = {}): Promise<NodeServer> {
  const reports: string[] = [];
  const next = Promise.withResolvers<string>();
  const report = (text: string): void => {
    reports.push(text);
    next.resolve(text);
  };
  const server = tls.createServer({ ...serverIdentity.serverTls, ...options }, (socket) => {
    report('secureConnection');
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end('answer'));
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException) => report(error.code ?? error.message));
  const port = await listening(server);
  return { host: '127.0.0.1', port, reports, nextReport: next.promise };
}

/** Listens on loopback until the test ends, and gives the port. */
export async function listening(server: net.Server): Promise<number> {
  const open = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  });
  return (server.address() as AddressInfo).port;
}
