import { credentials, Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { attemptHandshake, createPki, startTlsServer } from '../../../src/index.ts';
import { handshakeFailure } from '../../../src/handshake/verdict/client-errors/handshake-failure.ts';
import { expect, test } from '../../../src/vitest/index.ts';
import { greeter, GreeterClient } from '../libraries/grpc-service.ts';
import type { CallMaterial } from '../node-clients.ts';

const pki = createPki({ name: 'grpc' });
const good = pki.client('alice');
const old = pki.client('old', { notAfter: new Date(Date.now() - 60_000) });

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

  expect(answers).toEqual(['hello alice of 127.0.0.1', 'hello alice of 127.0.0.1']);
  expect(server.handshakes).toHaveLength(1);
  expect(server.handshakes[0]).toMatchObject({ verdict: 'accepted', evidence: 'application-data', alpn: 'h2', clientAuthenticated: true });
});

test("grpc-js's own TLS cannot be observed: it hangs up, and the client's error does not tell why", async () => {
  const { port } = await startOwn();

  const answer = await clientOf(port, good.tls)();
  const error = await clientOf(port, old.tls)().catch((reason: unknown) => reason);

  expect(answer).toBe('hello alice of 127.0.0.1');
  expect(error).toMatchObject({ code: 14, details: expect.stringContaining('Last error: Failed to connect') });
  expect(handshakeFailure(error)).toBeUndefined();
  // OpenSSL itself refuses a client without certificate, and says so.
  await expect(clientOf(port, { ca: pki.anchors })()).toFailHandshake({ by: 'server', alert: 'certificate_required' });
});

test("what grpc-js's own TLS comes to is seen from the client's end", async () => {
  const { port } = await startOwn();
  const target = { host: '127.0.0.1', port };
  const options = { ALPNProtocols: ['h2'] };

  expect(await attemptHandshake(target, { identity: good, ...options })).toBeAccepted();
  expect(await attemptHandshake(target, { identity: old, ...options })).toBeRejected({ by: 'server' });
});

/** The usual way, by the credentials of grpc-js: it makes an http2 server of its own and does not expose it. */
async function startOwn(): Promise<{ readonly port: number }> {
  const service = createService();
  const { keyPem, chainPem } = pki.server();
  const pair = { private_key: Buffer.from(keyPem), cert_chain: Buffer.from(chainPem) };
  const own = ServerCredentials.createSsl(Buffer.from(pki.anchors), [pair], true);
  const port = await new Promise<number>((resolve, reject) => {
    service.bindAsync('127.0.0.1:0', own, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { port };
}

function createService(): Server {
  const service = new Server();
  service.addService(greeter, {
    hello: (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => {
      const name = String(call.getAuthContext().sslPeerCertificate?.subject['CN']);
      reply(null, Buffer.from(`hello ${name} of ${call.getPeer().replace(/:\d+$/u, '')}`));
    },
  });
  onTestFinished(() => service.forceShutdown());
  return service;
}

function clientOf(port: number, { ca, key, cert }: CallMaterial): () => Promise<string> {
  const bytes = (pem: string | undefined): Buffer | null => (pem === undefined ? null : Buffer.from(pem));
  const client = new GreeterClient(`localhost:${port}`, credentials.createSsl(bytes(ca), bytes(key), bytes(cert)));
  onTestFinished(() => client.close());
  return () =>
    new Promise((resolve, reject) => {
      client['hello']?.(Buffer.from('hello'), new Metadata(), (error: Error | null, answer: Buffer) => {
        if (error) reject(error);
        else resolve(answer.toString());
      });
    });
}
