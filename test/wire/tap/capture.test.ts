import { expect, test } from 'vitest';
import { Capture, captureLimit } from '../../../src/wire/tap/capture.ts';

test('what passed is kept in order, before and after the handshake was judged', () => {
  const capture = new Capture();
  capture.add('client', Buffer.from('hello'));
  capture.add('server', Buffer.from('hi'));

  const before = capture.chunks;
  capture.stop();
  capture.add('client', Buffer.from('not this'));

  expect(before.map(({ sentBy, bytes }) => `${sentBy} ${Buffer.from(bytes).toString()}`)).toEqual(['client hello', 'server hi']);
  expect(capture.chunks).toEqual(before);
});

test('no more is kept than the limit', () => {
  const capture = new Capture();
  capture.add('client', Buffer.alloc(captureLimit - 10));
  capture.add('client', Buffer.alloc(100));
  capture.add('client', Buffer.alloc(100));

  expect(capture.chunks.map(({ bytes }) => bytes.length)).toEqual([captureLimit - 10, 10]);
});
