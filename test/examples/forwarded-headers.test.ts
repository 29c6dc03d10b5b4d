import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { MtlsFixturesError } from 'mtls-fixtures';
import { forwardedHeaders, parseForwardedHeaders } from 'mtls-fixtures/forwarded';
import { expect, test as base } from 'mtls-fixtures/vitest';

// #region application
/** Behind nginx: plain HTTP on loopback. */
const application = http.createServer(({ headers }, response) => {
  const pem = decodeURIComponent(String(headers['x-ssl-cert'] ?? ''));
  if (headers['x-ssl-client-verify'] !== 'SUCCESS') response.writeHead(401).end('a client certificate is required');
  else response.end(`hello ${new X509Certificate(pem).subject}`);
});
// #endregion

// oxlint-disable-next-line no-empty-pattern -- Vitest reads from it which fixtures this one needs
const test = base.extend('url', { scope: 'file' }, async ({}, { onCleanup }) => {
  onCleanup(() => void application.close());
  await once(application.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(application.address() as AddressInfo).port}`; // of a TCP server
});

// #region as-the-proxy
test('the application is for clients that nginx verified', async ({ pki, url }) => {
  const get = async (headers: Record<string, string>): Promise<string> => (await fetch(url, { headers })).text();
  const alice = pki.client('alice');

  expect(await get(forwardedHeaders(alice, 'nginx'))).toBe('hello CN=alice');
  expect(await get(forwardedHeaders(alice, 'nginx', { verified: 'CERT_HAS_EXPIRED' }))).toBe('a client certificate is required');
  expect(await get(forwardedHeaders(undefined, 'nginx'))).toBe('a client certificate is required'); // what nginx sends then
});
// #endregion

test('headers have the names that the operator chose', ({ pki }) => {
  // #region names
  const headers = forwardedHeaders(pki.client('alice'), 'nginx', { names: { certificate: 'X-Client-Cert', verify: 'X-Client-Verify' } });
  // #endregion

  expect(Object.keys(headers)).toEqual(expect.arrayContaining(['X-Client-Cert', 'X-Client-Verify', 'X-SSL-Client-S-DN']));
});

test('a name in several lines has a list', ({ pki }) => {
  // #region lines
  const headers = forwardedHeaders(
    pki.client(undefined, { subject: { organization: ['dev', 'ops'], commonName: 'alice' } }),
    'kubernetes-front-proxy',
  );

  expect(headers).toMatchObject({ 'X-Remote-User': 'alice', 'X-Remote-Group': ['dev', 'ops', 'system:authenticated'] });
  // #endregion
});

test('what came is read strictly', ({ pki }) => {
  // #region read
  const { certificate, verified, fields } = parseForwardedHeaders(forwardedHeaders(pki.client('alice'), 'nginx'), 'nginx');

  expect(certificate?.commonName).toBe('alice');
  expect([verified, fields['subject']]).toEqual([true, 'CN=alice']);

  const forged = { ...forwardedHeaders(pki.client('alice'), 'nginx'), 'X-SSL-Client-S-DN': 'CN=admin' };
  expect(() => parseForwardedHeaders(forged, 'nginx')).toThrow(MtlsFixturesError); // FORWARDED_INVALID
  // #endregion
});
