import { describe, expect, test } from 'vitest';
import type { WireEvent } from '../../src/relay/wire-event.ts';
import { at, client, fin, hellos13, judge, server } from './sequences.ts';

// What each sequence means is said here; RFC 8446 and RFC 5246 have the order of the messages.

const alert = (sentBy: 'client' | 'server'): WireEvent => at(sentBy, { kind: 'alert', alert: { name: 'unknown_ca', code: 48, sentBy } });
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
