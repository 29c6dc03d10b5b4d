import { credentials, makeGenericClientConstructor, Metadata, Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { type Identity, startTlsServer } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';

const asItIs = (message: Buffer): Buffer => message;
const serializers = { requestSerialize: asItIs, requestDeserialize: asItIs, responseSerialize: asItIs, responseDeserialize: asItIs };
const greeter: ServiceDefinition = { hello: { path: '/test.Greeter/Hello', requestStream: false, responseStream: false, ...serializers } };
const GreeterClient = makeGenericClientConstructor(greeter, 'test.Greeter');

// #region grpc
test('grpc-js, both ends', async ({ pki }) => {
  const service = new Server();
  service.addService(greeter, {
    hello: (_call: unknown, reply: (error: null, answer: Buffer) => void) => reply(null, Buffer.from('hello')),
  });
  const injector = service.createConnectionInjector(ServerCredentials.createInsecure()); // TLS is made by the observed server
  await using server = await startTlsServer({
    pki,
    ALPNProtocols: ['h2'],
    onConnection: (socket) => injector.injectConnection(socket), // call.getAuthContext() has the client's certificate
  });
  const hello = ({ tls }: Identity): Promise<Buffer> => {
    const [ca, key, cert] = [Buffer.from(tls.ca), Buffer.from(tls.key), Buffer.from(tls.cert)];
    const client = new GreeterClient(`localhost:${server.port}`, credentials.createSsl(ca, key, cert));
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, answer: Buffer): void => (error ? reject(error) : resolve(answer));
      client['hello']?.(Buffer.from('hello'), new Metadata(), done);
    });
  };

  await hello(pki.client('alice'));
  await expect(hello(pki.client('old', { notAfter: new Date(0) }))).toFailHandshake({ by: 'server', alert: 'certificate_expired' });

  expect(await server.nextHandshake()).toHaveClientCertificate({ commonName: 'alice' });
  expect(await server.nextHandshake()).toBeRejected({ reason: 'CERT_HAS_EXPIRED' });
});
// #endregion
