import { expect, test } from 'vitest';
import { recordsOf } from '../../src/wire/records/tls-record.ts';
import {
  encodeAlert,
  encodeExtension,
  encodeHandshakeMessage,
  encodeRecord,
  encodeRecords,
  encodeUint,
  encodeVector,
} from '../../src/wire/tls-encoding.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test.for([
  ['an integer of one octet', encodeUint(1, 0xab), 'ab'],
  ['an integer of three octets', encodeUint(3, 0x010203), '010203'],
  ['the largest integer of four octets', encodeUint(4, 0xffffffff), 'ffffffff'],
  ['an empty vector', encodeVector(2), '0000'],
  ['a vector of two parts', encodeVector(1, Uint8Array.of(1), Uint8Array.of(2, 3)), '03010203'],
  ['an extension', encodeExtension(0xff01, Uint8Array.of(0)), 'ff01000100'],
  ['a handshake message', encodeHandshakeMessage(2, Uint8Array.of(9, 8)), '020000020908'],
  ['a record', encodeRecord('handshake', Uint8Array.of(7)), '160303000107'],
  ['a record of another version', encodeRecord('application_data', Uint8Array.of(7), 0x0301), '170301000107'],
  ['a fatal alert', encodeAlert('unknown_ca', 'fatal'), '15030300020230'],
  ['a warning', encodeAlert('user_canceled', 'warning'), '1503030002015a'],
] as const)('%s is encoded as RFC 8446 says', ([, bytes, expected]) => {
  expect(hex(bytes)).toBe(expected);
});

test('content that is too long for one record goes into several, and none of them is empty', () => {
  const lengths = (content: number): readonly number[] =>
    recordsOf([{ sentBy: 'server', atMs: 0, bytes: encodeRecords('handshake', Buffer.alloc(content)) }]).map(({ length }) => length);

  expect(lengths(2 ** 14)).toEqual([2 ** 14]);
  expect(lengths(2 ** 14 + 1)).toEqual([2 ** 14, 1]);
  expect(lengths(40_000)).toEqual([2 ** 14, 2 ** 14, 40_000 - 2 ** 15]);
});
