import {
  credentials,
  makeGenericClientConstructor,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { type Identity, observeListening, startTlsServer } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';

const asItIs = (message: Buffer): Buffer => message;
const serializers = { requestSerialize: asItIs, requestDeserialize: asItIs, responseSerialize: asItIs, responseDeserialize: asItIs };
const greeter: ServiceDefinition = { hello: { path: '/test.Greeter/Hello', requestStream: false, responseStream: false, ...serializers } };
const GreeterClient = makeGenericClientConstructor(greeter, 'test.Greeter');

const callHello = (port: number, { tls }: Identity): Promise<string> => {
  const [ca, key, cert] = [Buffer.from(tls.ca), Buffer.from(tls.key), Buffer.from(tls.cert)];
  const client = new GreeterClient(`localhost:${port}`, credentials.createSsl(ca, key, cert));
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, answer: Buffer): void => (error ? reject(error) : resolve(answer.toString()));
    client['hello']?.(Buffer.from('hello'), new Metadata(), done);
  });
};

// #region grpc
test('grpc-js, both ends', async ({ pki }) => {
  const service = new Server();
  service.addService(greeter, {
    hello: (call: ServerUnaryCall<Buffer, Buffer>, reply: (error: null, answer: Buffer) => void) => {
      const { sslPeerCertificate } = call.getAuthContext(); // undefined unless the client was verified
      reply(null, Buffer.from(`hello ${String(sslPeerCertificate?.subject['CN'])}`));
    },
  });
  const { keyPem, chainPem } = pki.server();
  const pair = { private_key: Buffer.from(keyPem), cert_chain: Buffer.from(chainPem) };
  const own = ServerCredentials.createSsl(Buffer.from(pki.anchors), [pair], true);
  await using server = await observeListening((done) => service.bindAsync('127.0.0.1:0', own, done), { pki });

  expect(await callHello(server.port, pki.client('alice'))).toBe('hello alice');
  const refused = { by: 'server', alert: 'certificate_expired' } as const;
  await expect(callHello(server.port, pki.client('old', { notAfter: new Date(0) }))).toFailHandshake(refused);

  expect(await server.nextHandshake()).toHaveClientCertificate({ commonName: 'alice' });
  expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED' });
});
// #endregion

// #region grpc-injector
test('grpc-js behind an observed server', async ({ pki }) => {
  const service = new Server();
  service.addService(greeter, {
    hello: (call: ServerUnaryCall<Buffer, Buffer>, reply: (error: null, answer: Buffer) => void) =>
      reply(null, Buffer.from(`hello ${String(call.getAuthContext().sslPeerCertificate?.subject['CN'])}`)),
  });
  const injector = service.createConnectionInjector(ServerCredentials.createInsecure()); // TLS is made by the observed server
  await using server = await startTlsServer({
    pki,
    ALPNProtocols: ['h2'],
    onConnection: (socket) => injector.injectConnection(socket),
  });

  expect(await callHello(server.port, pki.client('alice'))).toBe('hello alice');
  expect(await server.nextHandshake()).toHaveClientCertificate({ commonName: 'alice' });
});
// #endregion
