import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { decodePem } from '../../src/asn1/pem.ts';
import { createPki } from '../../src/pki/pki.ts';
import { restorePki } from '../../src/pki/formats/restore-pki.ts';
import { startRevocationServer } from '../../src/revocation/start-revocation-server.ts';
import type { RevocationServerOptions } from '../../src/revocation/revocation-server-options.ts';
import { certificateFields } from '../../src/x509/certificate-fields.ts';
import { encodeCertificateId } from '../../src/x509/revocation/certificate-id.ts';
import type { Authority } from '../../src/pki/authority.ts';
import { ocspRequest, ocspStatusNumber, readOcspParts } from '../x509/ocsp-parts.ts';
import { readRevocationList } from '../x509/read-parts.ts';

const idOf = (authority: Authority, serialNumber: bigint) =>
  encodeCertificateId(certificateFields(authority.certificate.raw), { serialNumber, hash: 'sha1' });
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
const post = async (url: string, body: Uint8Array) =>
  fetch(url, { method: 'POST', body: new Uint8Array(body), headers: { 'content-type': 'application/ocsp-request' } });
const getUrl = (url: string, request: Uint8Array) => `${url}/${encodeURIComponent(Buffer.from(request).toString('base64'))}`;

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

describe('a CRL', () => {
  test.for(['root', 'issuer'] as const)('of the %s is served as DER, as it is at that moment', async (which) => {
    const pki = createPki();
    const authority = pki[which];
    await using server = await startRevocationServer(pki);
    const url = server.crlUrl(authority);

    const before = await fetch(url);
    authority.revoke(0x1234n, 'keyCompromise');
    const after = readRevocationList(await bytesOf(await fetch(url)));

    expect([before.status, before.headers.get('content-type')]).toEqual([200, 'application/pkix-crl']);
    expect(readRevocationList(await bytesOf(before)).revoked).toEqual([]);
    expect(after.revoked).toMatchObject([{ serialNumber: 0x1234n, reason: 1 }]);
    expect(Buffer.from(after.issuer)).toEqual(Buffer.from(certificateFields(authority.certificate.raw).subject));
    expect(server.requests).toMatchObject([
      { kind: 'crl', method: 'GET', authority: authority.name, answer: 'served' },
      { kind: 'crl', method: 'GET', authority: authority.name, answer: 'served' },
    ]);
  });

  test('is a new one each time, with a higher number', async () => {
    const pki = createPki();
    await using server = await startRevocationServer(pki);
    const numberOf = async () =>
      readRevocationList(await bytesOf(await fetch(server.crlUrl(pki.issuer)))).extensions.find(({ oid }) => oid === '2.5.29.20')?.value
        .integer;

    expect([await numberOf(), await numberOf()]).toEqual([1n, 2n]);
    expect(pki.issuer.lastCrlNumber).toBe(2);
  });

  test('is the same that the authority writes as PEM', async () => {
    const pki = createPki({ keyAlgorithm: 'ed25519' }); // signs the same bytes the same way
    const options = { thisUpdate: new Date('2026-01-01T00:00:00Z'), nextUpdate: new Date('2050-01-01T00:00:00Z'), number: 7 };
    pki.issuer.revoke(5n, { date: new Date('2026-01-01T00:00:00Z') });
    await using server = await startRevocationServer(pki, { crl: options });

    const served = await bytesOf(await fetch(server.crlUrl(pki.issuer)));

    expect(Buffer.from(served)).toEqual(decodePem(pki.issuer.crl(options))[0]?.der);
  });

  test('of an authority that is not of the PKI is served once its URL was asked for', async () => {
    const pki = createPki();
    await using server = await startRevocationServer(pki);
    const other = pki.root.issueAuthority({ commonName: 'other' });
    const child = other.issue();
    other.revoke(child);
    expect(ocspStatusNumber(await bytesOf(await post(server.ocspUrl, ocspRequest([idOf(other, 5n)]))))).toBe(6);

    const list = readRevocationList(await bytesOf(await fetch(server.crlUrl(other))));

    expect(list.revoked).toHaveLength(1);
    expect(ocspStatusNumber(await bytesOf(await post(server.ocspUrl, ocspRequest([idOf(other, 5n)]))))).toBe(0);
  });
});

test('the issuer’s certificate is served as DER', async () => {
  const pki = createPki();
  await using server = await startRevocationServer(pki);

  const response = await fetch(server.caIssuersUrl(pki.issuer));

  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pkix-cert']);
  expect(Buffer.from(await bytesOf(response))).toEqual(pki.issuer.certificate.raw);
  expect(server.requests).toMatchObject([{ kind: 'ca-issuers', authority: pki.issuer.name, answer: 'served' }]);
});

describe.for(['POST', 'GET'] as const)('OCSP by %s', (method) => {
  const ask = async (url: string, request: Uint8Array) => (method === 'POST' ? post(url, request) : fetch(getUrl(url, request)));

  test('is answered for every authority of the PKI, as it is at that moment', async () => {
    const pki = createPki();
    await using server = await startRevocationServer(pki);
    const client = pki.client();
    const { serialNumber } = client.certificate;
    const ids = [idOf(pki.issuer, BigInt(`0x${serialNumber}`)), idOf(pki.root, BigInt(`0x${pki.issuer.certificate.serialNumber}`))];

    const response = await ask(server.ocspUrl, ocspRequest(ids.slice(0, 1)));
    pki.issuer.revoke(client);
    const revoked = readOcspParts(await bytesOf(await ask(server.ocspUrl, ocspRequest(ids.slice(0, 1)))));
    const above = readOcspParts(await bytesOf(await ask(server.ocspUrl, ocspRequest(ids.slice(1)))));

    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/ocsp-response']);
    expect(readOcspParts(await bytesOf(response)).answers.map(({ tag }) => tag)).toEqual([0x80]);
    expect(revoked.answers.map(({ tag }) => tag)).toEqual([0xa1]);
    expect(above.answers.map(({ tag }) => tag)).toEqual([0x80]);
    expect(server.requests).toMatchObject([
      { kind: 'ocsp', method, serialNumber, answer: 'good' },
      { kind: 'ocsp', method, serialNumber, answer: 'revoked' },
      { kind: 'ocsp', method, serialNumber: pki.issuer.certificate.serialNumber, answer: 'good' },
    ]);
  });

  test('about several certificates is an entry for each, and answered by the authority of the first', async () => {
    const pki = createPki();
    pki.issuer.revoke(0xabcn);
    await using server = await startRevocationServer(pki);

    await ask(server.ocspUrl, ocspRequest([idOf(pki.root, 1n), idOf(pki.issuer, 0xabcn), idOf(pki.issuer, 0xabdn)]));
    await ask(server.ocspUrl, ocspRequest([idOf(pki.issuer, 0xabcn), idOf(pki.root, 1n)]));

    expect(server.requests.map(({ serialNumber, answer }) => [serialNumber, answer])).toEqual([
      ['01', 'good'],
      ['0ABC', 'unknown'],
      ['0ABD', 'unknown'],
      ['0ABC', 'revoked'],
      ['01', 'unknown'],
    ]);
  });

  test('about another PKI’s certificate is "unauthorized"', async () => {
    const pki = createPki();
    const untrusted = createPki({ name: pki.name }).issuer;
    await using server = await startRevocationServer(pki);

    const der = await bytesOf(await ask(server.ocspUrl, ocspRequest([idOf(untrusted, 5n)])));

    expect(ocspStatusNumber(der)).toBe(6);
    expect(server.requests).toMatchObject([{ serialNumber: '05', answer: 'unauthorized' }]);
  });

  test.for([
    ['unavailable', { ocsp: 'unavailable' }, 503, 'unavailable'],
    ['garbage', { ocsp: 'garbage' }, 200, 'garbage'],
    ['"try later"', { ocsp: 'try-later' }, 200, 'tryLater'],
    ['an internal error', { ocsp: { responseStatus: 'internalError' } }, 200, 'internalError'],
    ['"unknown"', { ocsp: { status: 'unknown' } }, 200, 'unknown'],
    ['"revoked" before its time', { ocsp: { status: 'revoked', nextUpdate: new Date(0) } }, 200, 'revoked'],
  ] as const)('can be %s', async ([, options, code, answer]) => {
    const pki = createPki();
    await using wrong = await startRevocationServer(pki, options);
    await using right = await startRevocationServer(pki);
    const request = ocspRequest([idOf(pki.issuer, 5n)]);

    const response = await ask(wrong.ocspUrl, request);

    expect(response.status).toBe(code);
    expect(wrong.requests).toMatchObject([{ kind: 'ocsp', serialNumber: '05', answer }]);
    await ask(right.ocspUrl, request);
    expect(right.requests).toMatchObject([{ answer: 'good' }]);
  });
});

test('a function decides what is answered about which certificate', async () => {
  const pki = createPki();
  const ask = async (serialNumber: bigint) => post(server.ocspUrl, ocspRequest([idOf(pki.issuer, serialNumber)]));
  await using server = await startRevocationServer(pki, {
    ocsp: ({ serialNumber }) => {
      if (serialNumber === '07') throw new Error('not this one');
      return serialNumber === '05' ? { status: 'unknown' } : serialNumber === '06' ? 'unavailable' : {};
    },
  });
  pki.issuer.revoke(0xabcn);

  const codes = [await ask(5n), await ask(6n), await ask(7n), await ask(8n), await ask(0xabcn)].map(({ status }) => status);
  await post(server.ocspUrl, Buffer.from('no request'));

  expect(codes).toEqual([200, 503, 500, 200, 200]);
  expect(server.requests.map(({ answer }) => answer)).toEqual(['unknown', 'unavailable', 'failed', 'good', 'revoked', 'malformedRequest']);
});

test('OCSP by GET is understood with slashes and plus signs that are not encoded', async () => {
  const pki = createPki();
  await using server = await startRevocationServer(pki);
  const request = [...Array.from({ length: 500 }).keys()]
    .map((number) => ocspRequest([idOf(pki.issuer, BigInt(number))]))
    .find((der) => /\/.*\+|\+.*\//u.test(Buffer.from(der).toString('base64')));
  const base64 = Buffer.from(request ?? []).toString('base64');

  await fetch(`${server.ocspUrl}/${base64}`);
  await fetch(`${server.ocspUrl}/${encodeURIComponent(base64)}`);

  expect(base64).toMatch(/[+/]/u);
  expect(server.requests).toMatchObject([{ answer: 'good' }, { answer: 'good' }]);
});

test.for([
  ['garbage', (url: string) => post(url, Buffer.from('hello')), 200, 'malformedRequest'],
  ['nothing', (url: string) => post(url, new Uint8Array(0)), 200, 'malformedRequest'],
  ['nothing in the URL', (url: string) => fetch(url), 200, 'malformedRequest'],
  ['an invalid URL', (url: string) => fetch(`${url}/%zz`), 200, 'malformedRequest'],
  ['another method', (url: string) => fetch(url, { method: 'PUT', body: 'x' }), 405, 'method-not-allowed'],
] as const)('OCSP with %s is refused, and remembered', async ([, ask, code, answer]) => {
  await using server = await startRevocationServer(createPki());

  const response = await ask(server.ocspUrl);

  expect(response.status).toBe(code);
  expect(server.requests).toMatchObject([{ kind: 'ocsp', answer }]);
  expect(server.requests[0]).not.toHaveProperty('serialNumber');
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

test('what fails is an answer too, and says why', async () => {
  const serialized = createPki().serialize();
  const authorities = serialized.authorities.map((authority) => ({ ...authority, crlNumber: Number.MAX_SAFE_INTEGER }));
  const pki = restorePki({ ...serialized, authorities });
  await using server = await startRevocationServer(pki);

  const response = await fetch(server.crlUrl(pki.issuer));

  expect(response.status).toBe(500);
  expect(await response.text()).toContain('Cannot use number');
  expect(server.requests).toMatchObject([{ answer: 'failed' }]);
});

test('a CRL is not to be posted to, but may be asked for by HEAD', async () => {
  const pki = createPki();
  await using server = await startRevocationServer(pki);

  const head = await fetch(server.crlUrl(pki.issuer), { method: 'HEAD' });

  expect([head.status, (await bytesOf(head)).length]).toEqual([200, 0]);
  expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
  expect((await fetch(server.crlUrl(pki.issuer), { method: 'POST', body: 'x' })).status).toBe(405);
  expect(server.requests.map(({ method, answer }) => [method, answer])).toEqual([
    ['HEAD', 'served'],
    ['POST', 'method-not-allowed'],
  ]);
});

test.for([
  ['unavailable', { crl: 'unavailable' }, 503],
  ['garbage', { crl: 'garbage' }, 200],
] as const)('a CRL can be %s', async ([answer, options, code]) => {
  const pki = createPki();
  await using server = await startRevocationServer(pki, options);

  const response = await fetch(server.crlUrl(pki.issuer));
  const body = await bytesOf(response);

  expect(response.status).toBe(code);
  expect(() => readRevocationList(body)).toThrow(expect.objectContaining({ code: 'DER_INVALID' }));
  expect(server.requests).toMatchObject([{ kind: 'crl', answer }]);
});

test('a CRL can be stale', async () => {
  const pki = createPki();
  const nextUpdate = new Date('2020-01-02T00:00:00Z');
  await using server = await startRevocationServer(pki, { crl: { nextUpdate } });

  expect(readRevocationList(await bytesOf(await fetch(server.crlUrl(pki.issuer)))).nextUpdate).toEqual(nextUpdate);
  expect(server.requests).toMatchObject([{ kind: 'crl', answer: 'served' }]);
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
