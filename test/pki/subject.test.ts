import { describe, expect, test } from 'vitest';
import { createPki } from '../../src/pki/pki.ts';
import { selfSignedIdentity } from '../../src/pki/self-signed-identity.ts';
import { inspectCertificate } from '../../src/x509/inspect-certificate.ts';

const pki = createPki({ name: 'p' });
const longest = 'x'.repeat(64);
const nameInvalid = (kind: string, problem: RegExp) =>
  expect.objectContaining({ code: 'NAME_INVALID', facts: expect.objectContaining({ kind, problem: expect.stringMatching(problem) }) });
/** A host name of 70 characters. */
const longHost = `${'a'.repeat(60)}.long.test`;

describe('a common name of 64 characters is written, and one of 65 is refused', () => {
  test.for([
    ['as the name of a client', (name: string) => pki.client(name)],
    ['as an option', (commonName: string) => pki.server({ commonName })],
    ['within a subject', (commonName: string) => pki.issuer.issue({ subject: { organization: 'o', commonName } })],
    ['by its short name', (CN: string) => pki.issuer.issue({ subject: { CN } })],
    ['by its object identifier', (value: string) => pki.issuer.issue({ subject: [{ type: '2.5.4.3', value }] })],
    ['of an authority', (commonName: string) => pki.issuer.issueAuthority({ commonName })],
  ] as const)('%s', ([, mint]) => {
    expect(inspectCertificate(mint(longest).certificate).commonName).toBe(longest);
    expect(() => mint(`${longest}x`)).toThrow(nameInvalid('commonName', /65 characters.*at most 64/u));
  });

  test('of a self-signed identity', async () => {
    expect((await selfSignedIdentity({ commonName: longest })).name).toBe(longest);
    await expect(selfSignedIdentity({ commonName: `${longest}x` })).rejects.toThrow(nameInvalid('commonName', /at most 64/u));
  });

  test('characters count, not octets', () => {
    expect(pki.client('ü'.repeat(64)).name).toHaveLength(64);
    expect(pki.client('😀'.repeat(64)).name).toBe('😀'.repeat(64));
    expect(() => pki.client('😀'.repeat(65))).toThrow(nameInvalid('commonName', /65 characters/u));
  });

  test('other attributes may be longer', () => {
    expect(inspectCertificate(pki.client('a', { subject: { street: 'x'.repeat(100) } }).certificate).subject.street).toHaveLength(100);
  });
});

describe('a PKI', () => {
  test.for([
    [1, 53],
    [2, 51],
    [20, 50],
  ] as const)('of %d intermediates has a name of at most %d characters', ([intermediates, most]) => {
    const { issuer } = createPki({ name: 'x'.repeat(most), intermediates });

    expect(issuer.name).toHaveLength(64);
    expect(() => createPki({ name: 'x'.repeat(most + 1), intermediates })).toThrow(
      nameInvalid('PKI name', new RegExp(`use at most ${most}`, 'u')),
    );
  });

  test('subordinate authorities without a name of their own have one that fits, however deep', () => {
    let authority = pki.root;
    for (let depth = 0; depth < 5; depth += 1) authority = authority.issueAuthority();

    expect(authority.name).toMatch(/^p root CA subordinate CA.* subordinate CA$/u);
    expect(authority.name.length).toBeLessThanOrEqual(64);
  });
});

describe('a subject made of a host name', () => {
  test.for([
    ['bücher.example', 'xn--bcher-kva.example'],
    ['*.bücher.example', '*.xn--bcher-kva.example'],
    ['plain.test', 'plain.test'],
  ] as const)('%s has the common name %s', ([dns, commonName]) => {
    for (const identity of [pki.server({ dns }), pki.issuer.issue({ dns })])
      expect(inspectCertificate(identity.certificate)).toMatchObject({ commonName, altNames: { dns: [commonName] } });
  });

  test('of more than 64 characters has no common name, and a name all the same', () => {
    for (const identity of [pki.server({ dns: longHost }), pki.issuer.issue({ dns: longHost })]) {
      const { subject, altNames } = inspectCertificate(identity.certificate);

      expect(subject.text).toBe('O=mtls-fixtures');
      expect(altNames.dns).toEqual([longHost]);
    }
  });

  test('that is not one is refused as a host name', () => {
    expect(() => pki.server({ dns: 'a b' })).toThrow(nameInvalid('DNS name', /not a host name/u));
  });
});

describe('an empty subject', () => {
  test('makes the alternative name critical, and another subject does not', () => {
    const isCritical = (subject: object): boolean => pki.server({ subject, dns: 'a.test' }).certificate.raw.includes(criticalAltName);

    expect(isCritical({})).toBe(true);
    expect(isCritical({ organization: 'o' })).toBe(false);
  });

  test('without an alternative name is refused, of leaves and of authorities', () => {
    for (const mint of [
      () => pki.client(undefined, { subject: {} }),
      () => pki.issuer.issue({ subject: {}, dns: [] }),
      () => pki.issuer.issueAuthority({ subject: {} }),
    ])
      expect(mint).toThrow(nameInvalid('subject', /it is empty, and there is no alternative name/u));
  });

  test('is written beside an alternative name of raw DER', () => {
    const value = Buffer.from('30088206612e74657374', 'hex');

    expect(
      pki.client(undefined, { subject: {}, extensions: [{ oid: '2.5.29.17', critical: true, value }] }).certificate.subject,
    ).toBeUndefined();
  });
});

/** The extension's identifier, then TRUE. */
const criticalAltName = Buffer.from('0603551d110101ff', 'hex');
