// What the engine says of a peer that refuses, is silent or leaves, and of edits that cannot be made.
import { expect, test } from 'vitest';
import { duplexPair } from 'node:stream';
import { alterBody, leaveOut } from '../../../../src/wire/engine/edits.ts';
import { EngineError } from '../../../../src/wire/engine/handshake-end.ts';
import { runClientHandshake } from '../../../../src/wire/engine/run-handshake.ts';
import { handshakeOf } from '../engine-peers.ts';

test.for<[what: string, answer: Buffer | 'end' | 'destroy' | undefined, end: object]>([
  ['says nothing', undefined, { kind: 'silent', milliseconds: 50, step: 'server server_hello' }],
  ['closes', 'end', { kind: 'closed', closeNotify: false, step: 'server server_hello' }],
  ['is reset', 'destroy', { kind: 'reset', step: 'server server_hello' }],
  ['speaks HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), { kind: 'not-tls', step: 'server server_hello' }],
  ['sends close_notify', Buffer.from('15030300020100', 'hex'), { kind: 'closed', closeNotify: true }],
  [
    'sends an alert',
    Buffer.from('15030300020228', 'hex'),
    { kind: 'refused', alert: { name: 'handshake_failure', code: 40, sentBy: 'server' } },
  ],
  ['announces a record that is too long', Buffer.from('1603034001', 'hex'), { kind: 'wrong-answer', alert: 'record_overflow' }],
  ['announces a message that is too long', Buffer.from('160303000402ffffff', 'hex'), { kind: 'wrong-answer', alert: 'illegal_parameter' }],
  [
    'sends change_cipher_spec for ever',
    Buffer.from('140303000101'.repeat(40), 'hex'),
    { kind: 'wrong-answer', alert: 'unexpected_message' },
  ],
])('a peer that %s is told from one that refuses', async ([, answer, end]) => {
  const [one, other] = duplexPair();
  other.on('error', () => {});
  const ended = runClientHandshake(one, { version: 'TLSv1.3', timeout: 50 }).catch((error: unknown) => error);
  if (answer === 'end') other.end();
  else if (answer === 'destroy') one.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
  else if (answer) other.write(answer);

  const error = await ended;

  expect(error).toBeInstanceOf(EngineError);
  expect(error).toMatchObject({ code: 'HANDSHAKE_ENDED', end });
});

test('an edit that names a message which the flight does not hold is an error with the flight and its messages', async () => {
  await expect(handshakeOf({ edits: { client: leaveOut('certificate') } })).rejects.toMatchObject({
    code: 'FLIGHT_EDIT_INVALID',
    facts: { flight: 'client', message: 'certificate', present: ['change_cipher_spec', 'finished'] },
  });
});

test('a message that cannot be encoded is an error with its flight', async () => {
  const edits = { hello: alterBody('client_hello', () => Buffer.alloc(2 ** 24)) };

  await expect(handshakeOf({ edits })).rejects.toMatchObject({
    code: 'FLIGHT_EDIT_INVALID',
    facts: { flight: 'hello', message: 'client_hello' },
  });
});
