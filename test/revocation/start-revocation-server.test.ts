import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { createPki } from '../../src/pki/pki.ts';
import { startRevocationServer } from '../../src/revocation/start-revocation-server.ts';
import type { RevocationServerOptions } from '../../src/revocation/revocation-server-options.ts';
import { ocspRequest } from '../x509/ocsp-parts.ts';
import { getUrl, idOf, post } from './revocation-requests.ts';

describe('a revocation server', () => {
  test('is on loopback and a port of its own', async () => {
    await using first = await startRevocationServer(createPki());
    await using second = await startRevocationServer(createPki());

    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
    expect(first.ocspUrl).toBe(`${first.url}/ocsp`);
    expect(first.url).not.toBe(second.url);
  });

  test('is reached by loopback where it is bound to every address', async () => {
    const pki = createPki();
    await using server = await startRevocationServer(pki, { host: '0.0.0.0', exposed: true });

    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:/u);
    expect((await fetch(server.crlUrl(pki.issuer))).status).toBe(200);
  });

  test('remembers the newest requests, 1000 of them unless told otherwise', async () => {
    const pki = createPki();
    await using bounded = await startRevocationServer(pki, { maxRequests: 2 });
    await using usual = await startRevocationServer(pki);

    for (const path of ['/a', '/b', '/c']) await fetch(bounded.url + path);
    for (let batch = 0; batch < 101; batch += 1)
      await Promise.all(Array.from({ length: 10 }, (_, index) => fetch(`${usual.url}/${batch * 10 + index}`)));

    expect(bounded.requests.map(({ path }) => path)).toEqual(['/b', '/c']);
    expect(usual.requests).toHaveLength(1000);
    expect(usual.requests.map(({ path }) => Number(path.slice(1)))).not.toContain(0);
    expect(usual.requests.map(({ path }) => Number(path.slice(1)))).toContain(1009);
  });

  test.for(['0', '-1', '1.5', '"5"', 'null'])('refuses to remember %s requests', async (maxRequests) => {
    await expect(startRevocationServer(createPki(), { maxRequests: JSON.parse(maxRequests) })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      facts: { option: 'maxRequests', expected: 'how many requests to remember, 1 or more' },
    });
    await using server = await startRevocationServer(createPki(), { maxRequests: Infinity });
    expect(server.requests).toEqual([]);
  });

  test('takes the port that it is given, or says that it is taken', async () => {
    const pki = createPki();
    const first = await startRevocationServer(pki);
    const port = Number(new URL(first.url).port);

    await expect(startRevocationServer(pki, { port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      facts: { host: '127.0.0.1', ports: String(port) },
    });
    await first.close();
    await using second = await startRevocationServer(pki, { port });

    expect(second.url).toBe(first.url);
  });

  test('ends open connections when it is closed, as often as one likes', async () => {
    const server = await startRevocationServer(createPki());
    const { hostname, port } = new URL(server.url);
    const halfway = net.connect(Number(port), hostname);
    const ended = new Promise((resolve) => {
      halfway.once('close', resolve);
    });
    halfway.on('error', () => {});
    await new Promise((resolve) => {
      halfway.write('POST /ocsp HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc', resolve);
    });
    await fetch(server.url); // by then the server has the other one too

    await Promise.all([server.close(), server.close()]);
    await ended;

    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  });
});

test.for([
  ['another path', '/', 'GET', 404, 'other', 'not-found'],
  ['an authority that is not here', `/crl/${'0'.repeat(40)}.crl`, 'GET', 404, 'other', 'not-found'],
  ['something that begins like OCSP', '/ocspx', 'GET', 404, 'other', 'not-found'],
] as const)('%s is not found, and remembered', async ([, path, method, code, kind, answer]) => {
  await using server = await startRevocationServer(createPki());

  expect((await fetch(server.url + path, { method })).status).toBe(code);
  expect(server.requests).toEqual([{ kind, method, path, answer }]);
});

test('a query changes nothing', async () => {
  const pki = createPki();
  await using server = await startRevocationServer(pki);

  expect((await fetch(`${server.crlUrl(pki.issuer)}?x=1`)).status).toBe(200);
  await fetch(`${getUrl(server.ocspUrl, ocspRequest([idOf(pki.issuer, 5n)]))}?x=1`);

  expect(server.requests).toMatchObject([
    { kind: 'crl', answer: 'served' },
    { kind: 'ocsp', answer: 'good' },
  ]);
});

test('a request of megabytes is refused', async () => {
  await using server = await startRevocationServer(createPki());

  const response = await post(server.ocspUrl, new Uint8Array(4 * 1024 * 1024));

  expect(response.status).toBe(413);
  expect(server.requests).toMatchObject([{ answer: 'too-large' }]);
});

test('a client that leaves in the middle is not recorded as a request', async () => {
  const pki = createPki();
  await using server = await startRevocationServer(pki);
  const { hostname, port } = new URL(server.url);
  const socket = net.connect(Number(port), hostname);
  await new Promise((resolve) => {
    socket.write('POST /ocsp HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc', resolve);
  });
  socket.destroy();

  await fetch(server.crlUrl(pki.issuer));

  expect(server.requests.map(({ kind }) => kind)).toEqual(['crl']);
});

test.for<readonly [string, object, object]>([
  ['an unknown option', { hosts: 'x' }, { option: 'revocation server option', value: 'hosts' }],
  ['an invalid port', { port: 70_000 }, { option: 'port', value: '70000' }],
  ['a list of ports', { port: [1, 2] }, { option: 'port' }],
  ['an invalid host', { host: '' }, { option: 'host' }],
  ['another machine’s address', { host: '192.0.2.1' }, { option: 'host', value: '192.0.2.1' }],
  ['an invalid word', { ocsp: 'later' }, { option: 'ocsp', value: 'later' }],
  ['a word of OCSP for CRLs', { crl: 'try-later' }, { option: 'crl', value: 'try-later' }],
  ['invalid OCSP options', { ocsp: { status: 'bad' } }, { option: 'status', value: 'bad' }],
  ['invalid CRL options', { crl: { nextupdate: 5 } }, { option: 'CRL option', value: 'nextupdate' }],
])('it does not start with %s', async ([, options, facts]) => {
  await expect(startRevocationServer(createPki(), options as RevocationServerOptions)).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    facts,
  });
});

test.for(['null', '"x"', '{}'])('it does not start for %s in place of a PKI', async (json) => {
  await expect(startRevocationServer(JSON.parse(json))).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    facts: { option: 'revocation server', expected: 'a Pki' },
  });
});

test('it has URLs only for authorities', async () => {
  const pki = createPki();
  await using server = await startRevocationServer(pki);
  const refusal = expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'authority' }) });

  expect(() => server.crlUrl(JSON.parse('{}'))).toThrow(refusal);
  expect(() => server.caIssuersUrl(JSON.parse('null'))).toThrow(refusal);
  expect(server.crlUrl(pki.issuer)).not.toBe(server.crlUrl(pki.root));
});
