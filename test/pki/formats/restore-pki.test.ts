import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encodePem } from '../../../src/asn1/pem.ts';
import { assemblePki, createPki, type Pki } from '../../../src/pki/pki.ts';
import { restorePki } from '../../../src/pki/formats/restore-pki.ts';
import type { SerializedPki } from '../../../src/pki/formats/serialized-pki.ts';
import { inspectCertificate } from '../../../src/x509/inspect-certificate.ts';
import { readRevocationLists } from '../../x509/read-parts.ts';
import { catchError } from '../../support/catch-error.ts';

const throughJson = (pki: Pki): SerializedPki => JSON.parse(JSON.stringify(pki.serialize()));

describe('a restored PKI', () => {
  test.for([0, 1, 3])('is the one that was serialized (%d intermediates)', (intermediates) => {
    const pki = createPki({ name: 'p', intermediates, keyAlgorithm: 'ec-p384', validFor: 7_200_000 });

    const restored = restorePki(throughJson(pki));

    expect(restored.serialize()).toEqual(pki.serialize());
    expect([restored.name, restored.anchors, restored.issuer.chainPem]).toEqual([pki.name, pki.anchors, pki.issuer.chainPem]);
  });

  test('issues what the original vouches for, and the reverse, up to the same anchors', () => {
    const pki = createPki();
    const restored = restorePki(throughJson(pki));

    for (const [one, other] of [
      [pki, restored],
      [restored, pki],
    ] as const) {
      const { certificate, tls } = one.client('alice');
      const [intermediate] = inspectCertificate(tls.cert).chain;

      expect(certificate.verify(other.issuer.certificate.publicKey)).toBe(true);
      expect(new X509Certificate(intermediate?.pem ?? '').verify(new X509Certificate(other.anchors).publicKey)).toBe(true);
      expect(tls.ca).toBe(other.anchors);
    }
    expect(restored.client().certificate.verify(createPki().issuer.certificate.publicKey)).toBe(false);
  });

  test('issues by the settings of the original', () => {
    const restored = restorePki(throughJson(createPki({ keyAlgorithm: 'ed25519', validFor: 7_200_000 })));

    const { keyAlgorithm, notAfter } = inspectCertificate(restored.client().certificate);

    expect(keyAlgorithm).toBe('ed25519');
    expect(notAfter.getTime() - Date.now()).toBeCloseTo(7_200_000, -5);
  });

  test('keeps revocations with reason and date, and goes on numbering its CRLs', () => {
    const pki = createPki();
    const client = pki.client();
    pki.issuer.revoke(client, { reason: 'superseded', date: new Date('2026-01-02T03:04:05Z') });
    pki.root.revoke(pki.issuer, 'cACompromise');
    pki.crls();

    const restored = restorePki(throughJson(pki));
    const [root, issuer] = readRevocationLists(restored.crls().join(''));

    expect(root).toMatchObject({ revoked: [{ serialNumber: BigInt(`0x${pki.issuer.certificate.serialNumber}`), reason: 2 }] });
    expect(issuer?.revoked).toEqual([
      { serialNumber: BigInt(`0x${client.certificate.serialNumber}`), reason: 4, date: new Date('2026-01-02T03:04:05Z') },
    ]);
    expect(issuer?.extensions[1]?.value.integer).toBe(2n);
  });

  test('knows the path lengths of its authorities', () => {
    const { root } = createPki();
    const limited = assemblePki({
      name: 'limited',
      authorities: [root, root.issueAuthority({ pathLength: 0 })],
      keyAlgorithm: 'ec-p256',
      validFor: 3_600_000,
    });

    const restored = restorePki(throughJson(limited));

    expect(() => restored.issuer.issueAuthority()).toThrow(expect.objectContaining({ code: 'CA_PATH_LENGTH' }));
    expect(restored.root.issueAuthority().issue().name).toBe('leaf');
  });

  test('revokes what the original issued', () => {
    const pki = createPki();
    const restored = restorePki(throughJson(pki));

    restored.issuer.revoke(pki.client());

    expect(restored.issuer.revoked).toHaveLength(1);
    expect(pki.issuer.revoked).toHaveLength(0);
  });
});

describe('damage is refused', () => {
  const pki = createPki({ name: 'p' });
  const [other, leaf] = [createPki({ name: 'p' }).serialize().authorities, pki.root.issue()];
  const entry = { serialNumber: '5', reason: 'superseded', date: '2026-01-01T00:00:00.000Z' };

  test.for<readonly [string, (copy: Draft) => void, string]>([
    ['another version', (copy) => void (copy['version'] = 2), 'its version is 2, not 1'],
    ['no version', (copy) => void delete copy['version'], 'its version is undefined'],
    ['no name', (copy) => void delete copy['name'], 'its name or its authorities are missing'],
    ['an empty name', (copy) => void (copy['name'] = ''), 'its name or its authorities are missing'],
    ['an unknown key algorithm', (copy) => void (copy['keyAlgorithm'] = 'rsa'), 'it is not a known key algorithm'],
    ['no lifetime', (copy) => void (copy['validFor'] = null), 'validFor "null"'],
    ['authorities that are not a list', (copy) => void Object.assign(copy, { authorities: {} }), 'its name or its authorities are missing'],
    ['no authorities', (copy) => void copy.authorities.splice(0), 'it has no authority'],
    ['the root gone', (copy) => void copy.authorities.shift(), '"p issuing CA" was not issued by itself, as a root is'],
    ['the authorities in the wrong order', (copy) => void copy.authorities.push(...copy.authorities.splice(0, 1)), 'was not issued by'],
    [
      'an authority of another PKI',
      (copy) => void (copy.authorities[1] = { ...other[1] }),
      '"p issuing CA" was not issued by the authority before it',
    ],
    [
      'the root of another PKI',
      (copy) => void (copy.authorities[0] = { ...other[0] }),
      '"p issuing CA" was not issued by the authority before it',
    ],
    ['the key of another authority', inIssuer({ key: other[1]?.key }), 'the key of "p issuing CA" is another certificate’s'],
    ['a leaf for an authority', inIssuer({ certificate: leaf.certificatePem, key: leaf.keyPem }), 'the certificate of a leaf'],
    ['an invalid authority', (copy) => void (copy.authorities[1] = JSON.parse('null')), ''],
    ['no certificate', inIssuer({ certificate: '' }), 'an authority has no certificate'],
    ['a certificate that is not text', inIssuer({ certificate: 5 }), ''],
    ['a certificate cut off', inIssuer({ certificate: pki.issuer.certificatePem.slice(0, 200) }), 'it has no END CERTIFICATE'],
    ['a certificate with an octet changed', inIssuer({ certificate: pki.issuer.certificatePem.replace('MII', 'MIJ') }), ''],
    [
      'a signature with a bit changed',
      inIssuer({ certificate: encodePem('CERTIFICATE', bitChanged(pki.issuer.certificate.raw)) }),
      '"p issuing CA" was not issued by the authority before it',
    ],
    ['no key', inIssuer({ key: undefined }), 'Cannot use key "undefined"'],
    ['a key cut off', inIssuer({ key: pki.issuer.keyPem.slice(0, 60) }), 'it has no END PRIVATE KEY'],
    ['an invalid CRL number', inIssuer({ crlNumber: '3' }), 'it has the CRL number "3"'],
    ['a negative CRL number', inIssuer({ crlNumber: -1 }), 'it has the CRL number -1'],
    ['no CRL number', inIssuer({ crlNumber: undefined }), 'it has the CRL number'],
    ['no revocations', inIssuer({ revoked: undefined }), ''],
    ['an invalid revocation', inIssuer({ revoked: [null] }), ''],
    ['a revocation without a serial number', inIssuer({ revoked: [{ ...entry, serialNumber: undefined }] }), ''],
    ['a revocation of what is not a number', inIssuer({ revoked: [{ ...entry, serialNumber: 'xyz' }] }), ''],
    ['a revocation for an unknown reason', inIssuer({ revoked: [{ ...entry, reason: 'toString' }] }), 'a revocation for "toString"'],
    ['a revocation at no time', inIssuer({ revoked: [{ ...entry, date: 'yesterday' }] }), 'Cannot use date "Invalid Date"'],
  ])('%s', ([, damage, problem]) => {
    const copy: Draft = structuredClone({ ...throughJson(pki) }) as never; // the same data, no longer readonly
    expect(restorePki(copy as never).name).toBe('p'); // as plain JavaScript may

    damage(copy);
    const error = catchError(() => restorePki(copy as never));

    expect(error).toMatchObject({ code: 'SERIALIZED_PKI_INVALID', facts: { problem: expect.stringContaining(problem.replace('’', "'")) } });
    expect(String(error)).not.toContain(pki.issuer.keyPem.split('\n')[1]);
  });

  test.for(['null', '5', '"text"', '[]', '{}'])('the value %s', (json) => {
    expect(() => restorePki(JSON.parse(json))).toThrow(expect.objectContaining({ code: 'SERIALIZED_PKI_INVALID' }));
    expect(() => restorePki(undefined as never)).toThrow(expect.objectContaining({ code: 'SERIALIZED_PKI_INVALID' }));
  });

  test('what went wrong underneath is the cause', () => {
    const [root] = pki.serialize().authorities;
    const damaged = { ...pki.serialize(), authorities: [{ ...root, certificate: '-----BEGIN CERTIFICATE-----' }] } as never; // as plain JavaScript may

    expect(() => restorePki(damaged)).toThrow(
      expect.objectContaining({ code: 'SERIALIZED_PKI_INVALID', cause: expect.objectContaining({ code: 'PEM_INVALID' }) }),
    );
  });
});

test.runIf(Number.parseInt(process.versions.node, 10) < 24)(
  'a PKI with keys of ML-DSA is refused for that by a runtime without them',
  () => {
    const [root] = createPki({ intermediates: 0 }).serialize().authorities;
    /** PKCS#8 with a seed of zeros (RFC 9881 6). */
    const key = encodePem('PRIVATE KEY', Buffer.from(`3034020100300b060960864801650304031104228020${'00'.repeat(32)}`, 'hex'));
    const serialized = { ...createPki().serialize(), keyAlgorithm: 'ml-dsa-44', authorities: [{ ...root, key }] } as never; // as if it came from Node 26

    expect(() => restorePki(serialized)).toThrow(expect.objectContaining({ code: 'KEY_ALGORITHM_UNAVAILABLE' }));
  },
);

interface Draft {
  [field: string]: unknown;
  authorities: Record<string, unknown>[];
}

function inIssuer(change: Record<string, unknown>): (copy: Draft) => void {
  return ({ authorities }) => void Object.assign(authorities[1] ?? {}, change);
}

function bitChanged(der: Uint8Array): Uint8Array {
  return Uint8Array.from(der, (octet, index) => (index === der.length - 1 ? octet ^ 1 : octet));
}
