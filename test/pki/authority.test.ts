import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { nullValue } from '../../src/asn1/der-writer.ts';
import type { KeyAlgorithm } from '../../src/pki/key-algorithm.ts';
import { createPki } from '../../src/pki/pki.ts';
import { inspectCertificate } from '../../src/x509/inspect-certificate.ts';
import { extensionsOf, tbsFields } from '../x509/read-parts.ts';
import { optionInvalid } from './option-invalid.ts';

const lacksMlDsa = Number.parseInt(process.versions.node, 10) < 24;
const algorithms: readonly KeyAlgorithm[] = [
  ...(['ec-p256', 'ec-p384', 'ec-p521', 'ed25519', 'rsa-2048', 'rsa-3072', 'rsa-4096', 'rsa-pss-2048'] as const),
  ...(lacksMlDsa ? [] : (['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const)),
];
const pki = createPki({ name: 'profile' });
const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const oid = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  altName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  points: '2.5.29.31',
  authorityKeyIdentifier: '2.5.29.35',
  purposes: '2.5.29.37',
  access: '1.3.6.1.5.5.7.1.1',
};

describe('issuer and subject of different key types', () => {
  const authorities = new Map(
    algorithms.map((keyAlgorithm) => [keyAlgorithm, pki.root.issueAuthority({ commonName: `CA ${keyAlgorithm}`, keyAlgorithm })]),
  );
  const pairs = algorithms.map((issuer, index): [KeyAlgorithm, KeyAlgorithm] => [
    issuer,
    algorithms[(index + 1) % algorithms.length] ?? 'ec-p256',
  ]);

  test.for(pairs)('%s signs %s, and Node verifies it', ([issuerAlgorithm, keyAlgorithm]) => {
    const authority = authorities.get(issuerAlgorithm) ?? pki.root;
    const { certificate } = authority.issue({ keyAlgorithm });

    expect(inspectCertificate(authority.certificate).keyAlgorithm).toBe(issuerAlgorithm);
    expect(inspectCertificate(certificate).keyAlgorithm).toBe(keyAlgorithm);
    expect(certificate.checkIssued(authority.certificate)).toBe(true);
    expect(certificate.verify(authority.certificate.publicKey)).toBe(true);
    expect(certificate.verify(pki.root.certificate.publicKey)).toBe(false);
    expect(authority.certificate.verify(pki.root.certificate.publicKey)).toBe(true);
  });

  test('the algorithm of the issuer’s PKI is the default', () => {
    const { root } = createPki({ keyAlgorithm: 'ed25519', intermediates: 0 });

    expect(inspectCertificate(root.issue().certificate).keyAlgorithm).toBe('ed25519');
    expect(inspectCertificate(root.issueAuthority().issue().certificate)).toMatchObject({
      keyAlgorithm: 'ed25519',
      signatureAlgorithm: 'ed25519',
    });
  });
});

describe.for([
  ['a root', pki.root.certificate, pki.root.certificate],
  ['a subordinate authority', pki.issuer.certificate, pki.root.certificate],
  ['a leaf', pki.client().certificate, pki.issuer.certificate],
] as const)('%s', ([, certificate, issuer]) => {
  const extensions = new Map(extensionsOf(certificate.raw).map((extension) => [extension.oid, extension]));

  test('is of version 3, and its serial number has 16 octets and is positive', () => {
    const [version, serialNumber] = tbsFields(certificate.raw);

    expect(version?.inner().integer).toBe(2n);
    expect(serialNumber?.content).toHaveLength(16);
    expect(serialNumber?.integer).toBeGreaterThan(0n);
  });

  test('has a subject key identifier, and the issuer’s as authority key identifier', () => {
    const issuerIdentifier = extensionsOf(issuer.raw).find((extension) => extension.oid === oid.subjectKeyIdentifier)?.value.content;

    expect(extensions.get(oid.subjectKeyIdentifier)?.value.content).toHaveLength(20);
    expect(issuerIdentifier).toHaveLength(20);
    expect(extensions.get(oid.authorityKeyIdentifier)?.value.children.map(({ tag, content }) => [tag, content])).toEqual([
      [0x80, issuerIdentifier],
    ]);
  });

  test('has each extension once, and exactly basicConstraints and keyUsage critical', () => {
    const all = extensionsOf(certificate.raw);

    expect(extensions.size).toBe(all.length);
    expect(all.filter(({ critical }) => critical).map((extension) => extension.oid)).toEqual([oid.basicConstraints, oid.keyUsage]);
  });

  test('repeats its issuer’s subject octet for octet', () => {
    expect(tbsFields(certificate.raw)[3]?.bytes).toEqual(tbsFields(issuer.raw)[5]?.bytes);
  });
});

describe('issue', () => {
  test.for([
    ['ec-p256', ['digitalSignature']],
    ['ed25519', ['digitalSignature']],
    ['rsa-2048', ['digitalSignature', 'keyEncipherment']],
    ['rsa-pss-2048', ['digitalSignature']],
  ] as const)('gives a key of %s the usages %j', ([keyAlgorithm, keyUsage]) => {
    expect(inspectCertificate(pki.root.issue({ keyAlgorithm }).certificate).keyUsage).toEqual(keyUsage);
    expect(inspectCertificate(pki.root.issue({ keyAlgorithm, keyUsage: ['keyAgreement'] }).certificate).keyUsage).toEqual(['keyAgreement']);
    expect(inspectCertificate(pki.root.issue({ keyAlgorithm, keyUsage: false }).certificate)).not.toHaveProperty('keyUsage');
  });

  test.for([
    ['a client', ['clientAuth'], ['digitalSignature']],
    ['a signer of code', ['codeSigning'], ['digitalSignature']],
    ['a server', ['serverAuth'], ['digitalSignature', 'keyEncipherment']],
    ['a server by its object identifier', ['1.3.6.1.5.5.7.3.1'], ['digitalSignature', 'keyEncipherment']],
    ['both', ['clientAuth', 'serverAuth'], ['digitalSignature', 'keyEncipherment']],
    ['any purpose', ['anyExtendedKeyUsage'], ['digitalSignature', 'keyEncipherment']],
    ['no stated purpose', false, ['digitalSignature', 'keyEncipherment']],
  ] as const)('gives an RSA key of %s what it needs', ([, extendedKeyUsage, keyUsage]) => {
    const { certificate } = pki.root.issue({ key: rsaKey, extendedKeyUsage });

    expect(inspectCertificate(certificate).keyUsage).toEqual(keyUsage);
  });

  test('makes a leaf for both roles unless told otherwise', () => {
    expect(inspectCertificate(pki.root.issue().certificate).extendedKeyUsage).toEqual(['serverAuth', 'clientAuth']);
    expect(inspectCertificate(pki.root.issue({ extendedKeyUsage: ['codeSigning'] }).certificate).extendedKeyUsage).toEqual(['codeSigning']);
    expect(inspectCertificate(pki.root.issue({ extendedKeyUsage: false }).certificate)).not.toHaveProperty('extendedKeyUsage');
  });

  test.for([
    [{}, 'leaf'],
    [{ dns: [] }, 'leaf'],
    [{ dns: ['a.test', 'b.test'] }, 'a.test'],
    [{ commonName: 'c', dns: 'a.test' }, 'c'],
    [{ subject: 'd' }, 'd'],
    [{ subject: { organization: 'Org' }, commonName: 'e' }, 'e'],
    [{ subject: { organization: 'Org' } }, undefined],
  ] as const)('with %j names the subject %j', ([options, commonName]) => {
    expect(inspectCertificate(pki.root.issue(options).certificate).commonName).toBe(commonName);
  });

  test.for([{ subject: 'a' }, { subject: { commonName: 'a' } }, { subject: [{ type: 'commonName', value: 'a' }] }] as const)(
    'with %j takes no second common name',
    (options) => {
      expect(() => pki.root.issue({ ...options, commonName: 'b' })).toThrow(optionInvalid('commonName', 'b'));
      expect(pki.root.issue(options).name).toBe('a');
    },
  );

  test('makes the alternative names critical exactly where the subject is empty', () => {
    const altNames = (subject: object) =>
      extensionsOf(pki.root.issue({ subject, dns: 'a.test' }).certificate.raw).find((extension) => extension.oid === oid.altName);

    expect(altNames({})?.critical).toBe(true);
    expect(altNames({ organization: 'Org' })?.critical).toBe(false);
  });

  test('writes URLs and raw extensions where they are given', () => {
    const { certificate } = pki.root.issue({
      crlDistributionPoints: ['http://a.test/1', 'http://a.test/2'],
      ocsp: 'http://a.test/ocsp',
      caIssuers: 'http://a.test/ca',
      extensions: [
        { oid: '1.3.6.1.5.5.7.1.24', value: Buffer.from('3003020105', 'hex') },
        { oid: '1.2.3', critical: true, value: nullValue() },
      ],
    });

    const extensions = extensionsOf(certificate.raw);

    expect(certificate.infoAccess).toBe('OCSP - URI:http://a.test/ocsp\nCA Issuers - URI:http://a.test/ca');
    expect(extensions.find((extension) => extension.oid === oid.points)?.value.children).toHaveLength(2);
    expect(extensions.find((extension) => extension.oid === '1.2.3')).toMatchObject({ critical: true });
    expect(Buffer.from(extensions.find((extension) => extension.oid === '1.3.6.1.5.5.7.1.24')?.value.bytes ?? []).toString('hex')).toBe(
      '3003020105',
    );
  });

  test.for([
    ['KeyObject', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
    [
      'PEM',
      generateKeyPairSync('ed25519', {
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'pem' },
      }).privateKey,
    ],
  ] as const)('takes the subject’s own key as %s', ([, key]) => {
    const identity = pki.root.issue({ key });

    expect(identity.certificate.publicKey.equals(createPublicKey(key))).toBe(true);
    expect(identity.certificate.checkPrivateKey(createPrivateKey(identity.keyPem))).toBe(true);
    expect(() => pki.root.issue({ key, keyAlgorithm: 'ec-p256' })).toThrow(optionInvalid('keyAlgorithm', 'ec-p256'));
  });

  test('writes the serial number that is given', () => {
    expect(pki.root.issue({ serialNumber: 'AB:CD' }).certificate.serialNumber).toBe('ABCD');
    expect(pki.root.issue().certificate.serialNumber).not.toBe(pki.root.issue().certificate.serialNumber);
  });

  test.for<readonly [string, object, string]>([
    ['an unknown option', { comonName: 'x' }, 'OPTION_INVALID'],
    ['an option of authorities', { pathLength: 1 }, 'OPTION_INVALID'],
    ['an empty name', { commonName: '' }, 'NAME_INVALID'],
    ['an invalid DNS name', { dns: 'a b' }, 'NAME_INVALID'],
    ['names that are not a list', { dns: 5 }, 'OPTION_INVALID'],
    ['an invalid address', { ip: 'localhost' }, 'NAME_INVALID'],
    ['an invalid URI', { uri: 'x' }, 'NAME_INVALID'],
    ['an invalid URL of a CRL', { crlDistributionPoints: 'x' }, 'NAME_INVALID'],
    ['an invalid usage', { keyUsage: ['signing'] }, 'OPTION_INVALID'],
    ['an invalid purpose', { extendedKeyUsage: ['client'] }, 'OPTION_INVALID'],
    ['an invalid raw extension', { extensions: [{ oid: 'subjectAltName', value: new Uint8Array() }] }, 'OPTION_INVALID'],
    ['a usage that is not a list', { keyUsage: 'digitalSignature' }, 'OPTION_INVALID'],
    ['a purpose that is not a list', { extendedKeyUsage: 'clientAuth' }, 'OPTION_INVALID'],
    ['an empty list of usages', { keyUsage: [] }, 'OPTION_INVALID'],
    ['an empty list of purposes', { extendedKeyUsage: [] }, 'OPTION_INVALID'],
    ['a raw extension that is null', { extensions: [null] }, 'OPTION_INVALID'],
    ['a raw extension whose identifier is a number', { extensions: [{ oid: 1.2, value: new Uint8Array() }] }, 'OPTION_INVALID'],
    ['a common name that is not text', { commonName: 5 }, 'NAME_INVALID'],
    ['a common name that is null', { commonName: null }, 'NAME_INVALID'],
    ['a subject that is not a name', { subject: 5 }, 'NAME_INVALID'],
    ['a subject that is null', { subject: null }, 'NAME_INVALID'],
    ['a subject that is not a name beside a common name', { subject: 5, commonName: 'x' }, 'NAME_INVALID'],
    ['a raw extension that is not a list', { extensions: { oid: '1.2.3', value: new Uint8Array() } }, 'OPTION_INVALID'],
    ['a raw extension without bytes', { extensions: [{ oid: '1.2.3', value: '0500' }] }, 'OPTION_INVALID'],
    ['a serial number of zero', { serialNumber: 0 }, 'SERIAL_NUMBER_INVALID'],
    ['an end before the beginning', { notBefore: new Date(2), notAfter: new Date(1) }, 'DATE_ORDER'],
    ['no lifetime', { validFor: 0 }, 'OPTION_INVALID'],
    ['an unknown key algorithm', { keyAlgorithm: 'rsa-512' }, 'KEY_ALGORITHM_UNKNOWN'],
    ['an invalid key', { key: 'no key' }, 'PEM_INVALID'],
  ])('refuses %s', ([, options, code]) => {
    expect(() => pki.root.issue(options)).toThrow(expect.objectContaining({ code }));
    expect(pki.root.issue({ commonName: 'control' }).name).toBe('control');
  });

  test.for(['null', '5', '"alice"'])('refuses options that are %s', (json) => {
    const refused = expect.objectContaining({
      code: 'OPTION_INVALID',
      facts: expect.objectContaining({ value: String(JSON.parse(json)) }),
    });

    expect(() => pki.root.issue(JSON.parse(json))).toThrow(refused);
    expect(() => pki.root.issueAuthority(JSON.parse(json))).toThrow(refused);
    expect(() => pki.root.crl(JSON.parse(json))).toThrow(refused);
    expect(pki.root.issue({ commonName: 'control' }).name).toBe('control');
  });
});
