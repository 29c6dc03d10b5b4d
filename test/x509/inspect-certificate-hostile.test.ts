import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodePem } from '../../src/asn1/pem.ts';
import { readDer } from '../../src/asn1/der-reader.ts';
import { element } from '../../src/asn1/der-writer.ts';
import { MtlsFixturesError } from '../../src/errors/index.ts';
import { createPki } from '../../src/pki/pki.ts';
import { certificateFields } from '../../src/x509/certificate-fields.ts';
import { inspectCertificate } from '../../src/x509/inspect-certificate.ts';
import { randomNumbers } from '../support/random-numbers.ts';

const pki = createPki();
const rich = pki.server({
  subject: [
    [
      { type: 'organization', value: 'Org' },
      { type: 'userId', value: '1' },
    ],
    { type: 'commonName', value: 'rich' },
  ],
  dns: ['a.test', '*.b.test'],
  ip: ['10.0.0.1', '::1'],
  uri: 'spiffe://a.test/x',
  email: 'a@b.test',
  crlDistributionPoints: 'http://a.test/crl',
  ocsp: 'http://a.test/ocsp',
  notAfter: new Date('2051-01-01T00:00:00Z'),
}).certificate.raw;
const rsa = pki.root.issueAuthority({ keyAlgorithm: 'rsa-2048', pathLength: 1, nameConstraints: { permitted: { ip: '10.0.0.0/8' } } })
  .certificate.raw;

const refusal = expect.objectContaining({ code: 'DER_INVALID' });

test.for([
  ['a leaf', rich],
  ['an authority', rsa],
] as const)('%s cut off at any octet is refused, and whole it is not', ([, der]) => {
  for (let length = 0; length < der.length; length += 1) {
    expect(() => inspectCertificate(der.subarray(0, length))).toThrow(refusal);
    expect(() => certificateFields(der.subarray(0, length))).toThrow(refusal);
  }
  expect(inspectCertificate(der).fingerprint256).toBe(new X509Certificate(der).fingerprint256);
});

test('a certificate with something behind it is refused', () => {
  expect(() => inspectCertificate(Buffer.concat([rich, Uint8Array.of(0)]))).toThrow(refusal);
});

describe('a certificate with changed octets is read or refused, never anything else', () => {
  describe.for([
    ['a leaf', rich],
    ['an authority', rsa],
  ] as const)('one octet of %s, at every place', ([, der]) => {
    test.for([0x00, 0x1f, 0x30, 0x7f, 0x80, 0x84, 0xff])('to %i', (octet) => {
      for (let at = 0; at < der.length; at += 1) {
        const changed = Buffer.from(der);
        changed[at] = octet;
        expectReadOrRefused(changed);
      }
    });
  });

  test.for([1, 2, 3, 4])('several octets at once, cut out, doubled and moved (seed %d)', (seed) => {
    const random = randomNumbers(seed);
    const below = (limit: number) => Math.floor(random() * limit);

    for (let round = 0; round < 3000; round += 1) {
      let changed = Buffer.from(below(2) === 0 ? rich : rsa);
      for (let change = below(6); change >= 0; change -= 1) {
        const [at, length] = [below(changed.length), below(8)];
        const kind = below(4);
        if (kind === 0) changed[at] = below(256);
        else if (kind === 1) changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at + length)]);
        else if (kind === 2) changed = Buffer.concat([changed.subarray(0, at + length), changed.subarray(at)]);
        else changed.copyWithin(at, below(changed.length));
      }
      expectReadOrRefused(changed);
    }
  });

  test('random octets', () => {
    const random = randomNumbers(5);

    for (let round = 0; round < 3000; round += 1)
      expectReadOrRefused(Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256))));
  });

  test('random armour', () => {
    const random = randomNumbers(6);
    const text = pki.issuer.certificatePem;

    for (let round = 0; round < 3000; round += 1) {
      const at = Math.floor(random() * text.length);
      const changed = text.slice(0, at) + String.fromCharCode(Math.floor(random() * 128)) + text.slice(at + Math.floor(random() * 5));
      expectOwnError(() => inspectCertificate(changed), ['DER_INVALID', 'PEM_INVALID']);
      expectOwnError(() => decodePem(changed), ['PEM_INVALID']);
    }
  });
});

// Each takes milliseconds; the bound is what tells linear from quadratic.
describe('a megabyte', { timeout: 5_000 }, () => {
  const size = 1024 * 1024;

  test.for([
    ['SEQUENCEs in SEQUENCEs', nested(size)],
    ['empty elements', element(0x30, Buffer.alloc(size, Uint8Array.of(0x05, 0x00)))],
    ['a name of empty sets', withSubject(element(0x30, Buffer.alloc(size, Uint8Array.of(0x31, 0x00))))],
    ['an endless INTEGER', withSerialNumber(element(0x02, Buffer.alloc(size, 0x55)))],
  ] as const)('of %s is dealt with at once', ([, der]) => {
    expectReadOrRefused(der);
  });

  test.for(['-----BEGIN ', '-----BEGIN CERTIFICATE-----\n', '-----BEGIN x-----', '-----BEGIN CERTIFICATE-----\nX: y\n', '- - - -'])(
    'of "%s" is refused at once',
    (text) => {
      const pem = text.repeat(size / text.length);

      expect(() => inspectCertificate(pem)).toThrow(expect.objectContaining({ code: 'PEM_INVALID' }));
    },
  );
});

describe('what is not a certificate is refused by name', () => {
  test.for([
    ['text', 'no armour at all', 'PEM_INVALID', 'holds no BEGIN CERTIFICATE'],
    ['empty text', '', 'PEM_INVALID', 'holds no BEGIN CERTIFICATE'],
    ['a private key', pki.issuer.keyPem, 'PEM_INVALID', 'the certificate "-----BEGIN PRIVATE KEY-----": it holds no BEGIN CERTIFICATE'],
    ['a CRL', pki.issuer.crl(), 'PEM_INVALID', 'holds no BEGIN CERTIFICATE'],
    ['a key under the wrong label', pki.issuer.keyPem.replaceAll('PRIVATE KEY', 'CERTIFICATE'), 'DER_INVALID', ''],
    ['no octets', new Uint8Array(), 'DER_INVALID', 'cut off'],
  ] as const)('%s', ([, value, code, words]) => {
    expect(() => inspectCertificate(value)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(words) }));
    expect(inspectCertificate(pki.issuer.certificatePem).isAuthority).toBe(true);
  });

  test.for(['null', '5', '{}', '[]', 'true'])('the value %s', (json) => {
    const value: string = JSON.parse(json);

    expect(() => inspectCertificate(value)).toThrow(
      expect.objectContaining({ code: 'PEM_INVALID', message: expect.stringContaining('neither text, nor bytes') }),
    );
  });
});

/** Reads it; where both this library and Node can, they agree. */
function expectReadOrRefused(der: Uint8Array): void {
  const read = expectOwnError(() => inspectCertificate(der), ['DER_INVALID']);
  if (read === undefined) return;
  expect(Number.isNaN(read.notBefore.getTime())).toBe(false);
  expect(Number.isNaN(read.notAfter.getTime())).toBe(false);
  const { serialNumber, fingerprint256 } = readByNode(der) ?? read;
  expect(read).toMatchObject({ serialNumber, fingerprint256 });
}

function readByNode(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

function expectOwnError<T>(call: () => T, codes: readonly string[]): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof MtlsFixturesError && codes.includes(error.code)) return undefined;
    throw error;
  }
}

function withSubject(name: Uint8Array): Uint8Array {
  return withField(5, name);
}

function withSerialNumber(serialNumber: Uint8Array): Uint8Array {
  return withField(1, serialNumber);
}

function withField(index: number, field: Uint8Array): Uint8Array {
  const [tbs, ...rest] = readDer(rich, 'certificate').children;
  const fields = (tbs?.children ?? []).map(({ bytes }) => bytes).with(index, field);
  return element(0x30, element(0x30, ...fields), ...rest.map(({ bytes }) => bytes));
}

/** SEQUENCE in SEQUENCE, each with a length of three octets. */
function nested(size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 5 <= size; at += 5) {
    bytes.writeUInt16BE(0x3083, at);
    bytes.writeUIntBE(size - at - 5, at + 2, 3);
  }
  return bytes;
}
