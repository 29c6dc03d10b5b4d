import { Metadata } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { grpcConnectionError } from '../../../../src/handshake/verdict/client-errors/grpc-error.ts';
import { handshakeFailure } from '../../../../src/handshake/verdict/client-errors/handshake-failure.ts';

/** What @grpc/grpc-js 1.14.7 says of these; its live errors are in test/interop/libraries/grpc.test.ts. */
const failures = [
  ['a verify code, by its words', 'Error: certificate has expired', { by: 'client', reason: 'CERT_HAS_EXPIRED' }],
  ['a verify code without a name in Node', 'Error: permitted subtree violation', { by: 'client', reason: 'PERMITTED_VIOLATION' }],
  [
    "a code of Node's",
    "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: a. is not in the cert's altnames: DNS:b",
    { by: 'client', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  ],
  [
    'an alert',
    'Error: 4033:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:rec_layer_s3.c:918:SSL alert number 48\n',
    { by: 'server', alert: 'unknown_ca' },
  ],
  [
    'an alert to a connection that stood, with the moment',
    '4033:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:rec_layer_s3.c:918:SSL alert number 48\n (2026-11-23T12:40:15.168Z)',
    { by: 'server', alert: 'unknown_ca' },
  ],
] as const;

test.for(failures)('%s is found in the words', ([, words, failure]) => {
  expect(handshakeFailure(status(`No connection established. Last error: ${words}. Resolution note: `))).toMatchObject(failure);
  expect(handshakeFailure(status(`round_robin: No connection established. Last error: ${words}`))).toMatchObject(failure);
});

describe('nothing is concluded from', () => {
  const words = 'No connection established. Last error: Error: certificate has expired. Resolution note: ';
  const answered = new Metadata();
  answered.set('content-type', 'application/grpc+proto');

  test.for([
    ['a refused connection', status('No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ')],
    [
      'a connection that was cut',
      status('No connection established. Last error: Failed to connect (2026-11-23T12:36:01.867Z). Resolution note: '),
    ],
    ['the words of a server that relays them', status(words, { metadata: answered })],
    ['another status', status(words, { code: 13 })],
    ['words around them', status(`upstream: call failed: ${words}`)],
    ['a status without metadata, whose origin is not known', Object.assign(new Error(words), { code: 14, details: words })],
    ['metadata of another kind', status(words, { metadata: { getMap: 'none' } })],
    ['what cannot be a code', status('No connection established. Last error: Error [ERR_HTTP2_ERROR]: Protocol error. Resolution note: ')],
  ] as const)('%s', ([, error]) => {
    expect(handshakeFailure(error)).toBeUndefined();
  });
});

test('an error of another kind is not one of its errors', () => {
  expect(grpcConnectionError(new Error('No connection established. Last error: Error: certificate has expired'))).toBeUndefined();
});

function status(
  details: string,
  { code = 14, metadata = new Metadata() }: { readonly code?: number; readonly metadata?: object } = {},
): Error {
  return Object.assign(new Error(`${code} UNAVAILABLE: ${details}`), { code, details, metadata });
}
