import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readDer } from '../../src/asn1/der-reader.ts';
import { element, nullValue, objectIdentifier, octetString, sequence, setOf, utf8String } from '../../src/asn1/der-writer.ts';
import { createPki } from '../../src/pki/pki.ts';
import { inspectCertificate, type PeerCertificate } from '../../src/x509/inspect-certificate.ts';

const pki = createPki();
const plain = pki.client('plain', { dns: 'a.test', serialNumber: 5n }).certificate.raw;
const refusal = expect.objectContaining({ code: 'DER_INVALID' });
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const withExtension = (oid: string, value: string, without: object = {}): Buffer =>
  pki.client('odd', { ...without, extensions: [{ oid, value: hex(value) }] }).certificate.raw;

test('the certificate that the others differ from is read', () => {
  expect(inspectCertificate(plain)).toMatchObject({ commonName: 'plain', serialNumber: '05', altNames: { dns: ['a.test'] } });
});

describe('an extension is read as OpenSSL reads it', () => {
  test.for<readonly [string, string, string, object, Partial<PeerCertificate>]>([
    ['keyUsage with unused bits set', '2.5.29.15', '03 02 07 ff', { keyUsage: false }, { keyUsage: ['digitalSignature'] }],
    ['keyUsage with zeros at its end', '2.5.29.15', '03 03 00 80 00', { keyUsage: false }, { keyUsage: ['digitalSignature'] }],
    ['keyUsage without a bit', '2.5.29.15', '03 01 00', { keyUsage: false }, { keyUsage: [] }],
    ['a length of more octets than needed', '2.5.29.15', '03 81 02 07 80', { keyUsage: false }, { keyUsage: ['digitalSignature'] }],
    ['a subjectAltName without a name', '2.5.29.17', '30 00', {}, { altNames: { dns: [], ip: [], uri: [], email: [] } }],
  ])('%s', ([, oid, value, without, expected]) => {
    const der = withExtension(oid, value, without);

    expect(inspectCertificate(der)).toMatchObject(expected);
    expect(new X509Certificate(der).subjectAltName ?? '').toBe('');
  });

  test('a BOOLEAN of another octet than 0xff is true', () => {
    const ca = Buffer.from(pki.issuer.certificate.raw);
    ca[ca.indexOf(hex('30 03 01 01 ff')) + 4] = 1;

    expect([inspectCertificate(ca).isAuthority, new X509Certificate(ca).ca]).toEqual([true, true]);
  });
});

describe('an extension that OpenSSL cannot decode is refused', () => {
  test.for<readonly [string, string, string, object]>([
    ['keyUsage of no octet', '2.5.29.15', '03 00', { keyUsage: false }],
    ['keyUsage with eight unused bits', '2.5.29.15', '03 02 08 80', { keyUsage: false }],
    ['keyUsage that is an OCTET STRING', '2.5.29.15', '04 02 07 80', { keyUsage: false }],
    ['a subjectAltName that is a SET', '2.5.29.17', '31 08 82 06 612e74657374', {}],
    ['a subjectAltName with a BOOLEAN in it', '2.5.29.17', '30 0b 82 06 612e74657374 01 01 ff', {}],
    ['extendedKeyUsage with a string in it', '2.5.29.37', '30 03 0c 01 41', { extendedKeyUsage: false }],
    ['extendedKeyUsage with an identifier that begins with 0x80', '2.5.29.37', '30 05 06 03 80 80 01', { extendedKeyUsage: false }],
    ['extendedKeyUsage with a later part that begins with 0x80', '2.5.29.37', '30 06 06 04 2b 80 06 01', { extendedKeyUsage: false }],
    ['extendedKeyUsage with an unfinished identifier', '2.5.29.37', '30 04 06 02 2b 86', { extendedKeyUsage: false }],
    ['extendedKeyUsage with an empty identifier', '2.5.29.37', '30 02 06 00', { extendedKeyUsage: false }],
  ])('%s', ([, oid, value, without]) => {
    const der = withExtension(oid, value, without);

    expect(() => inspectCertificate(der)).toThrow(refusal);
    const theirs = new X509Certificate(der); // it leaves out what it cannot decode
    expect([theirs.subjectAltName, oid === '2.5.29.37' ? theirs.keyUsage : undefined]).toEqual([undefined, undefined]);
  });

  test.for([
    ['a third field', 'basicConstraints', '30 09 01 01 ff 02 01 00 02 01 00'],
    ['fields in the wrong order', 'basicConstraints', '30 06 02 01 00 01 01 ff'],
    ['a negative path length', 'basicConstraints', '30 06 01 01 ff 02 01 ff'],
    ['a padded path length', 'basicConstraints', '30 07 01 01 ff 02 02 00 01'],
    ['a BOOLEAN without content', 'basicConstraints', '30 02 01 00'],
  ] as const)('%s in the basicConstraints', ([, , value]) => {
    const der = replaceExtension('2.5.29.19', hex(value));

    expect(() => inspectCertificate(der)).toThrow(refusal);
    expect(inspectCertificate(replaceExtension('2.5.29.19', hex('30 06 01 01 ff 02 01 00'))).pathLength).toBe(0);
  });
});

describe('what OpenSSL refuses to read as a certificate is refused', () => {
  const name = (...attribute: readonly Uint8Array[]): Uint8Array => sequence(setOf(sequence(...attribute)));
  const commonName = objectIdentifier('2.5.4.3');

  test.for<readonly [string, Uint8Array]>([
    ['a fourth part', sequence(...parts(plain), nullValue())],
    ['no signature', sequence(...parts(plain).slice(0, 2))],
    ['a field behind the extensions', withFields((fields) => [...fields, nullValue()])],
    ['its extensions twice', withFields((fields) => [...fields, fields.at(-1) ?? nullValue()])],
    ['a serial number with padding', withField(1, hex('02 02 00 05'))],
    ['a serial number of no octet', withField(1, hex('02 00'))],
    ['a serial number that is an OCTET STRING', withField(1, octetString(hex('05')))],
    ['three times in its validity', withField(4, sequence(...parts(withField(4)), hex('17 0d 323630313031303030303030 5a')))],
    ['a subject that is a SET', withField(5, setOf())],
    ['a part of its subject that is a SEQUENCE', withField(5, sequence(sequence(sequence(commonName, utf8String('x')))))],
    ['an attribute with two values', withField(5, name(commonName, utf8String('x'), utf8String('y')))],
    ['an attribute that is an INTEGER', withField(5, name(commonName, hex('02 01 05')))],
    ['an attribute that is an OCTET STRING', withField(5, name(commonName, octetString(hex('41'))))],
    ['an attribute that is half a BMPString', withField(5, name(commonName, element(0x1e, hex('0041 00'))))],
    ['an attribute that is half a UniversalString', withField(5, name(commonName, element(0x1c, hex('00000041 00'))))],
    ['an attribute that is a BIT STRING with nine unused bits', withField(5, name(commonName, element(0x03, hex('09 41'))))],
    ['an attribute whose type begins with 0x80', withField(5, name(hex('06 02 80 03'), utf8String('x')))],
    ['an attribute whose type is cut off', withField(5, name(hex('06 02 55 84'), utf8String('x')))],
  ])('with %s', ([, der]) => {
    expect(() => new X509Certificate(der)).toThrow(expect.anything());
    expect(() => inspectCertificate(der)).toThrow(refusal);
  });

  test.for<readonly [string, Uint8Array, string]>([
    ['a BIT STRING', element(0x03, hex('00 70 41')), 'pA'],
    ['a BIT STRING with unused bits', element(0x03, hex('04 41 4f')), 'A@'],
    ['a NumericString', element(0x12, hex('31')), '1'],
  ])('but an attribute that is %s is text', ([, value, text]) => {
    const der = withField(5, name(objectIdentifier('2.5.4.45'), value));

    expect(new X509Certificate(der).subject).toBe(`x500UniqueIdentifier=${text}`);
    expect(inspectCertificate(der).subject.parts).toEqual([{ type: '2.5.4.45', value: text }]);
  });
});

/** Fields of the signed part: version, serial number, algorithm, issuer, validity, subject, key, extensions. */
function withFields(change: (fields: Uint8Array[]) => Uint8Array[]): Uint8Array {
  const [tbs = plain, ...rest] = parts(plain);
  return sequence(sequence(...change(parts(tbs))), ...rest);
}

/** With another field, or, where none is given, that field itself. */
function withField(index: number, field?: Uint8Array): Uint8Array {
  const [tbs = plain] = parts(plain);
  if (!field) return parts(tbs)[index] ?? nullValue();
  return withFields((fields) => fields.with(index, field));
}

function parts(der: Uint8Array): Uint8Array[] {
  return readDer(der, 'part').children.map(({ bytes }) => bytes);
}

/** The value of an extension that is there, replaced. */
function replaceExtension(oid: string, value: Uint8Array): Uint8Array {
  return withFields((fields) => {
    const list = readDer(fields.at(-1) ?? nullValue(), 'extensions').inner().children;
    const changed = list.map((extension) =>
      extension.children[0]?.objectIdentifier === oid ? sequence(objectIdentifier(oid), octetString(value)) : extension.bytes,
    );
    return fields.with(fields.length - 1, element(0xa3, sequence(...changed)));
  });
}
