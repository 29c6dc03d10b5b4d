import { Metadata } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { grpcFailure } from '../../../../src/handshake/verdict/client-errors/grpc-status.ts';

const answered = new Metadata();
answered.set('content-type', 'application/grpc+proto');

/** Live ones are in test/interop/libraries/grpc-statuses.test.ts. */
test.for([
  ['a channel that has no connection', 4, 'Deadline exceeded after 0.500s,wait_for_ready,Waiting for LB pick', /without waitForReady/u],
  [
    'a call that runs',
    4,
    'Deadline exceeded after 0.500s,LB pick: 0.1s,remote_addr=127.0.0.1:1',
    /^the call timed out, which is not a refusal$/u,
  ],
  ['a name without address', 14, 'Name resolution failed for target dns:nowhere.test:1', /no connection was made/u],
  ['a reset', 14, 'read ECONNRESET', /cut without an alert/u],
  ['an HTTP status', 14, 'Received HTTP status code 503', /answered with status 14/u],
] as const)('%s', ([, code, details, words]) => {
  expect(grpcFailure(status(code, details))).toMatch(words);
});

test('words that a server relays are its answer', () => {
  const details = 'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ';

  expect(grpcFailure(status(14, details))).toMatch(/no connection was made/u);
  expect(grpcFailure(status(14, details, answered))).toMatch(/the server answered with status 14/u);
});

test.for([
  ['an error of another library', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
  ['a number without details', Object.assign(new Error('exit'), { code: 4 })],
  ['a status that says nothing of its connection', status(12, 'The server does not implement the method')],
  ['an UNAVAILABLE of unknown words', status(14, 'Stream refused by server')],
  ['an INTERNAL of the client itself', status(13, 'Request message serialization failure')],
] as const)('nothing is said of %s', ([, error]) => {
  expect(grpcFailure(error)).toBeUndefined();
});

function status(code: number, details: string, metadata = new Metadata()): Error {
  return Object.assign(new Error(`${code}: ${details}`), { code, details, metadata });
}
