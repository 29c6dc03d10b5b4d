import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { credentials, Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { describe, onTestFinished } from 'vitest';
import { createPki, startHttp2Server, startTlsServer } from '../../../src/index.ts';
import { expect, test } from '../../../src/vitest/index.ts';
import type { CallMaterial } from '../node-clients.ts';
import { greeter, GreeterClient } from './grpc-service.ts';

const pki = createPki({ name: 'grpc' });
const good = pki.client('alice').tls;
const old = pki.client('old', { notAfter: new Date(Date.now() - 60_000) }).tls;

/** How a call is made. */
interface CallOptions {
  readonly waitForReady?: boolean;
  readonly deadline?: number;
  /** Canceled as soon as this has happened. */
  readonly until?: () => Promise<unknown>;
}

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('what the statuses of grpc-js say of a call, over %s', (version) => {
  const versions = { minVersion: version, maxVersion: version } as const;

  test('UNAVAILABLE of a client that is refused has the alert, with a deadline too', async () => {
    await using server = await startService(versions);

    await expect(call(server.port, good)).resolves.toBe('hello');
    await expect(call(server.port, old)).toFailHandshake({ by: 'server', alert: 'certificate_expired' });
    await expect(call(server.port, old, { deadline: 20_000 })).toFailHandshake({ by: 'server', alert: 'certificate_expired' });
  });

  test('UNAVAILABLE without an alert says that the connection was cut', async () => {
    await using server = await startService({ ...versions, rejection: 'silent' });

    await expect(call(server.port, good)).resolves.toBe('hello');
    await says(call(server.port, old), status.UNAVAILABLE, /the connection was cut without an alert/u);
  });

  test('DEADLINE_EXCEEDED of a call that waits for a connection says how to get the reason', async () => {
    await using server = await startService(versions);
    const waiting = { waitForReady: true, deadline: 1500 };

    await expect(call(server.port, good, { waitForReady: true, deadline: 20_000 })).resolves.toBe('hello');
    await says(call(server.port, old, waiting), status.DEADLINE_EXCEEDED, /channel had no connection.*call without waitForReady/u);
  });

  test('CANCELLED is the own side', async () => {
    await using server = await startService(versions);
    const refused = server.nextHandshake();

    await says(call(server.port, old, { waitForReady: true, until: () => refused }), status.CANCELLED, /canceled by its own side/u);
    expect(await refused).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED' });
  });

  test.for([
    ['a status of HTTP', status.PERMISSION_DENIED, 'status', /the server answered with status 7/u],
    ['a stream that is reset', status.INTERNAL, 'reset', /handshake had completed/u],
    ['a connection that is cut', status.UNAVAILABLE, 'cut', /cut without an alert/u],
  ] as const)('%s after the handshake is not a refusal', async ([, code, what, words]) => {
    await using server = await startHttp2Server(() => {}, { pki, ...versions });
    server.server.on('stream', (stream: http2.ServerHttp2Stream) => {
      stream.on('error', () => {});
      if (what === 'status') stream.respond({ ':status': 403 }, { endStream: true });
      else if (what === 'reset') stream.close(http2.constants.NGHTTP2_PROTOCOL_ERROR);
      else stream.session?.destroy();
    });

    await says(call(server.port, good), code, words);
    expect(await server.nextHandshake()).toBeAccepted();
  });

  test('UNAVAILABLE of a server of another protocol says so', async () => {
    await using server = await startTlsServer({
      pki,
      ...versions,
      ALPNProtocols: ['h2'],
      onConnection: (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    });

    await says(call(server.port, good), status.UNAVAILABLE, /do not speak the same protocol/u);
  });

  test('an application that answers with a status has completed the handshake', async () => {
    await using server = await startService(versions, status.UNAUTHENTICATED);

    await says(call(server.port, good), status.UNAUTHENTICATED, /the server answered with status 16/u);
    expect(await server.nextHandshake()).toBeAccepted();
  });
});

test('a server that is down, and one that is silent, are not refusals', async () => {
  const silent = net.createServer();
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as net.AddressInfo; // it listens on TCP

  await says(call(port, good, { deadline: 500 }), status.DEADLINE_EXCEEDED, /channel had no connection/u);

  silent.close();
  await says(call(port, good), status.UNAVAILABLE, /no connection was made/u);
});

async function says(calling: Promise<unknown>, code: status, words: RegExp): Promise<void> {
  await expect(calling).rejects.toMatchObject({ code });
  await expect(expect(calling).toFailHandshake()).rejects.toThrow(words);
}

function startService(options: object, failure?: status): ReturnType<typeof startTlsServer> {
  const service = new Server();
  service.addService(greeter, {
    hello: (_call: unknown, reply: (error: object | null, answer?: Buffer) => void) =>
      failure === undefined ? reply(null, Buffer.from('hello')) : reply({ code: failure, details: 'no token' }),
  });
  const injector = service.createConnectionInjector(ServerCredentials.createInsecure());
  onTestFinished(() => service.forceShutdown());
  return startTlsServer({ pki, ALPNProtocols: ['h2'], ...options, onConnection: (socket) => injector.injectConnection(socket) });
}

function call(port: number, { ca, key, cert }: CallMaterial, { waitForReady = false, deadline, until }: CallOptions = {}): Promise<string> {
  const client = new GreeterClient(`localhost:${port}`, credentials.createFromSecureContext(tls.createSecureContext({ ca, key, cert })));
  onTestFinished(() => client.close());
  return new Promise((resolve, reject) => {
    const options = deadline === undefined ? {} : { deadline: Date.now() + deadline };
    const done = (error: Error | null, answer: Buffer): void => (error ? reject(error) : resolve(answer.toString()));
    const pending: { cancel(): void } = client['hello']?.(Buffer.from('hello'), new Metadata({ waitForReady }), options, done);
    void until?.().then(() => pending.cancel());
  });
}
