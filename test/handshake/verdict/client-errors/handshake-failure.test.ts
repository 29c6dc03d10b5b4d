import { describe, expect, test } from 'vitest';
import { describeErrors, handshakeFailure } from '../../../../src/handshake/verdict/client-errors/handshake-failure.ts';

const expired = (): Error => Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' });
const line =
  '40330FE25E7F0000:error:0A000415:SSL routines:ssl3_read_bytes:ssl/tls alert certificate expired:rec_layer_s3.c:918:SSL alert number 45\n';

describe('the reason is found', () => {
  test.for([
    ["in the error of Node's own", expired()],
    ['in its cause', new Error('fetch failed', { cause: expired() })],
    ['in a member of an AggregateError', new AggregateError([new Error('other'), expired()])],
    ['in what it calls the original error', Object.assign(new Error('connection failed'), { originalError: expired() })],
    ["in Node's code that nodemailer keeps", Object.assign(expired(), { code: 'ESOCKET', originalCode: 'CERT_HAS_EXPIRED' })],
    ["in OpenSSL's words under mysql2's code", Object.assign(new Error('certificate has expired'), { code: 'HANDSHAKE_SSL_ERROR' })],
    ['under an answer', Object.assign(new Error('502', { cause: expired() }), { response: {} })],
  ] as const)('%s', ([, error]) => {
    expect(handshakeFailure(error)).toMatchObject({ by: 'client', reason: 'CERT_HAS_EXPIRED' });
  });

  test("in OpenSSL's words, where Node names no code and nodemailer keeps it", () => {
    const error = Object.assign(new Error('permitted subtree violation'), { code: 'ESOCKET', originalCode: 'UNSPECIFIED' });

    expect(handshakeFailure(error)).toMatchObject({ by: 'client', reason: 'PERMITTED_VIOLATION' });
  });
});

describe('the alert is found', () => {
  test.for([
    ["in the error of Node's own", Object.assign(new Error(line), { code: 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED' })],
    ['in a write that failed', Object.assign(new Error(`write EPROTO ${line}`), { code: 'EPROTO' })],
    [
      'in a cancelled stream',
      Object.assign(new Error(`The pending stream has been canceled (caused by: ${line})`), { code: 'ERR_HTTP2_STREAM_CANCEL' }),
    ],
    ['under a code of the library', Object.assign(new Error(line), { code: 'HANDSHAKE_SSL_ERROR' })],
    ["in OpenSSL's line alone", new Error(line)],
    ['in a line of what a program printed', new Error(`CONNECTED(00000003)\n${line}---\n`)],
    ['in its last words alone', new Error('ssl/tls alert certificate expired:SSL alert number 45')],
  ] as const)('%s', ([, error]) => {
    expect(handshakeFailure(error)).toMatchObject({ by: 'server', alert: 'certificate_expired' });
  });
});

describe('nothing is concluded from', () => {
  test.for([
    ['a refused connection', Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })],
    ['a connection that was cut', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    [
      'a mail server that reports its own failure',
      Object.assign(new Error(`Message failed: 450 ${line}`), { code: 'EMESSAGE', response: `450 ${line}`, responseCode: 450 }),
    ],
    ['a response that does', Object.assign(new Error(line), { code: 'ERR_BAD_RESPONSE', response: { status: 502 } })],
    ['a code that the response brought', Object.assign(new Error('Bad Gateway'), { code: 'CERT_HAS_EXPIRED', response: { status: 502 } })],
    ['a status by number that does', Object.assign(new Error(line), { code: 13, details: line })],
    ['words around the line', new Error(`status 502: ${line}`)],
    ['words around its end', new Error('upstream: tlsv1 alert unknown ca:SSL alert number 48')],
    ['no error at all', 'SSL alert number 45'],
  ] as const)('%s', ([, error]) => {
    expect(handshakeFailure(error)).toBeUndefined();
  });
});

test('all errors are described, each once', () => {
  const inner = expired();
  const outer = Object.assign(new Error('outer', { cause: inner }), { originalError: inner });

  expect(describeErrors(outer)).toBe('"outer" <- CERT_HAS_EXPIRED "certificate has expired"');
});
