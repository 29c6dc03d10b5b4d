import { describe, expect, test } from 'vitest';
import type { WireEvent } from '../../src/relay/wire-event.ts';
import { client, fin, hellos13, judge, server } from './sequences.ts';

/** TLS 1.3 without secrets: the server's flight, then the client's, with a Finished of 53 octets. */
const sealed13 = [
  ...hellos13,
  ...[23, 155, 1029, 95, 53].map((length) => server({ kind: 'sealed', length })),
  ...[976, 92, 53].map((length) => client({ kind: 'sealed', length })),
];
const ticket = (): WireEvent => server({ kind: 'sealed', length: 250 });
/** Measured on Node 26.10 in one connection of seven: OpenSSL encrypts what is in a ticket in blocks of 16 octets, and an integer in it has an octet more or less. */
const ticketsOfTwoLengths = (): WireEvent[] => [746, 730].map((length) => server({ kind: 'sealed', length }));

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
