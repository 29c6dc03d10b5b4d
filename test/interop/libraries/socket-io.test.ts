import https from 'node:https';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { describe } from 'vitest';
import { createPki, type Identity, type ObservedServer } from '../../../src/index.ts';
import { handshakeFailure } from '../../../src/handshake/verdict/client-errors/handshake-failure.ts';
import { expect, test } from '../../../src/vitest/index.ts';
import { listenObserved, type SuiteServerOptions, userOptions } from '../listen-observed.ts';
import type { CallMaterial } from '../node-clients.ts';
import { greetingFor } from './answering-servers.ts';
import { relayedFailure, testLibrary } from './library-suite.ts';

// engine.io keeps Node's error as the `error` of the event that is its `description`.
testLibrary('socket.io-client', {
  startServer: (options) => startSockets(options, (socket) => greetingFor(socket)),
  startFailingServer: (options) =>
    startSockets(options, () => {
      throw new Error(relayedFailure);
    }),
  call: ({ port }, material) => greeting({ port }, material, 'websocket'),
  refused: () => ({ name: 'Error', message: 'websocket error' }),
  refuses: () => ({ name: 'Error', message: 'websocket error' }),
});

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('socket.io-client that polls over %s, with a connection for each request,', (maxVersion) => {
  const past = new Date(Date.now() - 60_000);
  const pki = createPki();
  const poll = (server: ObservedServer, { tls }: Identity): Promise<string> => greeting(server, { ...tls, maxVersion }, 'polling');

  test('has the alert in its error', async () => {
    await using server = await startSockets({ identity: pki.server() }, () => 'hello');

    await expect(poll(server, pki.client())).resolves.toBe('hello');
    await expect(poll(server, pki.client('old', { notAfter: past }))).toFailHandshake({ by: 'server', alert: 'certificate_expired' });
    await expect(poll(server, createPki().client().trusting(pki))).toFailHandshake({ by: 'server', alert: 'unknown_ca' });
  });

  test('has its own reason in its error', async () => {
    await using control = await startSockets({ identity: pki.server() }, () => 'hello');
    await using server = await startSockets({ identity: pki.server({ notAfter: past }), trust: pki.anchors }, () => 'hello');

    await expect(poll(control, pki.client())).resolves.toBe('hello');
    await expect(poll(server, pki.client())).toFailHandshake({ by: 'client', reason: 'CERT_HAS_EXPIRED' });
  });
});

describe('what a namespace answers', () => {
  test('is not a handshake, whatever it says', async () => {
    const pki = createPki();
    await using server = await startSockets({ identity: pki.server() }, () => {
      throw new Error(relayedFailure);
    });

    const error: unknown = await greeting(server, pki.client().tls, 'websocket').catch((reason: unknown) => reason);

    expect(error).toMatchObject({ message: relayedFailure });
    expect(handshakeFailure(error)).toBeUndefined();
  });
});

function greeting(
  { port }: { readonly port: number },
  material: CallMaterial & { readonly maxVersion?: 'TLSv1.3' | 'TLSv1.2' },
  transport: 'websocket' | 'polling',
): Promise<string> {
  const socket = io(`https://localhost:${port}`, { ...material, transports: [transport], reconnection: false, forceNew: true });
  return new Promise<string>((resolve, reject) => {
    socket.on('greeting', resolve);
    socket.on('connect_error', reject);
  }).finally(() => socket.close());
}

async function startSockets(options: SuiteServerOptions, greet: (socket: object) => string): Promise<ObservedServer> {
  const web = https.createServer(userOptions(options));
  const sockets = new Server(web);
  sockets.use((socket, next) => {
    try {
      socket.data = greet(socket.request.socket);
      next();
    } catch (error) {
      next(error as Error); // what greet throws is one
    }
  });
  sockets.on('connection', (socket) => void socket.emit('greeting', socket.data));
  return listenObserved(web);
}
