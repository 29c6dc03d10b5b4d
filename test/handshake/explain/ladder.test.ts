import { expect, test } from 'vitest';
import { ladder } from '../../../src/handshake/explain/ladder.ts';
import type { DecodedMessage, MessageContent } from '../../../src/wire/decode/decoded-message.ts';
import type { Side } from '../../../src/wire/tap/capture.ts';

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

test('without messages there is no ladder, unless an end left', () => {
  expect(ladder([], { decision: { verdict: 'accepted' }, most: 9, time })).toEqual([]);
  expect(ladder([], { decision: { verdict: 'rejected', rejectedBy: 'client' }, most: 9, time })).toHaveLength(2);
});

test('a line is bounded, whatever a peer puts into a message, and says how much it leaves out', () => {
  const long = 'x'.repeat(5000);
  const authority = (text: string): { text: string; der: Uint8Array } => ({ text, der: Buffer.from(text) });
  const request = {
    type: 'certificate_request',
    signatureSchemes: [],
    certificateSignatureSchemes: [],
    certificateTypes: [],
    extensions: [],
  } as const;
  const messages = [
    says('server', { ...request, authorities: Array.from({ length: 401 }, (_, at) => authority(`CN=Authority ${at}, O=Example`)) }),
    says('client', { type: 'finished' }),
    says('server', { ...request, authorities: [authority(`CN=${long}`), authority(`CN=${long}`)] }),
    says('client', {
      type: 'client_hello',
      versions: Array.from({ length: 120 }, (_, at) => `TLS 9.${at}`),
      random: '',
      sessionId: '',
      cipherSuites: [],
      groups: [],
      signatureSchemes: [],
      certificateSignatureSchemes: [],
      servername: long,
      alpnProtocols: Array.from({ length: 300 }, () => long),
      keyShares: [],
      sessionTicket: 'offered',
      pskIdentities: 0,
      pskModes: [],
      earlyData: false,
      extensions: [],
    }),
    says('server', { type: 'encrypted_extensions', alpnProtocol: long, extensions: [] }),
  ];

  const lines = ladder(messages, { decision: { verdict: 'accepted' }, most: 10, time });

  expect(lines).toHaveLength(6);
  expect(lines.filter((line) => line.length > 240)).toEqual([]);
  expect(lines[1]).toContain(
    '(CN=Authority 0, O=Example | CN=Authority 1, O=Example | CN=Authority 2, O=Example | CN=Authority 3, O=Example and 397 more)',
  );
  expect(lines[4]).toContain('9.0/9.1/9.2/9.3 and 116 more');
});

test('an acceptable CA with an ordinary name is named in full', () => {
  const text = 'C=DE, O=An Example of a Company with a Long Name GmbH, CN=An Example Root CA of the Year 2026';
  const request = {
    type: 'certificate_request',
    signatureSchemes: [],
    certificateSignatureSchemes: [],
    certificateTypes: [],
    extensions: [],
  } as const;

  const lines = ladder([says('server', { ...request, authorities: [{ text, der: Buffer.alloc(0) }] })], {
    decision: { verdict: 'accepted' },
    most: 9,
    time,
  });

  expect(lines[1]).toContain(`CertificateRequest (${text})`);
});

test.for<[string, isLeftOut: boolean, at: DecodedMessage | undefined, lines: readonly string[]]>([
  [
    'one that was left out, before the message that was sent in its place',
    true,
    flights[0],
    ['Certificate (left out) -->', 'Finished -->', '<-- NewSessionTicket'],
  ],
  ['one that was sent otherwise, in its place', false, flights[0], ['Certificate (left out) -->', '<-- NewSessionTicket']],
  ['one after which nothing was sent, last', true, undefined, ['Finished -->', '<-- NewSessionTicket', 'Certificate (left out) -->']],
])('an edited message has a line of its own: %s', ([, isLeftOut, at, expected]) => {
  const edited = { sentBy: 'client', text: 'Certificate (left out)', isLeftOut, at } as const;

  const lines = ladder(flights.slice(0, 2), { decision: { verdict: 'rejected' }, most: 9, time, edited });

  expect(lines.slice(1).map((line) => line.replaceAll(/ +/gu, ' ').replace(' 1 ms ', ''))).toEqual(expected);
});
