import { expect, test } from 'vitest';
import { readDer } from '../../src/asn1/der-reader.ts';
import { encodeTime, encodeValidity } from '../../src/x509/validity.ts';

test.for([
  ['1949-12-31T23:59:59Z', 0x18, '19491231235959Z'],
  ['1950-01-01T00:00:00Z', 0x17, '500101000000Z'],
  ['1999-12-31T23:59:59Z', 0x17, '991231235959Z'],
  ['2000-01-01T00:00:00Z', 0x17, '000101000000Z'],
  ['2049-12-31T23:59:59Z', 0x17, '491231235959Z'],
  ['2050-01-01T00:00:00Z', 0x18, '20500101000000Z'],
  ['9999-12-31T23:59:59Z', 0x18, '99991231235959Z'],
] as const)('%s is written with the tag %d, as RFC 5280 4.1.2.5 says', ([instant, tag, text]) => {
  const time = readDer(encodeTime(new Date(instant)), 'time');

  expect([time.tag, time.text]).toEqual([tag, text]);
  expect(time.time).toEqual(new Date(instant));
});

test('one validity can hold both kinds of time', () => {
  const validity = readDer(
    encodeValidity({ notBefore: new Date('2049-12-31T23:59:59Z'), notAfter: new Date('2050-01-01T00:00:00Z') }),
    'validity',
  );

  expect(validity.children.map(({ tag }) => tag)).toEqual([0x17, 0x18]);
});
