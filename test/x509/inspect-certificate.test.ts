import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { describe, expect, test } from 'vitest';
import { bitString, objectIdentifier, sequence } from '../../src/asn1/der-writer.ts';
import { encodePem } from '../../src/asn1/pem.ts';
import { createPki } from '../../src/pki/pki.ts';
import { encodeCertificate } from '../../src/x509/certificate.ts';
import { encodeName } from '../../src/x509/names/distinguished-name.ts';
import { inspectCertificate } from '../../src/x509/inspect-certificate.ts';
import { signerFor } from '../../src/x509/signature.ts';

const pki = createPki({ name: 'inspected', intermediates: 2 });
const identity = pki.server({
  subject: { country: 'DE', organization: 'Org', commonName: 'a.test' },
  dns: ['a.test', '*.b.test'],
  ip: ['10.0.0.1', 'fe80::1'],
  uri: 'spiffe://a.test/x',
  email: 'a@b.test',
  serialNumber: 0xabcn,
  notBefore: new Date('2026-01-02T03:04:05Z'),
  notAfter: new Date('2056-01-02T03:04:05Z'),
});

test('a certificate is read field by field', () => {
  const read = inspectCertificate(identity.certificatePem);

  expect(read).toEqual({
    subject: expect.objectContaining({ country: 'DE', organization: 'Org', commonName: 'a.test', text: 'C=DE, O=Org, CN=a.test' }),
    issuer: expect.objectContaining({ commonName: 'inspected issuing CA 2' }),
    commonName: 'a.test',
    serialNumber: '0ABC',
    notBefore: new Date('2026-01-02T03:04:05Z'),
    notAfter: new Date('2056-01-02T03:04:05Z'),
    altNames: { dns: ['a.test', '*.b.test'], ip: ['10.0.0.1', 'fe80::1'], uri: ['spiffe://a.test/x'], email: ['a@b.test'] },
    spiffeId: 'spiffe://a.test/x',
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['serverAuth'],
    isAuthority: false,
    keyAlgorithm: 'ec-p256',
    signatureAlgorithm: 'ecdsa-sha256',
    fingerprint256: identity.certificate.fingerprint256,
    thumbprint: Buffer.from(identity.certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'),
    spkiSha256: createHash('sha256')
      .update(identity.certificate.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64'),
    chain: [],
    pem: identity.certificatePem,
  });
});

test('an authority is distinguished from a leaf, with its path length', () => {
  const authority = pki.root.issueAuthority({ pathLength: 3 });

  expect(inspectCertificate(authority.certificate)).toMatchObject({
    isAuthority: true,
    pathLength: 3,
    keyUsage: ['keyCertSign', 'cRLSign'],
  });
  expect(inspectCertificate(authority.certificate)).not.toHaveProperty('extendedKeyUsage');
  expect(inspectCertificate(pki.root.certificate)).not.toHaveProperty('pathLength');
});

test('what a certificate does not have is absent, and its lists of names are empty', () => {
  const bare = inspectCertificate(
    pki.issuer.issue({ subject: { organization: 'o' }, keyUsage: false, extendedKeyUsage: false }).certificate,
  );

  for (const field of ['commonName', 'keyUsage', 'extendedKeyUsage', 'pathLength', 'spiffeId']) expect(bare).not.toHaveProperty(field);
  expect(bare.altNames).toEqual({ dns: [], ip: [], uri: [], email: [] });
});

describe('every form of a certificate reads the same', () => {
  const der = identity.certificate.raw;
  const read = inspectCertificate(der);

  test.for([
    ['PEM', identity.certificatePem],
    ['PEM with CRLF and text around', `Bag Attributes\r\n${identity.certificatePem.replaceAll('\n', '\r\n')}tail`],
    ['PEM in bytes', Buffer.from(identity.certificatePem)],
    ['PEM in bytes after other text', Buffer.from(`0 s:CN=a\n${identity.certificatePem}`)],
    ['PEM under its old label', encodePem('X509 CERTIFICATE', der)],
    [
      'PEM with the trust settings of OpenSSL',
      encodePem('TRUSTED CERTIFICATE', Buffer.concat([der, Buffer.from('300c300a06082b06010505070302', 'hex')])),
    ],
    ['PEM after a private key', identity.keyPem + identity.certificatePem],
    ['DER', new Uint8Array(der)],
    ['DER within a larger buffer', Buffer.concat([Buffer.from('xx'), der, Buffer.from('yy')]).subarray(2, 2 + der.length)],
    ['an X509Certificate', new X509Certificate(der)],
  ] as const)('%s', ([, form]) => {
    expect(inspectCertificate(form)).toEqual(read);
  });
});

test('the further blocks of a PEM text are the chain, nearest first', () => {
  const { chain } = inspectCertificate(identity.chainPem + pki.anchors);

  expect(chain.map(({ commonName }) => commonName)).toEqual(['inspected issuing CA 2', 'inspected issuing CA 1', 'inspected root CA']);
  expect(chain.map(({ chain: below }) => below)).toEqual([[], [], []]);
});

describe('the issuers that Node knows are the chain', () => {
  const withIssuer = (certificate: X509Certificate, issuerCertificate: X509Certificate) =>
    Object.defineProperty(new X509Certificate(certificate.raw), 'issuerCertificate', { value: issuerCertificate });

  test('up to a root, which is its own issuer', () => {
    const root = withIssuer(pki.root.certificate, pki.root.certificate);
    const lower = withIssuer(identity.certificate, withIssuer(pki.issuer.certificate, root));

    expect(inspectCertificate(lower).chain.map(({ commonName }) => commonName)).toEqual(['inspected issuing CA 2', 'inspected root CA']);
    expect(inspectCertificate(new X509Certificate(identity.certificate.raw)).chain).toEqual([]);
  });

  test('and no more than a chain can have, should they go in a circle', () => {
    const one = new X509Certificate(pki.root.certificate.raw);
    Object.defineProperty(one, 'issuerCertificate', { value: withIssuer(pki.issuer.certificate, one) });

    expect(inspectCertificate(one).chain).toHaveLength(31);
  });
});

describe('agreement with Node', () => {
  test.for(['ec-p256', 'ec-p384', 'ec-p521', 'ed25519', 'rsa-2048', 'rsa-pss-2048'] as const)(
    'about a certificate of ours (%s)',
    (keyAlgorithm) => {
      const { certificate } = pki.client('alice', { keyAlgorithm, uri: 'a:b', extendedKeyUsage: ['clientAuth', '1.2.3.4'] });

      const read = inspectCertificate(certificate);

      expect(read).toMatchObject({ ...asNodeReads(certificate), keyAlgorithm });
      expect(read.extendedKeyUsage).toEqual(['clientAuth', '1.2.3.4']);
      expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2', '1.2.3.4']);
    },
  );

  test.for([
    [{ keyType: 'ec', curve: 'P-384', algorithm: 'sha384' }, 'ec-p384', 'ecdsa-sha384'],
    [{ keyType: 'rsa', keySize: 2048, algorithm: 'sha512' }, 'rsa-2048', 'rsa-sha512'],
    [{ keyType: 'rsa', keySize: 2048 }, 'rsa-2048', 'rsa-sha1'],
  ] as const)('about one of the selfsigned package (%j)', async ([options, keyAlgorithm, signatureAlgorithm]) => {
    const { cert } = await generate(
      [
        { name: 'commonName', value: 'foreign' },
        { name: 'organizationName', value: 'Förm' },
      ],
      options,
    );

    const read = inspectCertificate(cert);

    expect(read).toMatchObject({ ...asNodeReads(new X509Certificate(cert)), keyAlgorithm, signatureAlgorithm });
    expect(read.subject.text).toBe('CN=foreign, O=Förm');
  });

  test.for([
    [0n, '0'],
    [1n, '01'],
    [0x80n, '80'],
    [0x0123456789n, '0123456789'],
    [-5n, '-05'],
    [2n ** 159n - 1n, `7F${'FF'.repeat(19)}`],
  ] as const)('about the serial number %d', ([serialNumber, text]) => {
    const der = planned({ serialNumber });

    expect(new X509Certificate(der).serialNumber).toBe(text);
    expect(inspectCertificate(der).serialNumber).toBe(text);
  });
});

describe('the SPIFFE id', () => {
  test.for([
    ['of exactly one URI that is one', 'spiffe://a.test/x', 'spiffe://a.test/x'],
    ['is absent beside another URI', ['spiffe://a.test/x', 'https://a.test'], undefined],
    ['is absent where there are two', ['spiffe://a.test/x', 'spiffe://a.test/y'], undefined],
    ['is absent where the URI is another', 'https://spiffe://a.test', undefined],
    ['is absent without a URI', [], undefined],
  ] as const)('%s', ([, uri, expected]) => {
    expect(inspectCertificate(pki.client('x', { uri, dns: 'a.test' }).certificate).spiffeId).toBe(expected);
  });
});

test('a key and a signature whose algorithm has no name here are shown by their object identifiers', () => {
  const odd = objectIdentifier('1.2.643.7.1.1.1.1'); // GOST R 34.10-2012
  const spki = sequence(sequence(odd), bitString(Uint8Array.of(1)));

  expect(inspectCertificate(planned({ spki }))).toMatchObject({ keyAlgorithm: '1.2.643.7.1.1.1.1', signatureAlgorithm: 'ecdsa-sha256' });
});

function planned(change: object): Uint8Array {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = encodeName('planned');
  const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') };
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return encodeCertificate(
    { version: 3, serialNumber: 1n, issuer: name, validity, subject: name, spki, extensions: [], ...change },
    signerFor(privateKey),
  );
}

function asNodeReads(certificate: X509Certificate): object {
  return {
    serialNumber: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    isAuthority: certificate.ca,
    pem: certificate.toString(),
  };
}
