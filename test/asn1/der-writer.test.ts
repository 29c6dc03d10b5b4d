import { describe, expect, test } from 'vitest';
import {
  bitString,
  boolean,
  contextConstructed,
  contextPrimitive,
  element,
  generalizedTime,
  ia5String,
  integer,
  isObjectIdentifier,
  namedBits,
  nullValue,
  objectIdentifier,
  octetString,
  printableString,
  sequence,
  setOf,
  utcTime,
  utf8String,
} from '../../src/asn1/der-writer.ts';
import { readDer } from '../../src/asn1/der-reader.ts';

describe('a length', () => {
  test.for([
    [0, '0400'],
    [1, '0401'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_535, '0482ffff'],
    [65_536, '0483010000'],
    [16_777_216, '048401000000'],
  ] as const)('of %d octets takes the fewest octets that hold it', ([length, header]) => {
    const content = Buffer.alloc(length, 7);

    const der = octetString(content);

    expect(hex(der.subarray(0, header.length / 2))).toBe(header);
    expect(der).toHaveLength(header.length / 2 + length);
    expect(Buffer.compare(readDer(der, 'string').content, content)).toBe(0);
  });

  test('counts all parts of an element together', () => {
    expect(hex(element(0x04, Buffer.alloc(100), Buffer.alloc(28)).subarray(0, 3))).toBe('048180');
    expect(hex(sequence(integer(1), boolean(true)))).toBe('30060201010101ff');
  });
});

describe('an INTEGER', () => {
  test.for([
    [0, '020100'],
    [1, '020101'],
    [127, '02017f'],
    [128, '02020080'],
    [255, '020200ff'],
    [256, '02020100'],
    [-1, '0201ff'],
    [-128, '020180'],
    [-129, '0202ff7f'],
    [-32_768, '02028000'],
    [2n ** 63n - 1n, '02087fffffffffffffff'],
    [2n ** 64n, '0209010000000000000000'],
    [-(2n ** 64n), '0209ff0000000000000000'],
  ] as const)('%d is written in the fewest octets of two’s complement, and read back', ([value, octets]) => {
    const der = integer(value);

    expect(hex(der)).toBe(octets);
    expect(readDer(der, 'integer').integer).toBe(BigInt(value));
  });
});

describe('an OBJECT IDENTIFIER', () => {
  test.for([
    ['2.999.3', '0603883703'], // X.690 8.19.5
    ['2.999', '06028837'],
    ['2.5.29.17', '0603551d11'],
    ['1.2.840.113549', '06062a864886f70d'],
    ['0.39', '060127'],
    ['1.39', '06014f'],
    ['2.0', '060150'],
    ['2.40', '060178'],
    ['1.3.6.1.4.1.340282366920938463463374607431768211455', '06182b0601040183ffffffffffffffffffffffffffffffffff7f'],
  ] as const)('%s is written as X.690 says, and read back', ([dotted, octets]) => {
    const der = objectIdentifier(dotted);

    expect(hex(der)).toBe(octets);
    expect(readDer(der, 'identifier').objectIdentifier).toBe(dotted);
    expect(isObjectIdentifier(dotted)).toBe(true);
  });

  test.for([
    '',
    '1',
    '3.1',
    '0.40',
    '1.40',
    '1.2.',
    '.1.2',
    '1..2',
    '1.2.x',
    ' 1.2',
    '1.2\n',
    '-1.2',
    'toString',
    '2.5.29.17 ',
    '2.01',
    '1.2.03',
    '1.2.00',
  ])('"%s" is not one', (text) => {
    expect(isObjectIdentifier(text)).toBe(false);
  });
});

describe('a BIT STRING of named bits', () => {
  test.for([
    [[], '030100'],
    [[0], '03020780'],
    [[0, 2], '030205a0'],
    [[5, 6], '03020106'],
    [[7], '03020001'],
    [[8], '0303070080'],
    [[2, 0, 8], '030307a080'],
  ] as const)('%j ends with its last set bit', ([bits, octets]) => {
    const der = namedBits(bits);

    expect(hex(der)).toBe(octets);
    expect(readDer(der, 'bits').namedBits).toEqual([...bits].toSorted((a, b) => a - b));
  });

  test('a plain one counts the bits left over in front', () => {
    expect(hex(bitString(Uint8Array.of(0xa8), 3))).toBe('030203a8');
    expect(hex(bitString(Uint8Array.of(1, 2)))).toBe('0303000102');
  });
});

describe('a SET OF', () => {
  test('is written in ascending order of its encodings, in whatever order they come', () => {
    const sorted = '31090201010201020401ff';

    expect(hex(setOf(integer(1), integer(2), octetString(Uint8Array.of(0xff))))).toBe(sorted);
    expect(hex(setOf(octetString(Uint8Array.of(0xff)), integer(2), integer(1)))).toBe(sorted);
  });

  test('a shorter element precedes a longer one that begins with it, as if padded with zeros (X.690 11.6)', () => {
    const [short, long] = [octetString(Uint8Array.of(1)), octetString(Uint8Array.of(1, 0))];

    expect(hex(setOf(long, short))).toBe('310704010104020100');
  });

  test('leaves the list that it was given as it was', () => {
    const parts = [integer(2), integer(1)];

    setOf(...parts);

    expect(parts.map(hex)).toEqual(['020102', '020101']);
  });
});

describe('strings and times', () => {
  test.for([
    ['UTF8String', utf8String('Jürgen 🔑'), '0c0c4ac3bc7267656e20f09f9491'],
    ['PrintableString', printableString('DE'), '13024445'],
    ['IA5String', ia5String('a@b'), '1603614062'],
    ['UTCTime', utcTime(new Date('2049-12-31T23:59:59.999Z')), '170d3439313233313233353935395a'],
    ['UTCTime of the twentieth century', utcTime(new Date('1950-01-01T00:00:00Z')), '170d3530303130313030303030305a'],
    ['GeneralizedTime', generalizedTime(new Date('2050-01-01T00:00:00Z')), '180f32303530303130313030303030305a'],
    ['NULL', nullValue(), '0500'],
    ['BOOLEAN true', boolean(true), '0101ff'],
    ['BOOLEAN false', boolean(false), '010100'],
    ['[0] EXPLICIT', contextConstructed(0, integer(2)), 'a003020102'],
    ['[6] IMPLICIT', contextPrimitive(6, Buffer.from('a:b')), '8603613a62'],
  ] as const)('%s', ([, der, octets]) => {
    expect(hex(der)).toBe(octets);
  });
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
