import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { once } from 'node:events';
import { Agent, fetch } from 'undici';
import { describe } from 'vitest';
import { createPki, type Identity, type ObservedServer, startHttp2Server, startHttpsServer } from '../../src/index.ts';
import { expect, test } from '../../src/vitest/index.ts';

const pki = createPki();
const expired = pki.client('old', { notAfter: new Date(Date.now() - 60_000) });
const stranger = createPki().client().trusting(pki);

type Call = (server: ObservedServer, identity: Identity, options?: object) => Promise<unknown>;

const calls = {
  'fetch with a dispatcher': async (server, identity, options) => {
    const dispatcher = new Agent({ connect: { ...identity.tls, ...options } });
    try {
      return await (await fetch(server.url, { dispatcher })).text();
    } finally {
      await dispatcher.destroy();
    }
  },
  'https.get': (server, identity, options) =>
    new Promise((resolve, reject) => {
      https
        .get(server.url, { ...identity.tls, ...options, agent: false }, (response) => response.resume().on('end', resolve))
        .on('error', reject);
    }),
} as const satisfies Record<string, Call>;

describe.for(Object.entries(calls) as [string, Call][])('%s', ([, call]) => {
  describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (maxVersion) => {
    test('fails the handshake for a bad client, as the alert says, and not for a good one', async () => {
      await using server = await startHttpsServer((_request, response) => void response.end('hello'), { identity: pki.server() });

      await expect(call(server, pki.client(), { maxVersion })).not.toFailHandshake();
      await expect(call(server, expired, { maxVersion })).toFailHandshake({ by: 'server', alert: 'certificate_expired' });
      await expect(call(server, stranger, { maxVersion })).toFailHandshake({ alert: 'unknown_ca' });
      await expect(() => call(server, expired, { maxVersion })).toFailHandshake();
      await expect(call(server, expired, { maxVersion })).not.toFailHandshake({ alert: 'unknown_ca' });
    });

    test("fails the handshake for a bad server, with the client's own reason", async () => {
      await using server = await startHttpsServer((_request, response) => void response.end('hello'), {
        identity: pki.server({ dns: 'other.test' }),
      });

      await expect(call(server, pki.client(), { maxVersion })).toFailHandshake({ by: 'client', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' });
      await expect(call(server, pki.client(), { maxVersion, servername: 'other.test' })).not.toFailHandshake();
    });
  });

  test('that nothing answers did not fail the handshake, and the message says so', async () => {
    const server = await startHttpsServer((_request, response) => void response.end('hello'), { identity: pki.server() });
    const { url } = server;
    await server.close();
    const gone = { url } as ObservedServer; // only the address is used

    const failing = expect(call(gone, pki.client())).toFailHandshake();

    await expect(failing).rejects.toThrow(/ECONNREFUSED.*does not say that a handshake was refused/su);
    await expect(expect(call(gone, pki.client())).not.toFailHandshake()).rejects.toThrow(/ECONNREFUSED/u);
  });

  test('that is hung up on without an alert proves nothing', async () => {
    const rude = net.createServer((socket) => void socket.once('data', () => socket.destroy())).listen(0, '127.0.0.1');
    await once(rude, 'listening');
    const { port } = rude.address() as net.AddressInfo;
    const server = { url: `https://localhost:${port}` } as ObservedServer; // only the address is used

    await expect(expect(call(server, pki.client())).toFailHandshake()).rejects.toThrow(/does not say that a handshake was refused/u);
    rude.close();
  });
});

test.for(['TLSv1.3', 'TLSv1.2'] as const)('an http2 client fails the handshake over %s', async (maxVersion) => {
  await using server = await startHttp2Server((_request, response) => response.end('hello'), { identity: pki.server() });
  const request = (identity: Identity): Promise<void> =>
    new Promise((resolve, reject) => {
      const session = http2.connect(server.url, { ...identity.tls, maxVersion });
      session.on('error', reject);
      const stream = session.request();
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ERR_HTTP2_STREAM_CANCEL') reject(error); // in TLS 1.2 it only says that it was cancelled, and the session knows why
      });
      stream.on('response', () => {
        session.close();
        resolve();
      });
      stream.resume();
    });

  await expect(request(pki.client())).not.toFailHandshake();
  await expect(request(expired)).toFailHandshake({ by: 'server', alert: 'certificate_expired' });
});

test("fetch names the server's reason, since the observed server knows what became of that connection", async () => {
  await using server = await startHttpsServer((_request, response) => void response.end('hello'), { identity: pki.server() });
  const failing = (): Promise<unknown> => calls['fetch with a dispatcher'](server, expired, { maxVersion: 'TLSv1.3' });

  await expect(failing).toFailHandshake({ by: 'server', reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' });
  await expect(expect(failing).toFailHandshake({ reason: 'CERT_REVOKED' })).rejects.toThrow(
    /it was refused by the server with reason CERT_HAS_EXPIRED/u,
  );
});

test('members of an AggregateError and causes of causes are looked at', async () => {
  const inner = Object.assign(new Error('expired'), { code: 'CERT_HAS_EXPIRED' });
  const circular = new Error('outer', { cause: new AggregateError([new Error('other'), new Error('wrapped', { cause: inner })]) });
  inner.cause = circular;

  await expect(Promise.reject(circular)).toFailHandshake({ by: 'client', reason: 'CERT_HAS_EXPIRED' });
});

test('says so when it is used on something else', async () => {
  await expect(expect('fetch').toFailHandshake()).rejects.toMatchObject({ code: 'MATCHER_MISUSE' });
});

describe('what is not a refusal fails the expectation and its opposite, and the message says what happened:', () => {
  const connect = (options: tls.ConnectionOptions): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const socket: tls.TLSSocket = tls.connect({ host: 'localhost', ...options }, () => void socket.end(() => resolve(undefined)));
      socket.on('error', reject);
    });
  const notRefused = async (call: () => Promise<unknown>, words: RegExp): Promise<void> => {
    await expect(expect(call).toFailHandshake()).rejects.toThrow(words);
    await expect(expect(call).toFailHandshake({ by: 'client' })).rejects.toThrow(words);
    await expect(expect(call).not.toFailHandshake()).rejects.toThrow(words);
  };

  test.for([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['SMTP', '220 mail.test ESMTP\r\n'],
  ] as const)('a port where %s is spoken', async ([, answer]) => {
    const plain = net.createServer((socket) => void socket.end(answer)).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const { port } = plain.address() as net.AddressInfo; // it listens on TCP

    await notRefused(() => connect({ port }), /does not say that a handshake was refused: the two ends do not speak the same protocol/u);
    plain.close();
  });

  test.for([
    ['a cipher list that names none', { ciphers: 'NOSUCH' }],
    ['a minimum above the maximum', { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }],
    ['a version that does not exist', { minVersion: 'TLSv9' as never }],
    ['the key of another certificate', { key: pki.client('one').keyPem, cert: pki.client('two').chainPem }],
    ['a key that is not PEM', { key: 'key' }],
    ['no cipher that the version has', { ciphers: 'TLS_AES_128_GCM_SHA256', maxVersion: 'TLSv1.2', ca: pki.anchors }],
  ] as const satisfies readonly (readonly [string, tls.ConnectionOptions])[])('%s', async ([, options], { server }) => {
    await notRefused(() => connect({ port: server.port, ...options }), /the TLS engine refused the call's own settings/u);
  });

  test.for([
    ['an abort', () => AbortSignal.abort(), /the call was aborted by its own side/u],
    ['an abort after a time', () => AbortSignal.timeout(1), /the call (?:was aborted|timed out)/u],
  ] as const)('%s', async ([, signal, words]) => {
    const silent = net.createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as net.AddressInfo; // it listens on TCP

    await notRefused(() => fetch(`https://localhost:${port}`, { signal: signal() }), words);
    silent.close();
  });

  test('plain HTTP sent to the TLS port, though the observed server turned it away', async () => {
    await using server = await startHttpsServer((_request, response) => void response.end('hello'), { identity: pki.server() });
    const plain = (): Promise<unknown> => fetch(server.url.replace('https:', 'http:'));

    await notRefused(plain, /does not say that a handshake was refused/u);
    await expect(calls['fetch with a dispatcher'](server, expired, {})).toFailHandshake({ reason: 'CERT_HAS_EXPIRED' });
  });
});

test("a failure that contradicts the expectation prints the observed server's transcript", async () => {
  await using server = await startHttpsServer((_request, response) => void response.end('hello'), { identity: pki.server() });

  await expect(expect(calls['fetch with a dispatcher'](server, expired, {})).toFailHandshake({ alert: 'unknown_ca' })).rejects.toThrow(
    /it was refused by the server with reason CERT_HAS_EXPIRED.*\n {2}next /su,
  );
});

test('a call that does not end fails the expectation and its opposite, before Vitest ends the test', { timeout: 1500 }, async () => {
  const pending = new Promise(() => {});

  await expect(expect(pending).toFailHandshake()).rejects.toThrow(/it had not ended .*, which is not a refusal/u);
});
