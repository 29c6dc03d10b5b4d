import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { integer, sequence } from '../../src/asn1/der-writer.ts';
import { type CertificatePlan, encodeCertificate } from '../../src/x509/certificate.ts';
import { certificateFields } from '../../src/x509/certificate-fields.ts';
import { encodeName } from '../../src/x509/names/distinguished-name.ts';
import { signerFor } from '../../src/x509/signature.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signer = signerFor(privateKey);
const plan: CertificatePlan = {
  version: 3,
  serialNumber: 1n,
  issuer: encodeName('issuer'),
  validity: { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2051-01-01T00:00:00Z') },
  subject: encodeName({ organization: 'Org', commonName: 'subject' }),
  spki: publicKey.export({ type: 'spki', format: 'der' }),
  extensions: [],
};

test.for([1, 3])('the fields that an issuer needs are read octet for octet from version %d', (version) => {
  const fields = certificateFields(encodeCertificate({ ...plan, version }, signer));

  expect(Buffer.from(fields.subject)).toEqual(plan.subject);
  expect(Buffer.from(fields.spki)).toEqual(plan.spki);
  expect(fields.notAfter).toEqual(plan.validity.notAfter);
});

test.for([
  ['nothing', new Uint8Array()],
  ['an empty SEQUENCE', sequence()],
  ['a certificate without fields', sequence(sequence(), sequence())],
  ['a certificate with a validity of nothing', sequence(sequence(integer(1), sequence(), sequence(), sequence(), sequence(), sequence()))],
] as const)('they are refused in %s', ([, bytes]) => {
  expect(() => certificateFields(bytes)).toThrow(expect.objectContaining({ code: 'DER_INVALID' }));
  expect(certificateFields(encodeCertificate(plan, signer)).subject).toHaveLength(plan.subject.length);
});
