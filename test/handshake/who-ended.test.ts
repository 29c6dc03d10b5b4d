import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { attemptHandshake } from '../../src/index.ts';
import { client, connectAndWait, echoServer, observed, pki } from './user-server.ts';

const kinds = {
  tls: (options: tls.TlsOptions = {}): tls.Server => echoServer(options),
  https: (options: tls.TlsOptions = {}): tls.Server => https.createServer({ ...pki.server().serverTls, ...options }),
  http2: (options: tls.TlsOptions = {}): tls.Server => http2.createSecureServer({ ...pki.server().serverTls, ...options }),
} as const;
const names = ['tls', 'https', 'http2'] as const;
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const alpn = { tls: [], https: ['http/1.1'], http2: ['h2'] } as const;

describe("a server whose own code ends a connection before the handshake, by the connection's", () => {
  const ends = [
    ['end()', (socket: net.Socket) => socket.end(), undefined],
    ['destroy()', (socket: net.Socket) => socket.destroy(), undefined],
    ['destroySoon()', (socket: net.Socket) => socket.destroySoon(), undefined],
    ['destroy(error)', (socket: net.Socket) => socket.destroy(new Error('not on the list')), 'not on the list'],
  ] as const;

  test.for(names.flatMap((kind) => ends.map(([how, end, words]) => [how, end, words, kind] as const)))(
    '%s, has refused the client',
    async ([, end, words, kind]) => {
      const own = kinds[kind]();
      own.on('tlsClientError', () => {});
      own.on('connection', (socket) => void end(socket.on('error', () => {})));
      const server = await observed(own);

      const attempt = await attemptHandshake(server, { identity: client });
      await connectAndWait(server, client.tls, () => {});

      expect(attempt).toBeRejected({ by: 'server', reason: 'DESTROYED_BY_SERVER' });
      expect(attempt.detail ?? '').toContain(words ?? '');
      expect(await server.nextHandshake()).toBe(attempt);
      expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'DESTROYED_BY_SERVER' });
    },
  );
});

test.for(names.flatMap((kind) => (['end', 'destroy'] as const).map((method) => [kind, method] as const)))(
  '%s: a server that calls %s() in a listener before its own has refused the client',
  async ([kind, method]) => {
    const own = kinds[kind]();
    own.on('tlsClientError', () => {});
    own.prependListener('connection', (socket) => void socket.on('error', () => {})[method]());
    const server = await observed(own);

    await connectAndWait(server, client.tls, () => {});

    expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'DESTROYED_BY_SERVER' });
  },
);

test.for(names)('%s: a server whose own code resets a connection before the handshake has refused the client', async (kind) => {
  const own = kinds[kind]();
  own.on('connection', (socket) => void socket.resetAndDestroy());
  const server = await observed(own);

  await connectAndWait(server, client.tls, () => {});

  expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'DESTROYED_BY_SERVER' });
});

test.for(names)('%s: a server whose own code resets a connection within the handshake has refused the client', async (kind) => {
  const own = kinds[kind]({
    SNICallback(this: tls.TLSSocket) {
      raw?.resetAndDestroy();
    },
  });
  let raw: net.Socket | undefined;
  own.on('tlsClientError', () => {});
  own.on('connection', (socket) => void (raw = socket));
  const server = await observed(own);

  const attempt = await attemptHandshake(server, { identity: client });
  await connectAndWait(server, client.tls, () => {});

  expect(attempt).toBeRejected({ by: 'server', reason: 'DESTROYED_BY_SERVER' });
  expect(await server.nextHandshake()).toBe(attempt);
  expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'DESTROYED_BY_SERVER' });
});

describe('a server whose own code ends a connection within the handshake, by an error of its', () => {
  const callbacks = [
    [
      'SNICallback',
      { SNICallback: (_name: string, callback: (error: Error) => void) => callback(new Error('no such tenant')) },
      'no such tenant',
    ],
    [
      'ALPNCallback',
      {
        ALPNCallback: (): string => {
          throw new Error('no such protocol');
        },
      },
      'no such protocol',
    ],
  ] as const;

  test.for(versions.flatMap((version) => callbacks.map(([name, options, words]) => [name, options, words, version] as const)))(
    '%s, has refused the client',
    async ([, options, words, maxVersion]) => {
      const server = await observed(kinds.tls(options));
      await connectAndWait(server, { ...client.tls, maxVersion, ALPNProtocols: ['echo'] }, () => {});

      const record = await server.nextHandshake();

      expect(record).toBeRejected({ by: 'server' });
      expect(`${record.reason} ${record.detail}`).toContain(words);
    },
  );
});

describe('a server whose own code ends the connection after the handshake had accepted the client', () => {
  const ends = [
    ['end()', (socket: tls.TLSSocket) => socket.end(), ''],
    ['destroy()', (socket: tls.TLSSocket) => socket.destroy(), ''],
    ['destroy(error)', (socket: tls.TLSSocket) => socket.on('error', () => {}).destroy(new Error('maintenance')), 'maintenance'],
  ] as const;

  test.for(
    names.flatMap((kind) => versions.flatMap((version) => ends.map(([how, end, words]) => [kind, version, how, end, words] as const))),
  )('%s over %s, by %s', async ([kind, version, , end, words]) => {
    const own = kinds[kind]();
    own.on('secureConnection', (socket) => void end(socket));
    const server = await observed(own);

    await connectAndWait(server, { ...client.tls, minVersion: version, maxVersion: version, ALPNProtocols: [...alpn[kind]] }, () => {});

    const record = await server.nextHandshake();
    expect(record).toBeAccepted();
    expect(record).toMatchObject({ evidence: 'server-observed', detail: expect.stringContaining('own code then ended the connection') });
    expect(record.detail).toContain(words);
  });

  test.for(names)('%s: a client that leaves by itself is distinguished from that', async (kind) => {
    const server = await observed(kinds[kind]());

    await connectAndWait(server, { ...client.tls, ALPNProtocols: [...alpn[kind]] }, (socket) => void socket.end());

    const { verdict, detail } = await server.nextHandshake();
    expect(verdict).toBe(kind === 'tls' ? 'accepted' : 'rejected');
    expect(detail).toBeUndefined();
  });
});

describe("a fatal alert of the server's engine after the handshake is the server's refusal", () => {
  test.for(versions.flatMap((version) => [true, false].map((leaves) => [version, leaves] as const)))(
    'over %s, whether the client leaves on it (%s)',
    async ([version, leaves]) => {
      const server = await observed(echoServer({ maxVersion: version }));
      const { port, upstream } = await relayTo(server.port);

      const socket = tls.connect({ ...client.tls, host: '127.0.0.1', port, servername: 'localhost' });
      socket.on('error', () => {});
      onTestFinished(() => void socket.destroy());
      await new Promise((resolve) => socket.once('secureConnect', resolve));
      const raw = await upstream;
      raw.write(Buffer.concat([Buffer.from([23, 3, 3, 0, 64]), Buffer.alloc(64, 7)]));
      if (leaves) raw.end();

      expect(await server.nextHandshake()).toBeRejected({ by: 'server', alert: 'bad_record_mac' });
    },
  );
});

async function relayTo(port: number): Promise<{ readonly port: number; readonly upstream: Promise<net.Socket> }> {
  const { promise: upstream, resolve } = Promise.withResolvers<net.Socket>();
  const relay = net.createServer((from) => {
    const to = net.connect(port, '127.0.0.1');
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const)
      one.on('data', (bytes: Buffer) => other.write(bytes)).on('error', () => {});
    resolve(to);
    onTestFinished(() => void [from, to].map((socket) => socket.destroy()));
  });
  onTestFinished(() => void relay.close());
  await new Promise<void>((listening) => relay.listen(0, '127.0.0.1', listening));
  return { port: (relay.address() as net.AddressInfo).port, upstream };
}
