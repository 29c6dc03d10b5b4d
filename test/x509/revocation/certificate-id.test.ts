import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readDer } from '../../../src/asn1/der-reader.ts';
import { integer, nullValue, objectIdentifier, octetString, sequence } from '../../../src/asn1/der-writer.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { certificateFields } from '../../../src/x509/certificate-fields.ts';
import { certificateIdHashes, decodeCertificateId, encodeCertificateId, isIssuedBy } from '../../../src/x509/revocation/certificate-id.ts';

const pki = createPki();
const issuer = certificateFields(pki.issuer.certificate.raw);
const impostor = certificateFields(createPki({ name: pki.name }).issuer.certificate.raw);
const decode = (der: Uint8Array) => decodeCertificateId(readDer(der, 'CertID'));

describe.for([
  ['sha1', '1.3.14.3.2.26'],
  ['sha256', '2.16.840.1.101.3.4.2.1'],
  ['sha384', '2.16.840.1.101.3.4.2.2'],
  ['sha512', '2.16.840.1.101.3.4.2.3'],
] as const)('a CertID of %s', ([hash, oid]) => {
  const serialNumber = 2n ** 127n + 5n;
  const der = encodeCertificateId(issuer, { serialNumber, hash });

  test('has the hashes of the issuer’s name and of the bits of its key, and the serial number', () => {
    const bits = readDer(issuer.spki, 'key').children[1]?.content.subarray(1) ?? new Uint8Array(0);

    const read = decode(der);

    expect(read).toMatchObject({ hashAlgorithm: oid, serialNumber });
    expect(Buffer.from(read.issuerNameHash)).toEqual(createHash(hash).update(issuer.subject).digest());
    expect(Buffer.from(read.issuerKeyHash)).toEqual(createHash(hash).update(bits).digest());
    expect(Buffer.from(read.der)).toEqual(Buffer.from(der));
  });

  test('names a certificate of that issuer, not of one of the same name with another key', () => {
    expect(isIssuedBy(decode(der), issuer)).toBe(true);
    expect(isIssuedBy(decode(der), impostor)).toBe(false);
    expect(isIssuedBy(decode(der), { ...issuer, subject: certificateFields(pki.root.certificate.raw).subject })).toBe(false);
    expect(certificateIdHashes()).toContain(hash);
  });
});

test('a CertID of a hash that is not known here names no certificate', () => {
  const hash = (data: Uint8Array) => octetString(createHash('md5').update(data).digest());
  const der = sequence(sequence(objectIdentifier('1.2.840.113549.2.5'), nullValue()), hash(issuer.subject), hash(issuer.spki), integer(1));

  expect(decode(der).serialNumber).toBe(1n);
  expect(isIssuedBy(decode(der), issuer)).toBe(false);
});

const algorithm = sequence(objectIdentifier('1.3.14.3.2.26'), nullValue());
const hash = octetString(new Uint8Array(20));

test.for([
  ['no SEQUENCE', integer(1)],
  ['no fields', sequence()],
  ['no serial number', sequence(algorithm, hash, hash)],
  ['no hash algorithm', sequence(sequence(), hash, hash, integer(1))],
  ['a hash that is not an OCTET STRING', sequence(algorithm, hash, integer(1), integer(1))],
  ['a serial number that is not an INTEGER', sequence(algorithm, hash, hash, hash)],
] as const)('a CertID with %s is refused', ([, der]) => {
  expect(() => decode(der)).toThrow(expect.objectContaining({ code: 'DER_INVALID' }));
  expect(decode(sequence(algorithm, hash, hash, integer(1))).serialNumber).toBe(1n);
});
