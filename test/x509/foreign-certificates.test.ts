import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { decodePem } from '../../src/asn1/pem.ts';
import type { DistinguishedName } from '../../src/x509/names/distinguished-name.ts';
import { inspectCertificate, type PeerCertificate } from '../../src/x509/inspect-certificate.ts';
import { attributeId, purposesOf, seconds, usagesOf } from '../interop/certificate-reading.ts';
import { describeWith, outputOf } from '../interop/judges.ts';
import { type OpensslReading, readByOpenssl } from '../interop/openssl-reading.ts';
import { temporaryFolder } from '../interop/temporary-folder.ts';
import { foreignCertificates, foreignFiles } from './foreign-files.ts';

describeWith('openssl')('inspectCertificate reads in a certificate of another tool what openssl reads in it', () => {
  const readings = new Map<string, OpensslReading & OpensslAlgorithms>();

  beforeAll(async () => {
    const pems = foreignCertificates.map(({ pem }) => pem);
    const [fields, algorithms] = [await readByOpenssl(pems), await readAlgorithms(pems)];
    for (const [index, reading] of fields.entries()) {
      const rest = algorithms[index];
      if (rest) readings.set(pems[index] ?? '', { ...reading, ...rest });
    }
  });

  test.for(foreignCertificates.map(({ title, pem }) => [title, pem] as const))('%s', ([title, pem]) => {
    const openssl = readings.get(pem);

    const read = inspectCertificate(pem);

    const theirs = {
      subject: openssl?.subject.flat().toSorted(),
      issuer: openssl?.issuer.flat().toSorted(),
      altNames: openssl?.altNames
        .filter(isKnownName)
        .map((name) => name.replace(/<invalid.*>/u, '<invalid>'))
        .toSorted(),
    };
    expect({ ...openssl, ...theirs }).toMatchObject(ourReading(read));
    expect(openssl?.spkiSha256 === read.spkiSha256).toBe(!rewritten.has(title));
  });
});

test.for([
  ['openssl/v1-long-serial.pem', { serialNumber: '7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF', isAuthority: false }],
  ['openssl/negative-serial.pem', { serialNumber: '-81' }],
  ['openssl/ec-explicit-parameters.pem', { serialNumber: '0', keyAlgorithm: 'ec' }],
  ['openssl/ec-secp256k1.pem', { keyAlgorithm: 'ec-secp256k1' }],
  ['openssl/rsa-1023-md5.pem', { keyAlgorithm: 'rsa-1023', signatureAlgorithm: 'rsa-md5' }],
  ['openssl/ed448.pem', { keyAlgorithm: 'ed448', signatureAlgorithm: 'ed448' }],
  ['openssl/dates-1949-9999.pem', { notBefore: new Date('1949-12-31T23:59:59Z'), notAfter: new Date('9999-12-31T23:59:59Z') }],
  ['openssl/empty-subject.pem', { subject: { text: '', parts: [] }, extendedKeyUsage: ['anyExtendedKeyUsage'] }],
  ['openssl/bmp-strings.pem', { subject: { organization: 'Größe' } }],
  ['openssl/t61-strings.pem', { subject: { organization: 'Größe' } }],
  ['python-cryptography/universal-strings.pem', { subject: { organization: 'Größe', commonName: '鍵🔑' } }],
  ['openssl/names-of-every-kind.pem', { altNames: { dns: ['a.example.test'], ip: [], uri: ['urn:a'], email: [] } }],
  ['trustme/chain.pem', { altNames: { ip: ['0x0a000000ffffff00', '::1'] } }],
  ['java/chain.pem', { keyUsage: ['digitalSignature', 'keyAgreement', 'encipherOnly'] }],
  ['nss/chain.pem', { extendedKeyUsage: ['serverAuth', 'clientAuth', '2.16.840.1.113730.4.1'] }],
] as const)('what is odd about %s is read', ([file, expected]) => {
  const pem = foreignFiles.find((foreign) => foreign.file === file)?.pem ?? '';

  expect(inspectCertificate(pem)).toMatchObject(expected);
});

test('a certificate of 600 names has them all', () => {
  const many = foreignFiles.find(({ file }) => file === 'openssl/many-names.pem')?.pem ?? '';

  expect(new Set(inspectCertificate(many).altNames.dns).size).toBe(600);
});

test('every file has a row that says which tool made it', () => {
  const rows = [...readFileSync('fixtures/foreign/README.md', 'utf8').matchAll(/^\| `([^`]+\.pem)` \| \S.* \d[\d.]*.* \| `/gmu)].map(
    ([, file]) => file,
  );

  expect(new Set(rows)).toEqual(new Set(foreignFiles.map(({ file }) => file)));
});

/** OpenSSL writes the parameters of the key anew, with the NULLs that GnuTLS leaves out; a pin is of what the certificate holds. */
const rewritten = new Set(['gnutls/rsa-pss-key.pem 1']);

/** `inspectCertificate` passes over names of other kinds. */
function isKnownName(name: string): boolean {
  return /^(?:dns|ip|uri|email):/u.test(name);
}

/** What both of them say, in OpenSSL's words. */
function ourReading(read: PeerCertificate): object {
  return {
    subject: attributesOf(read.subject),
    issuer: attributesOf(read.issuer),
    serialNumber: read.serialNumber.toLowerCase().replace(/^(-?)0+/u, '$1'),
    notBefore: seconds(read.notBefore),
    notAfter: seconds(read.notAfter),
    altNames: (['dns', 'ip', 'uri', 'email'] as const)
      .flatMap((kind) => read.altNames[kind].map((name) => `${kind}:${name.replace(/^0x.*/u, '<invalid>')}`))
      .toSorted(),
    keyUsage: usagesOf(read.keyUsage ?? false),
    purposes: purposesOf(read.extendedKeyUsage ?? false),
    isAuthority: read.isAuthority,
    pathLength: read.pathLength,
    fingerprint256: read.fingerprint256,
    keyAlgorithm: read.keyAlgorithm,
    signatureAlgorithm: read.signatureAlgorithm,
  };
}

/** The attributes of a part of several stand in no order that counts. */
function attributesOf({ parts }: DistinguishedName): string[] {
  return parts.map(({ type, value }) => `${attributeId(type)}=${value}`).toSorted();
}

interface OpensslAlgorithms {
  readonly keyAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly fingerprint256: string;
  readonly spkiSha256: string;
}

async function readAlgorithms(pems: readonly string[]): Promise<OpensslAlgorithms[]> {
  using folder = temporaryFolder();
  const files = pems.map((pem, index) => folder.write(`${index}.pem`, pem));
  const question =
    '-noout -text -fingerprint -sha256 -pubkey -certopt no_header,no_version,no_serial,no_issuer,no_subject,no_validity,no_extensions';
  const output = await outputOf('sh', [
    '-c',
    `for file; do openssl x509 -in "$file" ${question} || exit 1; echo --end--; done`,
    'sh',
    ...files,
  ]);
  return output.split('--end--\n').slice(0, -1).map(readAlgorithmText);
}

function readAlgorithmText(text: string): OpensslAlgorithms {
  const first = (pattern: RegExp): string => pattern.exec(text)?.[1]?.trim() ?? '';
  const key = first(/Public Key Algorithm: (.*)$/mu);
  const bits = first(/Public-Key: \((\d+) bit\)$/mu);
  const curve = first(/ASN1 OID: (.*)$/mu);
  const signature = first(/Signature Algorithm: (.*)$/mu);
  const pssHash = first(/^\s*Hash Algorithm: (\S+)/mu);
  return {
    keyAlgorithm:
      {
        rsaEncryption: `rsa-${bits}`,
        rsassaPss: `rsa-pss-${bits}`,
        'id-ecPublicKey': curveWords.get(curve) ?? `ec-${curve}`,
        dsaEncryption: 'dsa',
      }[key] ?? key.toLowerCase(),
    signatureAlgorithm: signature === 'rsassaPss' ? `rsa-pss-${pssHash}` : (signatureWords.get(signature) ?? signature.toLowerCase()),
    fingerprint256: first(/Fingerprint=(.*)$/mu),
    spkiSha256: createHash('sha256')
      .update(decodePem(text)[0]?.der ?? '')
      .digest('base64'),
  };
}

/** Curves whose name is not OpenSSL's; one that is spelled out has none. */
const curveWords = new Map([
  ['prime256v1', 'ec-p256'],
  ['secp384r1', 'ec-p384'],
  ['secp521r1', 'ec-p521'],
  ['', 'ec'],
]);

const signatureWords = new Map([
  ['dsa_with_SHA256', 'dsa-sha256'],
  ['md5WithRSAEncryption', 'rsa-md5'],
  ...['1', '256', '384', '512'].map((bits) => [`sha${bits}WithRSAEncryption`, `rsa-sha${bits}`] as const),
  ...['1', '224', '256', '384', '512'].map((bits) => [`ecdsa-with-SHA${bits}`, `ecdsa-sha${bits}`] as const),
]);
