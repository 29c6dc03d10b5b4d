import { expect, test } from 'vitest';
import { readDer } from '../../../src/asn1/der-reader.ts';
import { element } from '../../../src/asn1/der-writer.ts';
import { serialNumberHex, sha1Hex, shortTime } from '../../../src/forwarded/encodings/certificate-texts.ts';

test.for([
  [0n, '00'],
  [1n, '01'],
  [0x80n, '80'],
  [0xabcn, '0ABC'],
  [-1n, '-01'],
] as const)('the serial number %s is printed as %s', ([serialNumber, text]) => {
  expect(serialNumberHex(serialNumber)).toBe(text);
});

test.for([
  [0x17, '260216034718Z', '260216034718Z'],
  [0x18, '20500102000000Z', '500102000000Z'],
  [0x18, '21000102000000Z', ''],
  [0x18, '19990102000000Z', ''],
] as const)('a time of type %s, %s, is written as "%s"', ([tag, text, short]) => {
  expect(shortTime(readDer(element(tag, Buffer.from(text)), 'time'))).toBe(short);
});

test('a fingerprint is the SHA-1 in small letters', () => {
  expect(sha1Hex(Buffer.from('abc'))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d'); // FIPS 180-4, example
});
