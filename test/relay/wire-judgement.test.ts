import { describe, expect, test } from 'vitest';
import type { WireEvent } from '../../src/relay/wire-event.ts';
import { judgeWire } from '../../src/relay/wire-judgement.ts';

// What each sequence means is said here; RFC 8446 and RFC 5246 have the order of the messages.

const waits = { afterSign: 500, withoutSign: 1000, roundTrip: 10 };
const judge = (...events: readonly WireEvent[]): ReturnType<typeof judgeWire> => judgeWire(events, waits);
let clock = 0;
type Parts<Event> = Event extends WireEvent ? Omit<Event, 'sentBy' | 'atMs'> : never;
const at = (sentBy: 'client' | 'server', part: Parts<WireEvent>): WireEvent => ({ ...part, sentBy, atMs: (clock += 100) });
const client = (part: Parts<WireEvent>): WireEvent => at('client', part);
const server = (part: Parts<WireEvent>): WireEvent => at('server', part);
const alert = (sentBy: 'client' | 'server'): WireEvent => at(sentBy, { kind: 'alert', alert: { name: 'unknown_ca', code: 48, sentBy } });

const hellos13 = [client({ kind: 'client-hello' }), server({ kind: 'server-hello', isTls13: true, resumed: false })];
const hellos12 = [client({ kind: 'client-hello' }), server({ kind: 'server-hello', isTls13: false, resumed: false })];
const complete13 = [
  ...hellos13,
  server({ kind: 'certificate' }),
  server({ kind: 'finished' }),
  client({ kind: 'certificate' }),
  client({ kind: 'finished' }),
];
const complete12 = [
  ...hellos12,
  server({ kind: 'certificate' }),
  client({ kind: 'certificate' }),
  client({ kind: 'finished' }),
  server({ kind: 'finished' }),
];
/** TLS 1.3 without secrets: the server's flight, then the client's, with a Finished of 53 octets. */
const sealed13 = [
  ...hellos13,
  ...[23, 155, 1029, 95, 53].map((length) => server({ kind: 'sealed', length })),
  ...[976, 92, 53].map((length) => client({ kind: 'sealed', length })),
];
const fin = (sentBy: 'client' | 'server'): WireEvent => at(sentBy, { kind: 'end', how: 'closed' });
const ticket = (): WireEvent => server({ kind: 'sealed', length: 250 });
/** Measured on Node 26.10 in one connection of seven: OpenSSL encrypts what is in a ticket in blocks of 16 octets, and an integer in it has an octet more or less. */
const ticketsOfTwoLengths = (): WireEvent[] => [746, 730].map((length) => server({ kind: 'sealed', length }));

describe('what could be read', () => {
  test.for<[what: string, events: readonly WireEvent[], outcome: object]>([
    [
      'an alert of the client in place of its flight',
      [...hellos13, server({ kind: 'certificate' }), alert('client')],
      { kind: 'alerted', alert: { sentBy: 'client' } },
    ],
    ['an alert of the server after the flight', [...complete13, alert('server')], { kind: 'alerted', alert: { sentBy: 'server' } }],
    [
      'an alert of the server after a ticket',
      [...complete13, server({ kind: 'ticket' }), alert('server')],
      { kind: 'alerted', detail: expect.stringContaining('session ticket') },
    ],
    ['data of the server after the handshake', [...complete13, server({ kind: 'data' })], { kind: 'accepted' }],
    ['the end of the server without a word', [...complete13, fin('server')], { kind: 'left', by: 'server', how: 'closed' }],
    ['a close_notify of the server before any data', [...complete13, server({ kind: 'close-notify' })], { kind: 'left', by: 'server' }],
    [
      'the answer to the close_notify of a client',
      [...complete13, client({ kind: 'close-notify' }), server({ kind: 'close-notify' })],
      { kind: 'accepted' },
    ],
    [
      'an alert that answers the close_notify of a client',
      [...complete13, client({ kind: 'close-notify' }), alert('server')],
      { kind: 'alerted' },
    ],
    [
      'a client that leaves with the certificate of the server',
      [...hellos13, server({ kind: 'certificate' }), fin('client')],
      { kind: 'left', by: 'client' },
    ],
    [
      'a server that leaves before the flight of the client',
      [...hellos13, server({ kind: 'certificate' }), fin('server')],
      { kind: 'cut', by: 'server' },
    ],
    [
      'a client that leaves before the certificate of the server',
      [client({ kind: 'client-hello' }), fin('client')],
      { kind: 'cut', by: 'client' },
    ],
    ['data of both sides in TLS 1.2', [...complete12, client({ kind: 'data' }), server({ kind: 'data' })], { kind: 'accepted' }],
    [
      'a TLS 1.3 client that leaves without close_notify and without data',
      [...complete13, server({ kind: 'ticket' }), fin('client')],
      { kind: 'left', by: 'client', detail: expect.stringContaining('without data') },
    ],
    [
      'a TLS 1.3 client that leaves after data, without close_notify',
      [...complete13, server({ kind: 'ticket' }), client({ kind: 'data' }), fin('client'), fin('server')],
      { kind: 'accepted' },
    ],
    ['a TLS 1.2 client that leaves without close_notify', [...complete12, fin('client')], { kind: 'left', by: 'client' }],
    [
      'a TLS 1.2 client that closes properly',
      [...complete12, client({ kind: 'close-notify' }), server({ kind: 'close-notify' })],
      { kind: 'accepted' },
    ],
    [
      'an encrypted alert of a TLS 1.2 server',
      [...complete12, server({ kind: 'sealed-alert' }), fin('server')],
      { kind: 'left', by: 'server', isRead: false },
    ],
    ['a TLS 1.2 server that ends in place of its Finished', [...complete12.slice(0, -1), fin('server')], { kind: 'left', by: 'server' }],
  ])('%s', ([, events, outcome]) => {
    expect(judge(...events)).toMatchObject(outcome);
  });

  test('a server of TLS 1.2 that speaks first has not heard what its client decides', () => {
    expect(judge(...complete12, server({ kind: 'data' }))).toMatchObject({ kind: 'open' });
  });

  test('silence is acceptance after the wait, counted from the last sign', () => {
    const last = complete13.at(-1)?.atMs ?? 0;
    const sign = server({ kind: 'ticket' });
    const data = client({ kind: 'data' });

    expect(judge(...complete13)).toEqual({ kind: 'open', acceptedAt: last + 1000 });
    expect(judge(...complete13, sign)).toEqual({ kind: 'open', acceptedAt: sign.atMs + 1000 }); // the client may verify now
    expect(judge(...complete13, sign, data)).toEqual({ kind: 'open', acceptedAt: sign.atMs + 500 });
    expect(judge(...hellos13)).toEqual({ kind: 'open' });
  });

  test('data that the server can have written in its first flight proves nothing', () => {
    const early = { ...server({ kind: 'data' }), atMs: (complete13.at(-1)?.atMs ?? 0) + 1 };

    expect(judge(...complete13, early)).toMatchObject({ kind: 'open' });
  });
});

describe('TLS 1.3 that stays encrypted', () => {
  test.for<[what: string, events: readonly WireEvent[], outcome: object]>([
    [
      'a record of an alert in place of the flight',
      [...sealed13.slice(0, -3), client({ kind: 'sealed', length: 19 })],
      { kind: 'left', by: 'client' },
    ],
    [
      'a record of an alert, with the padding of Java',
      [...sealed13.slice(0, -3), client({ kind: 'sealed', length: 35 })],
      { kind: 'left', by: 'client' },
    ],
    [
      'a record of an alert after the flight, and the end',
      [...sealed13, server({ kind: 'sealed', length: 19 }), fin('server')],
      { kind: 'left', by: 'server' },
    ],
    [
      'two tickets, a record of an alert, and the end',
      [...sealed13, ticket(), ticket(), server({ kind: 'sealed', length: 19 }), fin('server')],
      { kind: 'left', by: 'server' },
    ],
    [
      'two tickets of which one is a block longer, a record of an alert, and the end',
      [...sealed13, ...ticketsOfTwoLengths(), server({ kind: 'sealed', length: 19 }), fin('server')],
      { kind: 'left', by: 'server', detail: expect.stringContaining('then sent a record of the length of an alert') },
    ],
    [
      'a client that leaves without a word, after two tickets of which one is a block longer',
      [...sealed13, ...ticketsOfTwoLengths(), fin('client')],
      { kind: 'left', by: 'client' },
    ],
    [
      'an answer of two records after data, of which one is shorter by less than a block',
      [
        ...sealed13,
        client({ kind: 'sealed', length: 100 }),
        server({ kind: 'sealed', length: 90 }),
        server({ kind: 'sealed', length: 80 }),
        server({ kind: 'sealed', length: 19 }),
        fin('server'),
      ],
      { kind: 'accepted' },
    ],
    [
      'tickets and an answer to data',
      [...sealed13, client({ kind: 'sealed', length: 100 }), ticket(), ticket(), server({ kind: 'sealed', length: 90 })],
      { kind: 'accepted' },
    ],
    [
      'an answer, a close_notify, and the end',
      [
        ...sealed13,
        client({ kind: 'sealed', length: 100 }),
        ticket(),
        server({ kind: 'sealed', length: 90 }),
        server({ kind: 'sealed', length: 19 }),
        fin('server'),
      ],
      { kind: 'accepted' },
    ],
    [
      'a client that leaves first, after a ticket',
      [...sealed13, ticket(), client({ kind: 'sealed', length: 19 }), fin('client'), server({ kind: 'sealed', length: 19 }), fin('server')],
      { kind: 'accepted' },
    ],
    [
      'two records of an alert, and a client that closes in between',
      [
        ...sealed13,
        server({ kind: 'sealed', length: 19 }),
        client({ kind: 'sealed', length: 19 }),
        fin('client'),
        server({ kind: 'sealed', length: 19 }),
        fin('server'),
      ],
      { kind: 'left', by: 'server' },
    ],
    ['the end of the server without a word', [...sealed13, fin('server')], { kind: 'left', by: 'server' }],
    [
      'a client that leaves without a word, after tickets',
      [...sealed13, ticket(), ticket(), fin('client')],
      { kind: 'left', by: 'client' },
    ],
    ['a client that leaves in place of its flight', [...sealed13.slice(0, -3), fin('client')], { kind: 'left', by: 'client' }],
  ])('%s', ([, events, outcome]) => {
    expect(judge(...events)).toMatchObject({ ...outcome, isRead: false });
  });

  // PostgreSQL 15 without tickets does all of these to clients that it has accepted, and others refuse so.
  test.for<[what: string, events: readonly WireEvent[]]>([
    [
      'a client that closes first, answered by a record of an alert',
      [...sealed13, client({ kind: 'sealed', length: 19 }), server({ kind: 'sealed', length: 19 }), fin('server')],
    ],
    [
      'a client that has gone, answered by a record of an alert',
      [...sealed13, client({ kind: 'sealed', length: 19 }), fin('client'), server({ kind: 'sealed', length: 19 }), fin('server')],
    ],
    [
      'data, one record, and one of an alert',
      [
        ...sealed13,
        client({ kind: 'sealed', length: 72 }),
        server({ kind: 'sealed', length: 127 }),
        server({ kind: 'sealed', length: 19 }),
        fin('server'),
      ],
    ],
    [
      'data, two records that may be tickets, and one of an alert',
      [
        ...sealed13,
        client({ kind: 'sealed', length: 72 }),
        ...ticketsOfTwoLengths(),
        server({ kind: 'sealed', length: 19 }),
        fin('server'),
      ],
    ],
    [
      'data, one record, one of an alert, and the client ends first',
      [
        ...sealed13,
        client({ kind: 'sealed', length: 72 }),
        server({ kind: 'sealed', length: 127 }),
        server({ kind: 'sealed', length: 19 }),
        fin('client'),
      ],
    ],
  ])('fits a refusal and an acceptance: %s', ([, events]) => {
    expect(judge(...events)).toMatchObject({ kind: 'ambiguous' });
  });

  test.for<[what: string, events: readonly WireEvent[], outcome: object]>([
    [
      'one ticket before any data, then a record of an alert',
      [...sealed13, ticket(), client({ kind: 'sealed', length: 72 }), server({ kind: 'sealed', length: 19 }), fin('server')],
      { kind: 'left', by: 'server', detail: expect.stringContaining('session ticket') },
    ],
    [
      'data, then a record of an alert alone',
      [...sealed13, client({ kind: 'sealed', length: 72 }), server({ kind: 'sealed', length: 19 }), fin('server')],
      { kind: 'left', by: 'server', detail: expect.not.stringContaining('ticket') },
    ],
  ])('is a refusal where no data could be answered: %s', ([, events, outcome]) => {
    expect(judge(...events)).toMatchObject(outcome);
  });

  test('a record of the length of an alert is one only where the connection ends with it', () => {
    expect(judge(...sealed13, server({ kind: 'sealed', length: 19 }))).toMatchObject({ kind: 'open' });
  });
});
