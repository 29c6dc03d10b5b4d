import { describe, expect, test } from 'vitest';
import { createPki } from '../../src/pki/pki.ts';
import { startRevocationServer } from '../../src/revocation/start-revocation-server.ts';
import { ocspRequest, ocspStatusNumber, readOcspParts } from '../x509/ocsp-parts.ts';
import { bytesOf, getUrl, idOf, post } from './revocation-requests.ts';

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
