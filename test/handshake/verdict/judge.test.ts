import { describe, expect, test } from 'vitest';
import type { EndOutcome, EndReport } from '../../../src/handshake/verdict/end-report.ts';
import { judge } from '../../../src/handshake/verdict/judge.ts';
import { alertOf } from '../../../src/wire/records/alert-record.ts';
import { Capture } from '../../../src/wire/tap/capture.ts';

const completed: EndOutcome = { kind: 'completed', evidence: 'session-ticket' };
const refused: EndOutcome = { kind: 'rejected', reason: 'CERT_HAS_EXPIRED' };
const left: EndOutcome = { kind: 'left', how: 'closed' };
const alertedBy = (sentBy: 'client' | 'server'): EndOutcome => ({ kind: 'alerted', alert: alertOf(48, sentBy) });

function end(side: 'client' | 'server', outcome: EndOutcome): EndReport {
  return { side, outcome, reported: '', session: { resumed: false }, capture: new Capture(), durationMs: 1 };
}

describe('both ends', () => {
  test.for([
    ['completed', 'completed', completed, completed, { verdict: 'accepted', evidence: 'server-observed' }],
    [
      'completed in TLS 1.3',
      'refused',
      completed,
      refused,
      { verdict: 'rejected', rejectedBy: 'server', reason: 'CERT_HAS_EXPIRED', evidence: 'server-observed' },
    ],
    [
      'refused',
      'completed in TLS 1.2',
      refused,
      completed,
      { verdict: 'rejected', rejectedBy: 'client', reason: 'CERT_HAS_EXPIRED', evidence: 'client-observed' },
    ],
    [
      'refused',
      'was left',
      refused,
      left,
      { verdict: 'rejected', rejectedBy: 'client', reason: 'CERT_HAS_EXPIRED', evidence: 'client-observed' },
    ],
    [
      'was alerted',
      'refused',
      alertedBy('server'),
      refused,
      { verdict: 'rejected', rejectedBy: 'server', reason: 'CERT_HAS_EXPIRED', evidence: 'server-observed' },
    ],
    [
      'was left',
      'was alerted',
      left,
      alertedBy('client'),
      { verdict: 'rejected', rejectedBy: 'client', alert: alertOf(48, 'client'), evidence: 'alert' },
    ],
    ['was left after the handshake', 'completed', left, completed, { verdict: 'accepted', evidence: 'server-observed' }],
  ] as const)('the client %s, the server %s', ([, , client, server, expected]) => {
    expect(judge({ client: end('client', client), server: end('server', server) })).toEqual(expected);
  });
});

describe('one end', () => {
  test.for([
    [
      'a client that completed has its own evidence',
      { client: end('client', completed) },
      { verdict: 'accepted', evidence: 'session-ticket' },
    ],
    [
      'a client that was left was refused by the server',
      { client: end('client', left) },
      { verdict: 'rejected', rejectedBy: 'server', evidence: 'closed' },
    ],
    [
      'a server that was left was refused by the client',
      { server: end('server', left) },
      { verdict: 'rejected', rejectedBy: 'client', evidence: 'closed' },
    ],
    [
      "a client's alert is the client's refusal",
      { server: end('server', alertedBy('client')) },
      { verdict: 'rejected', rejectedBy: 'client', alert: alertOf(48, 'client'), evidence: 'alert' },
    ],
  ] as const)('%s', ([, ends, expected]) => {
    expect(judge(ends)).toEqual(expected);
  });
});
