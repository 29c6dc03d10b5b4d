import { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { credentials, Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { describe, onTestFinished } from 'vitest';
import {
  attemptHandshake,
  createPki,
  type ObservedServer,
  observeListening,
  type ObserveOptions,
  startTlsServer,
} from '../../../src/index.ts';
import { handshakeFailure } from '../../../src/handshake/verdict/client-errors/handshake-failure.ts';
import { expect, test } from '../../../src/vitest/index.ts';
import { greeter, GreeterClient } from '../libraries/grpc-service.ts';
import type { CallMaterial } from '../node-clients.ts';

const pki = createPki({ name: 'grpc' });
const good = pki.client('alice', { uri: 'spiffe://example.test/alice' });
const old = pki.client('old', { notAfter: new Date(Date.now() - 60_000) });
const unknown = createPki({ name: 'other' }).client('mallory').trusting(pki);

describe.for(['TLSv1.3', 'TLSv1.2'] as const)("grpc-js's own TLS, observed as it is bound, over %s", (version) => {
  const versions = { minVersion: version, maxVersion: version } as const;

  test('its calls share one handshake, and a handler knows the peer', async () => {
    await using server = await bindOwn();
    const hello = clientOf(server.port, good.tls, versions);

    const answers = [await hello(), await hello()];

    const peer = `{"name":"alice","security":"ssl","names":"URI:spiffe://example.test/alice","fingerprint":"${new X509Certificate(good.chainPem).fingerprint256}"} of 127.0.0.1`;
    expect(answers).toEqual([peer, peer]);
    expect(server.handshakes).toHaveLength(1);
    expect(server.handshakes[0]).toBeAccepted({ evidence: 'application-data' });
    expect(server.handshakes[0]).toHaveClientCertificate({ commonName: 'alice' });
    expect(server.handshakes[0]).toMatchObject({ protocol: version, alpn: 'h2', clientAuthenticated: true });
  });

  test.for([
    ['an expired certificate', old.tls, 'CERT_HAS_EXPIRED', { 'TLSv1.3': 'certificate_expired', 'TLSv1.2': 'certificate_expired' }],
    [
      'a certificate of an unknown CA',
      unknown.tls,
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      { 'TLSv1.3': 'unknown_ca', 'TLSv1.2': 'unknown_ca' },
    ],
    [
      'no certificate',
      { ca: pki.anchors },
      'PEER_DID_NOT_RETURN_A_CERTIFICATE',
      { 'TLSv1.3': 'certificate_required', 'TLSv1.2': 'handshake_failure' },
    ],
  ] as const)('%s is rejected: the client reports the alert, the record has the reason', async ([, material, reason, alerts]) => {
    await using server = await bindOwn();
    const alert = alerts[version];

    await expect(clientOf(server.port, good.tls, versions)()).resolves.toContain('"alice"');
    await expect(clientOf(server.port, material, versions)()).toFailHandshake({ by: 'server', alert });

    const [accepted, refused] = [await server.nextHandshake(), await server.nextHandshake()];
    expect(accepted).toBeAccepted();
    expect(refused).toBeRejected({ by: 'server', reason, alert });
    expect(refused.protocol).toBe(version);
  });

  test('a server that its client does not trust is refused by the client', async () => {
    await using server = await bindOwn();
    const strict = { ...good.tls, ca: createPki({ name: 'strict' }).anchors };

    await expect(clientOf(server.port, good.tls, versions)()).resolves.toContain('"alice"');
    await expect(clientOf(server.port, strict, versions)()).toFailHandshake({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });

    const [accepted, refused] = [await server.nextHandshake(), await server.nextHandshake()];
    expect(accepted).toBeAccepted();
    expect(refused).toBeRejected({ by: 'client' });
  });
});

test('without checkClientCertificate grpc-js asks for no certificate, and a handler knows no name', async () => {
  await using required = await bindOwn();
  await using server = await bindOwn({}, false);

  expect(await clientOf(required.port, good.tls)()).toContain('"name":"alice"');
  expect(await clientOf(server.port, good.tls)()).toBe('{"name":"undefined"} of 127.0.0.1');

  const handshake = await server.nextHandshake();
  expect(handshake).toBeAccepted();
  expect(handshake).toMatchObject({ clientCertificate: undefined, clientAuthenticated: false });
});

test('where certificates are optional, a handler is given only the name of a client that was verified', async () => {
  const injector = createService().createConnectionInjector(ServerCredentials.createInsecure());
  await using server = await startTlsServer({
    pki,
    clientAuth: 'request',
    ALPNProtocols: ['h2'],
    onConnection: (socket) => injector.injectConnection(socket),
  });

  expect(await clientOf(server.port, good.tls)()).toContain('"name":"alice"');
  expect(await clientOf(server.port, unknown.tls)()).toBe('{"name":"undefined"} of 127.0.0.1');

  const handshakes = [await server.nextHandshake(), await server.nextHandshake()];
  expect(handshakes.map(({ clientAuthenticated }) => clientAuthenticated)).toEqual([true, false]);
  expect(handshakes[1]).toHaveClientCertificate({ commonName: 'mallory' });
});

test("verifyPeer decides about the clients of grpc-js's own TLS", async () => {
  await using server = await bindOwn({ verifyPeer: ({ commonName }) => commonName === 'alice' || 'only alice is allowed' });

  await expect(clientOf(server.port, good.tls)()).resolves.toContain('"alice"');
  await expect(clientOf(server.port, pki.client('bob').tls)()).toFailHandshake({ by: 'server', alert: 'access_denied' });

  const [, refused] = [await server.nextHandshake(), await server.nextHandshake()];
  expect(refused).toBeRejected({ by: 'server', alert: 'access_denied' });
});

test('a service that is bound to two addresses is not observed as one, and does not stay', async () => {
  const service = createService();
  const addresses = ['127.0.0.1', '127.0.0.2'];

  const observing = observeListening(() => Promise.all(addresses.map((address) => bind(service, `${address}:0`))), { pki });

  const listening = addresses.map((address) => expect.stringContaining(`${address}:`));
  await expect(observing).rejects.toMatchObject({ code: 'NOT_ONE_TLS_SERVER', facts: { listening, plain: [] } });
});

test('a port that is taken is the error of bindAsync', async () => {
  await using server = await bindOwn();

  const observing = observeListening((done) => createService().bindAsync(`127.0.0.1:${server.port}`, ownCredentials(), done), { pki });

  await expect(observing).rejects.toThrow(/EADDRINUSE/u);
});

test('a service that is given the connections of an observed server knows its clients; calls share one handshake', async () => {
  const service = createService();
  const injector = service.createConnectionInjector(ServerCredentials.createInsecure());
  await using server = await startTlsServer({
    identity: pki.server(),
    ALPNProtocols: ['h2'],
    onConnection: (socket) => injector.injectConnection(socket),
  });
  const hello = clientOf(server.port, good.tls);

  const answers = [await hello(), await hello()];

  expect(answers).toEqual(Array(2).fill(expect.stringMatching(/"name":"alice","security":"ssl".* of 127\.0\.0\.1$/u)));
  expect(server.handshakes).toHaveLength(1);
  expect(server.handshakes[0]).toMatchObject({ verdict: 'accepted', evidence: 'application-data', alpn: 'h2', clientAuthenticated: true });
});

test("grpc-js's own TLS, not observed, hangs up, and the client's error does not tell why; an attempt sees the client's end", async () => {
  const port = await bind(createService(), '127.0.0.1:0');

  const answer = await clientOf(port, good.tls)();
  const error = await clientOf(port, old.tls)().catch((reason: unknown) => reason);

  expect(answer).toContain('"alice"');
  expect(error).toMatchObject({ code: 14, details: expect.stringContaining('Last error: Failed to connect') });
  expect(handshakeFailure(error)).toBeUndefined();
  // OpenSSL itself refuses a client without certificate, and says so.
  await expect(clientOf(port, { ca: pki.anchors })()).toFailHandshake({ by: 'server', alert: 'certificate_required' });
  const target = { host: '127.0.0.1', port };
  expect(await attemptHandshake(target, { identity: good, ALPNProtocols: ['h2'] })).toBeAccepted();
  expect(await attemptHandshake(target, { identity: old, ALPNProtocols: ['h2'] })).toBeRejected({ by: 'server' });
});

/** The usual way, by the credentials of grpc-js: it makes an http2 server of its own and does not expose it. */
function bindOwn(options: ObserveOptions = {}, checksClients = true): Promise<ObservedServer> {
  const service = createService();
  return observeListening((done) => service.bindAsync('127.0.0.1:0', ownCredentials(checksClients), done), { pki, ...options });
}

function bind(service: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    service.bindAsync(address, ownCredentials(), (error, port) => (error ? reject(error) : resolve(port)));
  });
}

function ownCredentials(checksClients = true): ServerCredentials {
  const { keyPem, chainPem } = pki.server();
  const pair = { private_key: Buffer.from(keyPem), cert_chain: Buffer.from(chainPem) };
  return ServerCredentials.createSsl(Buffer.from(pki.anchors), [pair], checksClients);
}

/** Says what a handler knows of its client. */
function createService(): Server {
  const service = new Server();
  service.addService(greeter, {
    hello: (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => {
      const { sslPeerCertificate: peer, transportSecurityType: security } = call.getAuthContext();
      const facts = { name: String(peer?.subject['CN']), security, names: peer?.subjectaltname, fingerprint: peer?.fingerprint256 };
      reply(null, Buffer.from(`${JSON.stringify(facts)} of ${call.getPeer().replace(/:\d+$/u, '')}`));
    },
  });
  onTestFinished(() => service.forceShutdown());
  return service;
}

function clientOf(port: number, { ca, key, cert }: CallMaterial, versions: tls.SecureContextOptions = {}): () => Promise<string> {
  const context = tls.createSecureContext({ ca, key, cert, ...versions });
  const client = new GreeterClient(`localhost:${port}`, credentials.createFromSecureContext(context));
  onTestFinished(() => client.close());
  return () =>
    new Promise((resolve, reject) => {
      client['hello']?.(Buffer.from('hello'), new Metadata(), (error: Error | null, answer: Buffer) => {
        if (error) reject(error);
        else resolve(answer.toString());
      });
    });
}
