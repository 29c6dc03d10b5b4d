import { expect, test } from 'vitest';
import { wireEvents } from '../../src/relay/wire-event.ts';
import type { DecodedMessage } from '../../src/wire/decode/decoded-message.ts';

test('the end of a stream stands where it came, before what the other side said afterwards', () => {
  const said = { encrypted: true, sentBy: 'server' } as const;
  const messages: readonly DecodedMessage[] = [
    { ...said, type: 'finished', sentBy: 'client', atMs: 10 },
    { ...said, type: 'alert', level: 'warning', name: 'close_notify', code: 0, atMs: 30 },
    { ...said, type: 'end_of_stream', how: 'end', after: 'truncated', sentBy: 'client', atMs: 20 }, // the decoder puts ends last
  ];

  expect(wireEvents(messages).map(({ kind, sentBy }) => `${kind} ${sentBy}`)).toEqual([
    'finished client',
    'end client',
    'close-notify server',
  ]);
});
