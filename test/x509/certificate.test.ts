import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readDer } from '../../src/asn1/der-reader.ts';
import { integer, nullValue, sequence } from '../../src/asn1/der-writer.ts';
import { type CertificatePlan, encodeCertificate, encodeTbsCertificate } from '../../src/x509/certificate.ts';
import { encodeName } from '../../src/x509/names/distinguished-name.ts';
import { basicConstraints } from '../../src/x509/extensions.ts';
import { signerFor } from '../../src/x509/signature.ts';
import { tbsFields } from './read-parts.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signer = signerFor(privateKey);
const plan: CertificatePlan = {
  version: 3,
  serialNumber: 0x7fn,
  issuer: encodeName('issuer'),
  validity: { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2051-01-01T00:00:00Z') },
  subject: encodeName('subject'),
  spki: publicKey.export({ type: 'spki', format: 'der' }),
  extensions: [basicConstraints({ ca: true }), { oid: '1.2.3.4', critical: true, value: nullValue() }],
};

test('Node reads the certificate as it was planned, and its key verifies it', () => {
  const certificate = new X509Certificate(encodeCertificate(plan, signer));

  expect(certificate).toMatchObject({ subject: 'CN=subject', issuer: 'CN=issuer', serialNumber: '7F', ca: true });
  expect(certificate.validFromDate).toEqual(plan.validity.notBefore);
  expect(certificate.validToDate).toEqual(plan.validity.notAfter);
  expect(certificate.verify(createPublicKey(privateKey))).toBe(true);
  expect(certificate.verify(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)).toBe(false);
});

describe('the signed part', () => {
  test('stands first, and names the same algorithm as the outside', () => {
    const [tbs, outer] = readDer(encodeCertificate(plan, signer), 'certificate').children;

    expect(Buffer.from(tbs?.bytes ?? [])).toEqual(encodeTbsCertificate(plan, signer.algorithm));
    expect(Buffer.from(tbs?.children[2]?.bytes ?? [])).toEqual(Buffer.from(signer.algorithm));
    expect(Buffer.from(outer?.bytes ?? [])).toEqual(Buffer.from(signer.algorithm));
  });

  test.for([
    ['version 3', { version: 3 }, [0xa0, 0x02, 0x30, 0x30, 0x30, 0x30, 0x30, 0xa3]],
    ['version 1, which is left out', { version: 1, extensions: [] }, [0x02, 0x30, 0x30, 0x30, 0x30, 0x30]],
    ['version 2', { version: 2, extensions: [] }, [0xa0, 0x02, 0x30, 0x30, 0x30, 0x30, 0x30]],
    ['no extensions', { extensions: [] }, [0xa0, 0x02, 0x30, 0x30, 0x30, 0x30, 0x30]],
    ['version 1 with extensions, which is wrong', { version: 1 }, [0x02, 0x30, 0x30, 0x30, 0x30, 0x30, 0xa3]],
  ] as const satisfies readonly (readonly [string, Partial<CertificatePlan>, readonly number[]])[])(
    'with %s has the fields of RFC 5280 4.1',
    ([, change, tags]) => {
      const fields = tbsFields(encodeCertificate({ ...plan, ...change }, signer));

      expect(fields.map(({ tag }) => tag)).toEqual(tags);
    },
  );

  test.for([0n, -1n, 2n ** 200n])('can hold the serial number %d, which no CA should issue', (serialNumber) => {
    const fields = tbsFields(encodeCertificate({ ...plan, serialNumber }, signer));

    expect(fields[1]?.integer).toBe(serialNumber);
  });

  test('is signed by whatever signs it, so that a wrong signature can be made', () => {
    const forged = encodeCertificate(plan, { algorithm: signer.algorithm, sign: () => sequence(integer(1), integer(1)) });

    expect(new X509Certificate(forged).verify(publicKey)).toBe(false);
    expect(new X509Certificate(encodeCertificate(plan, signer)).verify(publicKey)).toBe(true);
  });
});
