import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import { bytesField, doubleField, mapEntry, readFields, textField, varintField } from '../../../src/spiffe/protocol/protobuf.ts';

/** protobufjs decodes what we encode, and encodes what we decode. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message All { bytes a = 1; string b = 2; uint32 c = 3; double d = 4; map<string, bytes> e = 5; repeated bytes f = 16; fixed32 g = 17; sint64 h = 18; }
`);
const type = root.lookupType('All');

test('protobufjs reads each kind of field', () => {
  const long = Buffer.alloc(70_000, 7);
  const message = Buffer.concat([
    bytesField(1, long),
    textField(2, 'näme'),
    varintField(3, 300),
    doubleField(4, -0.5),
    mapEntry(5, 'x', Buffer.from('y')),
    bytesField(16, Buffer.alloc(0)),
    bytesField(16, Buffer.from('z')),
  ]);

  expect(type.toObject(type.decode(message), { bytes: Buffer })).toEqual({
    a: long,
    b: 'näme',
    c: 300,
    d: -0.5,
    e: { x: Buffer.from('y') },
    f: [Buffer.alloc(0), Buffer.from('z')],
  });
});

test('what protobufjs writes is read, and fields of other kinds are skipped', () => {
  const message = type
    .encode({ a: Buffer.alloc(200, 1), b: 'text', c: 4_000_000_000, d: 1.5, f: [Buffer.from('q')], g: 9, h: -1 })
    .finish();

  expect(readFields(message)).toEqual([
    { number: 1, value: Buffer.alloc(200, 1) },
    { number: 2, value: Buffer.from('text') },
    { number: 16, value: Buffer.from('q') },
  ]);
});

test('the empty text is the default and is not written', () => {
  expect(textField(2, '')).toHaveLength(0);
  expect(textField(2, 'a')).toHaveLength(3);
});

test.for([
  ['a field that is cut off', [0x0a, 0x05, 0x01]],
  ['a length that is cut off', [0x0a, 0x85]],
  ['a tag that is cut off', [0x8a]],
  ['a number of eleven octets', [0x08, ...Array.from({ length: 11 }, () => 0x80)]],
  ['a group', [0x0b, 0x0c]],
  ['a fixed64 that is cut off', [0x09, 0x00]],
] as const)('%s is a RangeError', ([, octets]) => {
  expect(() => readFields(Uint8Array.from(octets))).toThrow(RangeError);
});
