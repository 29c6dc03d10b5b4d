import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readDer } from '../../../src/asn1/der-reader.ts';
import { encodeName } from '../../../src/x509/names/distinguished-name.ts';
import { authorityKeyIdentifier } from '../../../src/x509/extensions.ts';
import {
  crlNumber,
  encodeRevocationList,
  isRevocationReason,
  revocationReasons,
  type RevokedCertificate,
  type RevocationListPlan,
} from '../../../src/x509/revocation/revocation-list.ts';
import { signerFor } from '../../../src/x509/signature.ts';
import { readRevocationList } from '../read-parts.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const date = new Date('2026-05-04T03:02:01Z');
const plan: RevocationListPlan = {
  issuer: encodeName('issuer'),
  thisUpdate: new Date('2049-12-31T00:00:00Z'),
  nextUpdate: new Date('2050-01-01T00:00:00Z'),
  revoked: [],
  extensions: [authorityKeyIdentifier(Uint8Array.of(7)), crlNumber(300)],
};
const encode = (revoked: readonly RevokedCertificate[]) => encodeRevocationList({ ...plan, revoked }, signerFor(privateKey));

test('a list without entries leaves the list of entries out, as RFC 5280 5.1.2.6 wants', () => {
  const der = encode([]);
  const list = readRevocationList(der);

  expect(readDer(der, 'CRL').children[0]?.children.map(({ tag }) => tag)).toEqual([0x02, 0x30, 0x30, 0x17, 0x18, 0xa0]);
  expect(list).toMatchObject({ version: 1n, thisUpdate: plan.thisUpdate, nextUpdate: plan.nextUpdate, revoked: [] });
  expect(Buffer.from(list.issuer)).toEqual(plan.issuer);
});

test('the issuer’s key verifies it', () => {
  const { signed, signature } = readRevocationList(encode([]));

  expect(verify('sha256', signed, publicKey, signature)).toBe(true);
  expect(verify('sha256', Buffer.concat([signed, Uint8Array.of(0)]), publicKey, signature)).toBe(false);
});

test('its extensions are not critical', () => {
  const { extensions } = readRevocationList(encode([]));

  expect(extensions.map(({ oid, critical }) => [oid, critical])).toEqual([
    ['2.5.29.35', false],
    ['2.5.29.20', false],
  ]);
  expect(extensions[1]?.value.integer).toBe(300n);
});

describe('an entry', () => {
  test.for([
    ['keyCompromise', 1],
    ['cACompromise', 2],
    ['affiliationChanged', 3],
    ['superseded', 4],
    ['cessationOfOperation', 5],
    ['certificateHold', 6],
    ['removeFromCRL', 8],
    ['privilegeWithdrawn', 9],
    ['aACompromise', 10],
  ] as const)('for %s has the reason code %d', ([reason, code]) => {
    expect(readRevocationList(encode([{ serialNumber: 5n, date, reason }])).revoked).toEqual([{ serialNumber: 5n, date, reason: code }]);
    expect(isRevocationReason(reason)).toBe(true);
  });

  test('without a particular reason has no reason code at all', () => {
    const entry = readDer(encode([{ serialNumber: 5n, date, reason: 'unspecified' }]), 'CRL').children[0]?.children[5]?.children[0];

    expect(entry?.children.map(({ tag }) => tag)).toEqual([0x02, 0x17]);
  });

  test('stands where it was put, whatever its serial number', () => {
    const serials = [2n ** 127n, 1n, 2n ** 159n - 1n];

    const list = readRevocationList(encode(serials.map((serialNumber) => ({ serialNumber, date, reason: 'superseded' }))));

    expect(list.revoked.map(({ serialNumber }) => serialNumber)).toEqual(serials);
  });

  test('from 2050 on is dated in GeneralizedTime', () => {
    const late = new Date('2050-06-01T00:00:00Z');

    expect(readRevocationList(encode([{ serialNumber: 1n, date: late, reason: 'superseded' }])).revoked[0]?.date).toEqual(late);
  });
});

test.for(['toString', 'constructor', '', 'KeyCompromise', '1'])('"%s" is not a reason', (word) => {
  expect(isRevocationReason(word)).toBe(false);
  expect(revocationReasons().every(isRevocationReason)).toBe(true);
});
