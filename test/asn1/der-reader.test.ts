import { describe, expect, test } from 'vitest';
import { type DerElement, readDer } from '../../src/asn1/der-reader.ts';
import { element, generalizedTime, integer, sequence, utcTime, utf8String } from '../../src/asn1/der-writer.ts';

const derInvalid = (problem: string) =>
  expect.objectContaining({ code: 'DER_INVALID', facts: { what: 'thing', problem: expect.stringContaining(problem) } });

describe('the outer shape', () => {
  test('an element gives its tag, its content, its children and its own octets', () => {
    const der = sequence(integer(5), utf8String('ä'));

    const read = readDer(der, 'thing');

    expect(read.tag).toBe(0x30);
    expect(Buffer.from(read.bytes)).toEqual(der);
    expect(read.children.map(({ tag, content }) => [tag, [...content]])).toEqual([
      [0x02, [5]],
      [0x0c, [0xc3, 0xa4]],
    ]);
  });

  test.for([
    ['', 'cut off'],
    ['30', 'cut off'],
    ['3001', 'longer than what holds it'],
    ['3081', 'a length is cut off'],
    ['308201', 'a length is cut off'],
    ['3082010000', 'longer than what holds it'],
    ['30800201010000', 'indefinite length'],
    ['30850000000001ff', 'more than four octets'],
    ['30ff', 'more than four octets'],
    ['1f8101', 'tag of several octets'],
    ['3084ffffffff', 'longer than what holds it'],
    ['020101ff', '1 octets follow'],
  ] as const)('the bytes "%s" are refused: %s', ([bytes, problem]) => {
    expect(() => readDer(Buffer.from(bytes, 'hex'), 'thing')).toThrow(derInvalid(problem));
    expect(readDer(Buffer.from('020101', 'hex'), 'thing').integer).toBe(1n);
  });

  test('children are read only when asked for, and a bad one is refused then', () => {
    const read = readDer(Buffer.from('30020205', 'hex'), 'thing');

    expect(read.content).toHaveLength(2);
    expect(() => read.children).toThrow(derInvalid('longer than what holds it'));
  });

  test('an unexpected tag is refused by name, the expected one passes', () => {
    const read = readDer(integer(1), 'thing');

    expect(read.expect(0x02, 'the number')).toBe(read);
    expect(() => read.expect(0x30, 'the number')).toThrow(derInvalid('the number has the tag 0x02 instead of 0x30'));
  });

  test('what an OCTET STRING or BIT STRING wraps is read from within', () => {
    const wrapped = integer(9);

    expect(readDer(element(0x04, wrapped), 'thing').inner().integer).toBe(9n);
    expect(readDer(element(0x03, Uint8Array.of(0), wrapped), 'thing').inner(1).integer).toBe(9n);
    expect(() => readDer(element(0x04), 'thing').inner()).toThrow(derInvalid('cut off'));
  });
});

describe('values', () => {
  test('an INTEGER without content is refused', () => {
    expect(() => readDer(Buffer.from('0200', 'hex'), 'thing').integer).toThrow(derInvalid('an INTEGER has no content'));
    expect(readDer(Buffer.from('020100', 'hex'), 'thing').integer).toBe(0n);
  });

  test.for([
    ['0600', 'cut off'],
    ['060188', 'cut off'],
    ['06025588', 'cut off'],
    ['06028001', 'begins with 0x80'],
    ['0603558001', 'begins with 0x80'],
    ['06025580', 'begins with 0x80'],
    [`0682012c${'01'.repeat(300)}`, 'implausibly long'],
  ] as const)('the OBJECT IDENTIFIER "%s" is refused: %s', ([bytes, problem]) => {
    expect(() => readDer(Buffer.from(bytes, 'hex'), 'thing').objectIdentifier).toThrow(derInvalid(problem));
    expect(readDer(Buffer.from('060155', 'hex'), 'thing').objectIdentifier).toBe('2.5');
  });

  test.for([
    ['0101ff', true],
    ['010101', true],
    ['010100', false],
  ] as const)('the BOOLEAN "%s" is %s', ([bytes, value]) => {
    expect(readDer(Buffer.from(bytes, 'hex'), 'thing').boolean).toBe(value);
  });

  test.for(['0100', '01020000'])('the BOOLEAN "%s" is refused', (bytes) => {
    expect(() => readDer(Buffer.from(bytes, 'hex'), 'thing').boolean).toThrow(derInvalid('not of one octet'));
  });

  test.for([
    ['02020080', '02020001', 128n],
    ['0202ff7f', '0202ff80', -129n],
  ] as const)('the INTEGER "%s" is read and "%s", which is padded, refused', ([bytes, padded, value]) => {
    expect(() => readDer(Buffer.from(padded, 'hex'), 'thing').integer).toThrow(derInvalid('longer than it has to be'));
    expect(readDer(Buffer.from(bytes, 'hex'), 'thing').integer).toBe(value);
  });

  test.for([
    ['030207ff', [0]],
    ['030204ff', [0, 1, 2, 3]],
    ['03030780ff', [0, 8]],
    ['030107', []],
    ['03020080', [0]],
  ] as const)('of the BIT STRING "%s" the bits %j are set: unused ones do not count', ([bytes, bits]) => {
    expect(readDer(Buffer.from(bytes, 'hex'), 'thing').namedBits).toEqual(bits);
  });

  test.for(['0300', '030208ff', '0302ffff'])('the BIT STRING "%s" is refused', (bytes) => {
    const read = readDer(Buffer.from(bytes, 'hex'), 'thing');

    expect(() => read.namedBits).toThrow(derInvalid('no valid count of unused bits'));
    expect(() => read.text).toThrow(derInvalid('no valid count of unused bits'));
  });

  test.for([
    [0x0c, '4ac3bc', 'Jü'],
    [0x13, '4445', 'DE'],
    [0x14, 'fc', 'ü'], // T61String, read as Latin-1
    [0x16, '6140', 'a@'],
    [0x1e, '00fc0041', 'üA'],
    [0x1c, '000000fc0001f511', 'ü🔑'],
    [0x03, '04414f', 'A@'], // without the count of unused bits, and those zero
    [0x1c, '00110000', '\0\u0011\0\0'], // beyond Unicode
    [0x0c, 'ff', '\ufffd'],
    [0x0c, '', ''],
  ] as const)('the text of tag %d and octets %s is %j', ([tag, octets, text]) => {
    expect(readDer(element(tag, Buffer.from(octets, 'hex')), 'thing').text).toBe(text);
  });
});

test.for([
  [0x1e, '00fc00'],
  [0x1c, '000000fc0001'],
] as const)('a string of the tag %d that ends within a character is refused', ([tag, octets]) => {
  expect(() => readDer(element(tag, Buffer.from(octets, 'hex')), 'thing').text).toThrow(derInvalid('octets'));
});

describe('times', () => {
  test.for([
    [0x17, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [0x17, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [0x17, '2601010000Z', '2026-01-01T00:00:00.000Z'],
    [0x17, '260101000000+0130', '2025-12-31T22:30:00.000Z'],
    [0x18, '20500101000000Z', '2050-01-01T00:00:00.000Z'],
    [0x18, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
    [0x18, '20260101000000.5Z', '2026-01-01T00:00:00.000Z'],
  ] as const)('the tag %d with "%s" is %s', ([tag, text, instant]) => {
    expect(readDer(element(tag, Buffer.from(text)), 'thing').time.toISOString()).toBe(instant);
  });

  test.for(['', 'Z', 'yesterday', '261301000000Z', '260101250000Z', '26010100000', '2601010000000Z', '260101000000Y'])(
    'the UTCTime "%s" is refused',
    (text) => {
      expect(() => readDer(element(0x17, Buffer.from(text)), 'thing').time).toThrow(derInvalid(`a time reads "${text}"`));
    },
  );

  test.for(['2049-12-31T23:59:59Z', '1950-01-01T00:00:00Z', '2000-02-29T12:00:00Z'])('%s survives being written and read', (instant) => {
    const date = new Date(instant);

    expect(readDer(utcTime(date), 'thing').time).toEqual(date);
    expect(readDer(generalizedTime(date), 'thing').time).toEqual(date);
  });
});

// Each takes a few milliseconds; the bound is what tells linear from quadratic.
describe('a megabyte of nesting', { timeout: 5_000 }, () => {
  const size = 1024 * 1024;

  test('is read without recursion, one level at a time', () => {
    const bytes = nested(size);

    let levels = 0;
    for (let next: DerElement | undefined = readDer(bytes, 'thing'); next; next = next.children[0]) levels += 1;

    expect(levels).toBeGreaterThan(100_000);
  });

  test('of unclosed elements is refused at once', () => {
    expect(() => readDer(Buffer.alloc(size, Uint8Array.of(0x30, 0x84, 0x00, 0x10, 0x00, 0x00)), 'thing')).toThrow(
      derInvalid('longer than what holds it'),
    );
    expect(() => readDer(Buffer.alloc(size, Uint8Array.of(0x30, 0x80)), 'thing')).toThrow(derInvalid('indefinite length'));
  });

  test('of empty siblings is read as what it is', () => {
    expect(readDer(element(0x30, Buffer.alloc(size, Uint8Array.of(0x05, 0x00))), 'thing').children).toHaveLength(size / 2);
  });
});

/** SEQUENCE in SEQUENCE, written from the inside out, in about `length` octets. */
function nested(size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  let start = size;
  while (start > 6) {
    const length = size - start;
    const head = headerOf(length);
    start -= head.length;
    bytes.set(head, start);
  }
  return bytes.subarray(start);
}

function headerOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(0x30, length);
  const octets = Buffer.from(length.toString(16).padStart(length > 0xffff ? 6 : length > 0xff ? 4 : 2, '0'), 'hex');
  return Uint8Array.of(0x30, 0x80 | octets.length, ...octets);
}
