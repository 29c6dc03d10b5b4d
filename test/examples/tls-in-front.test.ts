import { once } from 'node:events';
import http, { type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { inspectCertificate, startHttpsServer, type Identity } from 'mtls-fixtures';
import { expect, test as base } from 'mtls-fixtures/vitest';
import { Agent, request } from 'undici';

// #region application
/** Behind the proxy: plain HTTP on loopback. The proxy sends the client's certificate as RFC 9440 says. */
function createApplication(): http.Server {
  return http.createServer((incoming, response) => {
    const [, encoded] = /^:(?<bytes>[\d+/=A-Za-z]+):$/u.exec(String(incoming.headers['client-cert'])) ?? [];
    if (encoded === undefined) response.writeHead(401).end('a client certificate is required');
    else response.end(`hello ${inspectCertificate(Buffer.from(encoded, 'base64')).commonName}`);
  });
}

const clientCert = (certificate: { readonly raw: Buffer }): string => `:${certificate.raw.toString('base64')}:`;
// #endregion

// oxlint-disable-next-line no-empty-pattern -- Vitest reads from it which fixtures this one needs
const withApplication = base.extend('application', async ({}, { onCleanup }) => {
  const application = createApplication();
  onCleanup(() => void application.close());
  await once(application.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(application.address() as AddressInfo).port}`; // of a TCP server
});

// #region proxy
const test = withApplication.extend('proxy', async ({ pki, application }, { onCleanup }) => {
  const passOn: http.RequestListener = (incoming, response) => {
    const certificate = (incoming.socket as TLSSocket).getPeerX509Certificate(); // of an HTTPS server
    const headers = { ...incoming.headers, 'client-cert': certificate && clientCert(certificate) }; // replaces what the client sent
    const onward = http.request(`${application}${incoming.url}`, { method: incoming.method, headers }, (answer) => {
      answer.pipe(response.writeHead(answer.statusCode ?? 502));
    });
    incoming.pipe(onward);
  };
  const proxy = await startHttpsServer(passOn, { pki });
  onCleanup(() => proxy.close());
  return proxy;
});
// #endregion

// #region application-alone
test('the application reads the header, and answers 401 without it', async ({ pki, application }) => {
  const status = async (headers: IncomingHttpHeaders): Promise<number> => (await request(application, { headers })).statusCode;

  expect(await status({ 'client-cert': clientCert(pki.client('alice').certificate) })).toBe(200);
  expect(await status({})).toBe(401);
  expect(await status({ 'client-cert': 'CN=alice' })).toBe(401);
});
// #endregion

// #region through-the-proxy
test('through the proxy a client is what its certificate says, whatever header it sends', async ({ pki, proxy }) => {
  const get = async (identity: Identity, headers: IncomingHttpHeaders = {}): Promise<string> => {
    const { body } = await request(proxy.url, { dispatcher: new Agent({ connect: identity.tls }), headers });
    return body.text();
  };
  const [alice, admin] = [pki.client('alice'), pki.client('admin')];

  expect(await get(alice)).toBe('hello alice');
  expect(await get(alice, { 'client-cert': clientCert(admin.certificate) })).toBe('hello alice'); // forged
  await expect(proxy).toReject(undefined, { alert: 'certificate_required' });
  await expect(proxy).toReject(pki.client('old', { notAfter: new Date(0) }), { reason: 'CERT_HAS_EXPIRED' });
});
// #endregion
