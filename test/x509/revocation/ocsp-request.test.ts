import { describe, expect, test } from 'vitest';
import { contextConstructed, element, integer, octetString, sequence } from '../../../src/asn1/der-writer.ts';
import { MtlsFixturesError } from '../../../src/errors/index.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { certificateFields } from '../../../src/x509/certificate-fields.ts';
import { encodeCertificateId } from '../../../src/x509/revocation/certificate-id.ts';
import { decodeOcspRequest } from '../../../src/x509/revocation/ocsp-request.ts';
import { ocspRequest, ornateOcspRequest } from '../ocsp-parts.ts';
import { randomNumbers } from '../../support/random-numbers.ts';

const issuer = certificateFields(createPki().issuer.certificate.raw);
const idOf = (serialNumber: bigint, hash: 'sha1' | 'sha256' = 'sha1') => encodeCertificateId(issuer, { serialNumber, hash });
const nonce = Uint8Array.of(1, 2, 3);
const ornate = ornateOcspRequest(idOf(7n), { nonce });

describe('a request', () => {
  test('names its certificates, in order', () => {
    const { certificates, nonce: none } = decodeOcspRequest(ocspRequest([idOf(1n), idOf(2n ** 150n, 'sha256')]));

    expect(certificates.map(({ serialNumber, der }) => [serialNumber, Buffer.from(der)])).toEqual([
      [1n, Buffer.from(idOf(1n))],
      [2n ** 150n, Buffer.from(idOf(2n ** 150n, 'sha256'))],
    ]);
    expect(none).toBeUndefined();
  });

  test('has its nonce as it stands there', () => {
    const { nonce: value } = decodeOcspRequest(ocspRequest([idOf(1n)], { nonce }));

    expect(Buffer.from(value ?? [])).toEqual(octetString(nonce));
  });

  test('may have a version, the name of who asks, extensions and a signature', () => {
    const { certificates, nonce: value } = decodeOcspRequest(ornate);

    expect(certificates.map(({ serialNumber }) => serialNumber)).toEqual([7n]);
    expect(Buffer.from(value ?? [])).toEqual(octetString(nonce));
  });
});

test.for([
  ['nothing', new Uint8Array(0), 'cut off'],
  ['text', Buffer.from('GET / HTTP/1.1'), ''],
  ['no SEQUENCE', integer(5), 'the request has the tag 0x02'],
  ['an empty SEQUENCE', sequence(), 'about no certificate'],
  ['an empty TBSRequest', sequence(sequence()), 'about no certificate'],
  ['an empty list', ocspRequest([]), 'about no certificate'],
  ['an empty Request', sequence(sequence(sequence(sequence()))), 'no CertID'],
  ['octets behind its end', Buffer.concat([ocspRequest([idOf(1n)]), Uint8Array.of(0)]), '1 octets follow'],
  [
    'a nonce that is not an OCTET STRING',
    sequence(sequence(sequence(sequence(idOf(1n))), contextConstructed(2, sequence(sequence(element(0x06, nonceOid())))))),
    'the nonce',
  ],
] as const)('%s is refused as no OCSP request', ([, der, problem]) => {
  expect(() => decodeOcspRequest(der)).toThrow(
    expect.objectContaining({
      code: 'DER_INVALID',
      facts: { what: 'OCSP request', problem: expect.stringContaining(problem) },
    }),
  );
  expect(decodeOcspRequest(ocspRequest([idOf(1n)])).certificates).toHaveLength(1);
});

describe('any octets are read or refused, never anything else', () => {
  test('a request cut off at any octet is refused', () => {
    for (let length = 0; length < ornate.length; length += 1)
      expect(() => decodeOcspRequest(ornate.subarray(0, length))).toThrow(expect.objectContaining({ code: 'DER_INVALID' }));
    expect(decodeOcspRequest(ornate).certificates).toHaveLength(1);
  });

  test('one octet changed, at every place', () => {
    for (let at = 0; at < ornate.length; at += 1)
      for (let octet = 0; octet < 256; octet += 1) expectReadOrRefused(Buffer.from(ornate).fill(octet, at, at + 1));
  });

  test.for([1, 2, 3, 4])('random octets, and random changes (seed %d)', (seed) => {
    const random = randomNumbers(seed);
    const below = (limit: number) => Math.floor(random() * limit);

    for (let round = 0; round < 3000; round += 1) {
      expectReadOrRefused(Buffer.from(Array.from({ length: below(60) }, () => below(256))));
      const changed = Buffer.from(ornate);
      for (let change = below(6); change >= 0; change -= 1) changed.copyWithin(below(changed.length), below(changed.length));
      expectReadOrRefused(changed);
    }
  });

  test('a megabyte of certificates is dealt with at once', { timeout: 5_000 }, () => {
    expectReadOrRefused(ocspRequest(Array.from({ length: 12_000 }, () => idOf(2n ** 120n))));
    expectReadOrRefused(ocspRequest([idOf(2n ** 8_000_000n)]));
    expectReadOrRefused(element(0x30, element(0x30, element(0x30, Buffer.alloc(2 ** 20, Uint8Array.of(0x30, 0x00))))));
  });
});

function expectReadOrRefused(der: Uint8Array): void {
  try {
    expect(decodeOcspRequest(der).certificates.length).toBeGreaterThan(0);
  } catch (error) {
    if (!(error instanceof MtlsFixturesError) || error.code !== 'DER_INVALID') throw error;
  }
}

function nonceOid(): Uint8Array {
  return Uint8Array.of(0x2b, 6, 1, 5, 5, 7, 48, 1, 2);
}
