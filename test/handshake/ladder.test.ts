import { expect, test } from 'vitest';
import { ladder } from '../../src/handshake/ladder.ts';
import type { DecodedMessage, MessageContent } from '../../src/wire/decode/decoded-message.ts';
import type { Side } from '../../src/wire/capture.ts';

const time = (atMs: number): string => `${atMs} ms`;

function says(sentBy: Side, content: MessageContent, atMs = 1): DecodedMessage {
  return { sentBy, atMs, encrypted: false, ...content };
}

const flights = [
  says('client', { type: 'finished' }),
  says('server', { type: 'new_session_ticket', lifetimeSeconds: 1, ticketLength: 1, extensions: [] }),
  says('server', { type: 'alert', level: 'fatal', name: 'certificate_expired', code: 45 }, 2),
];

test('the alert that refused is marked, and has a line of its own', () => {
  const decision = { verdict: 'rejected', rejectedBy: 'server', alert: 'certificate_expired' } as const;

  const lines = ladder(flights, { decision, most: 9, time });

  expect(lines.slice(1).map((line) => line.replaceAll(/ +/gu, ' '))).toEqual([
    ' 1 ms Finished -->',
    ' 1 ms <-- NewSessionTicket',
    '> 2 ms <-- alert certificate_expired (45)',
  ]);
});

test('an alert of the other side decides nothing', () => {
  const decision = { verdict: 'rejected', rejectedBy: 'client', alert: undefined } as const;

  const lines = ladder(flights, { decision, most: 9, time });

  expect(lines.filter((line) => line.startsWith('>')).map((line) => line.replaceAll(/ +/gu, ' '))).toEqual([
    '> 1 ms leaves without an alert -->',
  ]);
});

test('what was accepted is decided by the Finished of the client', () => {
  const lines = ladder(flights, { decision: { verdict: 'accepted' }, most: 9, time });

  expect(lines.filter((line) => line.startsWith('>')).map((line) => line.replaceAll(/ +/gu, ' '))).toEqual(['> 1 ms Finished -->']);
});

test('a long handshake is shortened in the middle, and keeps its beginning and its end', () => {
  const chatter = Array.from({ length: 60 }, (_, at) =>
    says(at % 2 === 0 ? 'client' : 'server', { type: 'application_data', length: at }, at),
  );

  const lines = ladder([...chatter, ...flights], { decision: { verdict: 'accepted' }, most: 9, time });

  expect(lines).toHaveLength(9);
  expect(lines[1]).toContain('data, 0 octets');
  expect(lines.join('\n')).toMatch(/\.\.\. \d+ more lines/u);
  expect(lines.at(-1)).toContain('alert certificate_expired');
});

test('nothing said is no ladder, unless somebody left', () => {
  expect(ladder([], { decision: { verdict: 'accepted' }, most: 9, time })).toEqual([]);
  expect(ladder([], { decision: { verdict: 'rejected', rejectedBy: 'client' }, most: 9, time })).toHaveLength(2);
});
