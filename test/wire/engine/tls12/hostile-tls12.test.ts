import { duplexPair, type Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createPki } from '../../../../src/index.ts';
import { runClientHandshake, runServerHandshake } from '../../../../src/wire/engine/run-handshake.ts';
import { encodeHandshakeMessage, encodeRecord } from '../../../../src/wire/tls-encoding.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { credentialOf, endOf } from '../engine-peers.ts';

const pki = createPki({ name: 'engine' });
const credential = credentialOf(pki.server());
const sides = {
  client: (stream: Duplex) => runClientHandshake(stream, { version: 'TLSv1.2', timeout: 200 }),
  server: (stream: Duplex) => runServerHandshake(stream, { version: 'TLSv1.2', credential, timeout: 200 }),
} as const;
const hello = { client: 2, server: 1 } as const;
const awaited = { client: 'server server_hello', server: 'client client_hello' } as const;

describe.for(['client', 'server'] as const)('a %s of the engine ends at its peer that', (side) => {
  test.for([
    ['says nothing', undefined, { kind: 'silent', milliseconds: 200 }],
    ['closes', Buffer.alloc(0), { kind: 'closed', closeNotify: false }],
    ['is not of TLS', Buffer.from('HTTP/1.1 400 Bad Request\r\n'), { kind: 'not-tls' }],
    [
      'sends an empty hello',
      encodeRecord('handshake', encodeHandshakeMessage(hello[side])),
      { kind: 'wrong-answer', alert: 'decode_error' },
    ],
    [
      'sends a message of 16 megabytes',
      encodeRecord('handshake', Buffer.from('02ffffff', 'hex')),
      { kind: 'wrong-answer', alert: 'illegal_parameter' },
    ],
    ['sends application data', encodeRecord('application_data', Buffer.alloc(1)), { kind: 'wrong-answer', alert: 'unexpected_message' }],
    ['sends a fatal alert', Buffer.from('15030300020228', 'hex'), { kind: 'refused', alert: { name: 'handshake_failure' } }],
  ] as const)('%s', async ([, bytes, end]) => {
    const [near, far] = duplexPair();
    far.resume();
    const running = endOf(sides[side](near));
    if (bytes) far.end(bytes);

    expect(await running).toMatchObject({ ...end, step: awaited[side] });
  });

  test('sends any octets in the shape of records', async () => {
    const random = randomNumbers(12);
    for (let round = 0; round < 200; round += 1) {
      const [near, far] = duplexPair();
      far.resume();
      const running = endOf(sides[side](near));
      const body = Buffer.from(Array.from({ length: Math.floor(random() * 80) }, () => Math.floor(random() * 256)));
      far.end(encodeRecord('handshake', encodeHandshakeMessage(hello[side], Uint8Array.of(3, 3), Buffer.alloc(32), body)));

      expect((await running)?.kind).toMatch(/^(wrong-answer|closed)$/u);
    }
  });
});
