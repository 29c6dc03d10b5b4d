import { once } from 'node:events';
import http2 from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { createClient, createContextKey, createContextValues } from '@connectrpc/connect';
import { connectNodeAdapter, createGrpcTransport } from '@connectrpc/connect-node';
import { type Identity, observe } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';
import { greeterService } from '../interop/libraries/connect-service.ts';

const Greeter = greeterService();

// #region connect
const peer = createContextKey<string | undefined>(undefined);

test('connect-es over http2, both ends', async ({ pki }) => {
  const handler = connectNodeAdapter({
    routes: (router) => router.service(Greeter, { hello: (_request, { values }) => ({ value: `hello ${values.get(peer)}` }) }),
    contextValues: ({ socket }) => createContextValues().set(peer, (socket as TLSSocket).getPeerX509Certificate()?.subject), // it speaks TLS alone
  });
  const web = http2.createSecureServer(pki.server().serverTls, handler);
  await using server = observe(web, { pki });
  await once(web.listen(0, '127.0.0.1'), 'listening');
  const hello = ({ tls }: Identity): Promise<{ value: string }> => {
    const options = { baseUrl: `https://localhost:${server.port}`, httpVersion: '2', nodeOptions: tls } as const;
    return createClient(Greeter, createGrpcTransport(options)).hello({}); // or createConnectTransport
  };

  await expect(hello(pki.client('alice'))).resolves.toMatchObject({ value: 'hello CN=alice' });
  const refused = { by: 'server', alert: 'certificate_expired' } as const;
  await expect(hello(pki.client('old', { notAfter: new Date(0) }))).toFailHandshake(refused);

  expect(await server.nextHandshake()).toHaveClientCertificate({ commonName: 'alice' });
  expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED' });
});
// #endregion
