import type http from 'node:http';
import https from 'node:https';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { forwardedHeaders } from '../../../src/forwarded/index.ts';
import { headerFormats } from '../../../src/forwarded/formats.ts';
import { attemptHandshake } from '../../../src/handshake/attempt/attempt-handshake.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { selfSignedIdentity } from '../../../src/pki/self-signed-identity.ts';
import { linesOf } from './application.ts';
import { alice, ask, bob, expectedOf, named, pki, start } from './rfc9440-gateway.ts';

test('the application learns of the client from the headers of the format, whatever the client itself sent under their names', async () => {
  await using gateway = await start();

  const { received } = await ask(gateway, alice, { headers: { 'Client-Cert': ':Zm9yZ2Vk:', 'client-cert-chain': ':Zm9yZ2Vk:' } });

  expect(named(received)).toEqual(expectedOf(alice));
  expect(received.rawHeaders).toContain('Client-Cert');
  expect(received.rawHeaders.join('\n')).not.toContain('Zm9yZ2Vk');
});

test.for(headerFormats.map(({ format }) => format))(
  'format %s: the lines that are sent are those that forwardedHeaders writes',
  async (format) => {
    await using gateway = await start({ format });

    const { received } = await ask(gateway, alice);

    const expected = Object.entries(forwardedHeaders(alice, format)).map(([name, value]) => [
      name,
      [value].flat().map((line) => line.trimEnd()),
    ]); // HTTP has no blanks at the end of a line
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.map(([name]) => [name, linesOf(received, String(name))])).toEqual(expected);
  },
);

test('a client that was not verified is forwarded with the reason, where certificates are optional', async () => {
  await using gateway = await start({ clientAuth: 'request', format: 'nginx' });
  const untrusted = await selfSignedIdentity({ commonName: 'alice' });

  const control = await ask(gateway, alice);
  const { received } = await ask(gateway, untrusted);

  expect(linesOf(control.received, 'X-SSL-Client-Verify')).toEqual(['SUCCESS']);
  expect(linesOf(received, 'X-SSL-Client-Verify')).toEqual(['FAILED:self-signed certificate']);
  expect(linesOf(received, 'X-SSL-CERT')).toEqual([forwardedHeaders(untrusted, 'nginx')['X-SSL-CERT']]);
});

test("Envoy's By is the URI name of what the gateway presents, also under the name of a host", async () => {
  const [own, admin] = ['spiffe://example.test/gateway', 'spiffe://example.test/admin'];
  const hosts = { 'admin.test': { identity: pki.server({ dns: 'admin.test', uri: admin }) } };
  await using gateway = await start({ format: 'envoy', identity: pki.server({ uri: own }), hosts });

  await ask(gateway, alice);
  await ask(gateway, alice, { servername: 'admin.test' });

  const values = gateway.requests.map(({ headers }) => headers.map(([, value]) => value));
  expect(values).toEqual([own, admin].map((by) => Object.values(forwardedHeaders(alice, 'envoy', { by }))));
});

test('a client that the format cannot name is answered 502, and never forwarded', async () => {
  await using gateway = await start({ format: 'kubernetes-front-proxy' });
  const odd = pki.client('a\nb');
  const request = https.get({ ...gateway.clientOptions(odd), agent: false });

  const [response] = (await once(request, 'response')) as [http.IncomingMessage];

  expect(await text(response)).toMatch(/^FORWARDED_UNSENDABLE: /u);
  expect(gateway.requests).toMatchObject([{ status: 502, headers: [], error: { code: 'FORWARDED_UNSENDABLE' } }]);
  expect((await ask(gateway, alice)).status).toBe(200);
});

test('it records each request: what was asked, which client it named how, and the status', async () => {
  await using gateway = await start();

  await ask(gateway, alice, { path: '/a?b=c', method: 'DELETE' });
  await ask(gateway, bob);

  expect(gateway.requests).toMatchObject([
    {
      method: 'DELETE',
      path: '/a?b=c',
      protocol: 'HTTP/1.1',
      status: 200,
      error: undefined,
      headers: Object.entries(forwardedHeaders(alice, 'rfc9440')),
      certificate: { commonName: 'alice' },
    },
    { method: 'GET', path: '/', certificate: { commonName: 'bob' } },
  ]);
});

test('it remembers the last maxRequests requests', async () => {
  await using gateway = await start({ maxRequests: 2 });

  for (const path of ['/1', '/2', '/3']) await ask(gateway, alice, { path });

  expect(gateway.requests.map(({ path }) => path)).toEqual(['/2', '/3']);
});

test('it is an observed server: a client without a certificate is rejected, one of the PKI accepted', async () => {
  await using gateway = await start();

  expect(await attemptHandshake(gateway, { identity: alice })).toBeAccepted();
  expect(await attemptHandshake(gateway)).toBeRejected({ by: 'server', reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE' });
  await expect(gateway).toAccept(alice);
  await expect(gateway).toReject(await selfSignedIdentity({ commonName: 'alice' }), { reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});

test('where certificates are optional, a client without one is named by no header', async () => {
  await using gateway = await start({ clientAuth: 'request' });

  const without = await ask(gateway, undefined, { headers: { 'client-cert': ':Zm9yZ2Vk:' } });
  const control = await ask(gateway, alice);

  expect(named(without.received)).toEqual({ 'Client-Cert': [], 'Client-Cert-Chain': [] });
  expect(named(control.received)).toEqual(expectedOf(alice));
});

test('strip: false lets what a client sent through, before the line of the gateway', async () => {
  await using gateway = await start({ strip: false });

  const { received } = await ask(gateway, alice, { headers: { 'client-cert': ':Zm9yZ2Vk:' } });

  expect(named(received)['Client-Cert']).toEqual([':Zm9yZ2Vk:', ...(expectedOf(alice)['Client-Cert'] ?? [])]);
});

test('chain: false leaves the issuers out', async () => {
  await using gateway = await start({ chain: false });

  const { received } = await ask(gateway, alice);

  expect(named(received)).toEqual({ ...expectedOf(alice), 'Client-Cert-Chain': [] });
});

test('names that an operator chose are those that are set, and those that are stripped, as are the usual ones', async () => {
  await using gateway = await start({ names: { certificate: 'X-Peer' } });

  const { received } = await ask(gateway, alice, { headers: { 'x-peer': 'forged', 'Client-Cert': 'forged' } });

  expect(linesOf(received, 'X-Peer')).toEqual(expectedOf(alice)['Client-Cert']);
  expect(linesOf(received, 'Client-Cert')).toEqual([]);
});

test('each host names its clients; the application sees which host was asked for', async () => {
  const other = createPki();
  await using gateway = await start({ hosts: { 'admin.test': { pki: other } } });

  const { received } = await ask(gateway, other.client('carol'), { servername: 'admin.test', headers: { host: 'admin.test' } });

  expect(gateway.requests).toMatchObject([{ certificate: { commonName: 'carol' } }]);
  expect(linesOf(received, 'x-forwarded-host')).toEqual(['admin.test']);
});

test('X-Forwarded-For, -Proto and -Host say where the request came from, and nothing that a client says there arrives', async () => {
  await using gateway = await start();
  const forged = {
    'x-forwarded-for': '192.0.2.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': 'evil.test',
    x_forwarded_for: '192.0.2.1',
  };

  const { received } = await ask(gateway, alice, { headers: { ...forged, host: 'app.test' } });

  expect(linesOf(received, 'x-forwarded-for')).toEqual(['127.0.0.1']);
  expect(linesOf(received, 'x_forwarded_for')).toEqual([]);
  expect(linesOf(received, 'x-forwarded-proto')).toEqual(['https']);
  expect(linesOf(received, 'x-forwarded-host')).toEqual(['app.test']);
  expect(linesOf(received, 'host')).toEqual(['app.test']);
});
