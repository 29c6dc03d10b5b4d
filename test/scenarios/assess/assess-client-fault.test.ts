import { describe, expect, test } from 'vitest';
import type { ClientFault } from '../../../src/faults/client/client-fault.ts';
import type { ClientFaultOutcome } from '../../../src/faults/client/client-fault-outcome.ts';
import type { ExpectedOutcome } from '../../../src/scenarios/catalogue/scenario.ts';
import { assessClientFault } from '../../../src/scenarios/assess/assess-client-fault.ts';

const ended: ClientFaultOutcome = {
  ended: 'closed',
  faultSent: true,
  bytesReceived: 7,
  plaintextResponse: false,
  applicationData: false,
  durationMs: 3,
};
const seen = { kind: 'sent-client-fault', fault: { kind: 'garbage' }, outcome: ended, timeout: 500 } as const;
const rejected: ExpectedOutcome = { verdict: 'rejected', by: 'server' };
const accepted: ExpectedOutcome = { verdict: 'accepted' };
const alert = { name: 'handshake_failure', code: 40, sentBy: 'server' } as const;

describe('a server that is to end the connection', () => {
  test.for<readonly [string, ClientFault['kind'], Partial<ClientFaultOutcome>, string]>([
    ['ends it', 'garbage', {}, 'as-expected'],
    ['resets it', 'garbage', { ended: 'reset' }, 'as-expected'],
    ['ends it with an alert of its choice', 'garbage', { alert }, 'as-expected'],
    ['refuses in plaintext', 'plaintext-http', { plaintextResponse: true, plaintextStatus: 400 }, 'as-expected'],
    ['refers in plaintext', 'plaintext-http', { plaintextResponse: true, plaintextStatus: 308 }, 'as-expected'],
    ['answers in plaintext with a page', 'garbage', { plaintext: '<html>400 Bad Request' }, 'as-expected'],
    ['serves in plaintext', 'plaintext-http', { plaintextResponse: true, plaintextStatus: 204 }, 'unexpected'],
    ['echoes in plaintext', 'plaintext-http', { plaintext: 'GET / HTTP/1.1..' }, 'unexpected'],
    ['serves', 'wrong-finished', { applicationData: true }, 'unexpected'],
    ['serves and ends', 'wrong-certificate-verify', { applicationData: true, faultSent: false }, 'unexpected'],
    ['leaves it open', 'garbage', { ended: 'still-open' }, 'unexpected'],
    ['sent SETTINGS to a client that left afterwards', 'half-close', { applicationData: true }, 'as-expected'],
    ['keeps a half-open connection', 'half-close', { ended: 'still-open' }, 'unexpected'],
    ['was never shown the fault', 'wrong-finished', { faultSent: false, alert }, 'not-judged'],
  ])('%s: %s %j is %s', ([, kind, outcome, status]) => {
    const fault = { kind } as ClientFault; // none of these kinds has options

    expect(assessClientFault({ ...seen, fault, outcome: { ...ended, ...outcome } }, rejected).status).toBe(status);
  });

  test('is described by what it did', () => {
    const open = assessClientFault({ ...seen, outcome: { ...ended, ended: 'still-open' } }, rejected);

    expect(open.message).toContain('had not ended the connection after 500 ms');
  });

  test('must still accept the valid client afterwards', () => {
    const assessment = assessClientFault({ ...seen, validRefusedAfter: 'was rejected' }, rejected);

    expect(assessment).toMatchObject({ status: 'unexpected', message: expect.stringContaining('after it the valid client was refused') });
  });

  test('may be known to do otherwise', () => {
    const open = assessClientFault({ ...seen, outcome: { ...ended, ended: 'still-open' } }, accepted);
    const closed = assessClientFault(seen, accepted);

    expect([open.status, closed.status]).toEqual(['as-expected', 'unexpected']);
  });
});

describe('a server that is to be patient', () => {
  test.for<readonly [string, Partial<ClientFaultOutcome>, ExpectedOutcome, string, true?]>([
    ['answers', { applicationData: true }, accepted, 'as-expected'],
    ['refuses', { alert }, accepted, 'unexpected'],
    ['says nothing', { ended: 'still-open' }, accepted, 'not-judged', true],
    ['answers, though it is to refuse', { applicationData: true }, rejected, 'unexpected'],
    ['refuses, as it is to', { alert }, rejected, 'as-expected'],
    ['closes without an alert', {}, rejected, 'not-judged', true],
  ])('%s: %j', ([, outcome, expected, status, unsuitable]) => {
    const assessment = assessClientFault({ ...seen, fault: { kind: 'one-byte-at-a-time' }, outcome: { ...ended, ...outcome } }, expected);

    expect(assessment.status).toBe(status);
    expect(assessment.unsuitable).toBe(unsuitable);
  });

  test.for<readonly [string, Partial<ClientFaultOutcome>, ExpectedOutcome, string, (true | undefined)?, boolean?]>([
    ['closes after its hello, though it answers the valid client', { protocol: 'TLSv1.3' }, accepted, 'unexpected', undefined, true],
    ['closes after its hello, though it answers the valid client', { protocol: 'TLSv1.3' }, rejected, 'as-expected', undefined, true],
    ['closes after its hello, as to the valid client', { protocol: 'TLSv1.3' }, accepted, 'not-judged', true, false],
    ['answers', { applicationData: true }, accepted, 'as-expected'],
    ['closes instead of its hello', {}, accepted, 'unexpected'],
    ['closes instead of its hello, as it may', {}, rejected, 'as-expected'],
    ['closes after its hello without an alert', { protocol: 'TLSv1.3' }, rejected, 'not-judged', true],
    ['says nothing', { ended: 'still-open' }, rejected, 'not-judged', true],
    ['was sent a hello in one record', { faultSent: false, applicationData: true }, accepted, 'not-judged', true],
  ])('of a hello in two records: %s: %j', ([, outcome, expected, status, unsuitable, answersValid]) => {
    const fault = { kind: 'split-client-hello', at: 'header' } as const;
    const observed = { ...seen, fault, outcome: { ...ended, ...outcome }, ...(answersValid !== undefined && { answersValid }) };
    const assessment = assessClientFault(observed, expected);

    expect(assessment.status).toBe(status);
    expect(assessment.unsuitable).toBe(unsuitable);
  });
});
