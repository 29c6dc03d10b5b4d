import { expect, test } from 'vitest';
import { RecordSplitter } from '../../../src/wire/records/record-splitter.ts';
import { encodeAlert, encodeRecord } from '../../../src/wire/tls-encoding.ts';

const records = [
  encodeAlert('unknown_ca', 'fatal'),
  encodeRecord('handshake', Buffer.alloc(300, 7)),
  encodeRecord('handshake', Buffer.alloc(0)),
];
const stream = Buffer.concat(records);

test.for([1, 2, 5, 7, 299, stream.length])('records come out whole from pieces of %i octets', (size) => {
  const splitter = new RecordSplitter();
  const found: Buffer[] = [];

  for (let at = 0; at < stream.length; at += size) found.push(...splitter.push(stream.subarray(at, at + size)));

  expect(found).toEqual(records);
  expect(splitter.pending).toHaveLength(0);
});

test('what is not whole yet is pending', () => {
  const splitter = new RecordSplitter();

  expect(splitter.push(stream.subarray(0, 10))).toEqual(records.slice(0, 1));
  expect(splitter.pending).toEqual(stream.subarray(7, 10));
});
