import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Der, element, objectIdentifier, sequence, setOf } from '../../../src/asn1/der-writer.ts';
import { encodePem } from '../../../src/asn1/pem.ts';
import { attributeShortName } from '../../../src/forwarded/encodings/attribute-short-names.ts';
import { certificateOctets } from '../../../src/forwarded/encodings/certificate-octets.ts';
import { rfc2253Name, type Rfc2253Options } from '../../../src/forwarded/encodings/rfc2253-name.ts';
import { encodeCertificate } from '../../../src/x509/certificate.ts';
import { encodeSpki } from '../../../src/pki/formats/key-encoding.ts';
import { signerFor } from '../../../src/x509/signature.ts';
import { describeWith, outputOf } from '../judges.ts';
import { runs } from '../plans.ts';

/** As nginx and Apache ask OpenSSL for names. */
const nameOptions = { escaped: 'RFC2253', raw: 'RFC2253,-esc_msb' } as const satisfies Record<Rfc2253Options['beyondAscii'], string>;

interface Attribute {
  readonly type: string;
  readonly tag: number;
  readonly content: Uint8Array;
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signer = signerFor(privateKey);

/** A certificate with this subject and itself as the issuer; each list is one part. */
function certificateOf(parts: readonly (readonly Attribute[])[]): Der {
  const set = (part: readonly Attribute[]): Der =>
    setOf(...part.map(({ type, tag, content }) => sequence(objectIdentifier(type), element(tag, content))));
  const name = sequence(...parts.map(set));
  const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2026-12-31T00:00:00Z') };
  const plan = { version: 3, serialNumber: 1n, issuer: name, validity, subject: name, spki: encodeSpki(privateKey), extensions: [] };
  return encodeCertificate(plan, signer);
}

async function expectAsOpenssl(certificate: Der): Promise<void> {
  const input = encodePem('CERTIFICATE', certificate);
  for (const beyondAscii of ['escaped', 'raw'] as const) {
    const output = await outputOf('openssl', ['x509', '-noout', '-subject', '-nameopt', nameOptions[beyondAscii]], { input });
    const written = rfc2253Name(certificateOctets(certificate).subject, { beyondAscii });
    expect(Buffer.from(written, 'latin1').toString('utf8')).toBe(output.slice('subject='.length, -1));
  }
}

const texts = [
  'plain',
  ' a',
  'a ',
  '  a  ',
  '#',
  '##',
  '# a',
  'a#',
  ' ',
  '  ',
  '',
  '\\',
  '\\ ',
  'a\0b',
  '\x01\x1f\n\r\x7f',
  '",+;<>\\=',
  '/=',
  'Exämple 日本 🔑',
  'ä ',
];

/** How text is written in each type of string, by its tag. */
const encodings: Readonly<Record<number, (text: string) => Uint8Array>> = {
  0x0c: (text) => Buffer.from(text),
  0x12: (text) => Buffer.from(text, 'latin1'),
  0x13: (text) => Buffer.from(text, 'latin1'),
  0x14: (text) => Buffer.from(text, 'latin1'),
  0x16: (text) => Buffer.from(text, 'latin1'),
  0x1c: (text) => Buffer.concat(Array.from(text, (character) => Buffer.from([0, ...utf24(character.codePointAt(0) ?? 0)]))),
  0x1e: (text) => Buffer.from(text.replaceAll('🔑', ''), 'utf16le').swap16(), // a BMPString has no surrogates
};

function utf24(codePoint: number): readonly number[] {
  return [codePoint >> 16, (codePoint >> 8) & 0xff, codePoint & 0xff];
}

describeWith('openssl')('openssl x509 -nameopt writes the same', () => {
  test('for text of every type and with every escape', async () => {
    const parts = Object.entries(encodings).flatMap(([tag, encode]) =>
      texts.map((text) => [{ type: '2.5.4.3', tag: Number(tag), content: encode(text) }]),
    );

    await expectAsOpenssl(certificateOf(parts));
  });

  test('for what is not text, and for types that it does not know', async () => {
    const odd = [
      { type: '2.5.4.45', tag: 0x03, content: Uint8Array.of(0, 0xaa, 0xbb) },
      { type: '2.5.4.16', tag: 0x30, content: Uint8Array.of(0x0c, 0x01, 0x41) },
      { type: '1.3.6.1.4.1.99999.1', tag: 0x0c, content: Buffer.from('unknown') },
      { type: '2.999.1', tag: 0x13, content: Buffer.from('unknown') },
    ];

    await expectAsOpenssl(certificateOf(odd.map((attribute) => [attribute])));
    await expectAsOpenssl(certificateOf([odd, [{ type: '2.5.4.3', tag: 0x0c, content: Buffer.from('web') }]]));
  });

  test('for every type that has a short name here', async () => {
    const arcs = ['2.5.4', '0.9.2342.19200300.100.1', '1.2.840.113549.1.9', '1.3.6.1.4.1.311.60.2.1', '1.2.643.3.131.1', '1.2.643.100'];
    const types = arcs.flatMap((arc) => Array.from({ length: 128 }, (_, number) => `${arc}.${number}`));
    const named = types.filter((type) => attributeShortName(type) !== undefined);
    expect(named.length).toBeGreaterThan(80);

    await expectAsOpenssl(certificateOf(named.map((type) => [{ type, tag: 0x0c, content: Buffer.from('x') }])));
  });

  test('for parts of any octets', async () => {
    const type = fc.constantFrom('2.5.4.3', '2.5.4.10', '2.5.4.11', '0.9.2342.19200300.100.1.1', '1.3.6.1.4.1.99999.1');
    const utf8 = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => Buffer.from(text)); // OpenSSL refuses other octets in a UTF8String
    const attribute = fc.oneof(
      fc.record({ type, tag: fc.constant(0x0c), content: utf8 }),
      fc.record({ type, tag: fc.constantFrom(0x13, 0x14, 0x16), content: fc.uint8Array({ maxLength: 12 }) }),
    );
    const names = fc.array(fc.array(attribute, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 40 });

    await fc.assert(
      fc.asyncProperty(names, (parts) => expectAsOpenssl(certificateOf(parts))),
      runs(10),
    );
  });
});
