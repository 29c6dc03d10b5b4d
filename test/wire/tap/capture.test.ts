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

test('no more is kept than the limit, and of one side no more than three quarters of it', () => {
  const capture = new Capture();
  capture.add('client', Buffer.alloc(299_990));
  capture.add('client', Buffer.alloc(100));
  capture.add('client', Buffer.alloc(100));
  capture.add('server', Buffer.alloc(99_990));
  capture.add('server', Buffer.alloc(100));

  expect(captureLimit).toBe(400_000);
  expect(capture.chunks.map(({ sentBy, bytes }) => `${sentBy} ${bytes.length}`)).toEqual([
    'client 299990',
    'client 10',
    'server 99990',
    'server 10',
  ]);
});

test('it says whose octets may be missing', () => {
  const capture = new Capture();
  capture.add('client', Buffer.alloc(300_000));

  expect([capture.isFullOf('client'), capture.isFullOf('server'), capture.isFull]).toEqual([true, false, true]);
});
