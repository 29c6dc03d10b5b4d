import { describe, expect, test } from 'vitest';
import { decodePem } from '../../src/asn1/pem.ts';
import { createPki } from '../../src/pki/pki.ts';
import { restorePki } from '../../src/pki/formats/restore-pki.ts';
import { startRevocationServer } from '../../src/revocation/start-revocation-server.ts';
import { certificateFields } from '../../src/x509/certificate-fields.ts';
import { ocspRequest, ocspStatusNumber } from '../x509/ocsp-parts.ts';
import { readRevocationList } from '../x509/read-parts.ts';
import { bytesOf, idOf, post } from './revocation-requests.ts';

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
