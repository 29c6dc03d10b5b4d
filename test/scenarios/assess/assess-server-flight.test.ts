import { expect, test } from 'vitest';
import { assessServerFlight } from '../../../src/scenarios/assess/assess-server-flight.ts';
import type { CallResult, FaultTally } from '../../../src/scenarios/assess/observation.ts';
import type { ExpectedOutcome } from '../../../src/scenarios/catalogue/scenario.ts';

const met: FaultTally = {
  connections: 1,
  clientHellos: 1,
  faultsShown: 1,
  plaintextConnections: 0,
  completedHandshakes: 0,
  applicationData: 0,
  alerts: [],
  ownFailure: undefined,
};
const flight = 'certificate-empty';
const rejected: ExpectedOutcome = { verdict: 'rejected', by: 'client', alert: 'decode_error' };
const accepted: ExpectedOutcome = { verdict: 'accepted' };
const failed = failure('the connection was closed', 'ECONNRESET');
const resolved: CallResult = { kind: 'resolved' };
const decodeError = [{ name: 'decode_error', code: 50, sentBy: 'client' }] as const;
const unexpectedMessage = [{ name: 'unexpected_message', code: 10, sentBy: 'client' }] as const;

test.for<readonly [string, CallResult, Partial<FaultTally>, ExpectedOutcome, string, string]>([
  ['refuses by the alert of the RFC', failed, { alerts: decodeError }, rejected, 'as-expected', 'by the alert decode_error'],
  ['refuses by another alert', failed, { alerts: unexpectedMessage }, rejected, 'as-expected', 'the RFC names decode_error'],
  ['leaves without an alert', failed, {}, rejected, 'as-expected', 'without an alert'],
  ['succeeds', resolved, { completedHandshakes: 1, applicationData: 1 }, rejected, 'unexpected', 'the client went on'],
  ['sends data before it fails', failed, { completedHandshakes: 1, applicationData: 1 }, rejected, 'unexpected', 'sent application data'],
  ['sends data and then an alert', failed, { applicationData: 1, alerts: decodeError }, rejected, 'unexpected', 'sent application data'],
  [
    'sends an alert after its Finished',
    failed,
    { completedHandshakes: 1, alerts: decodeError },
    rejected,
    'as-expected',
    'by the alert decode_error',
  ],
  ['fails after its Finished for another reason', failed, { completedHandshakes: 1 }, rejected, 'not-judged', 'does not show'],
  ['hangs', { kind: 'hung' }, {}, rejected, 'unexpected', 'did not end within the time limit'],
  ['waits until it times out', failure('nothing came', 'ETIMEDOUT'), {}, rejected, 'unexpected', 'did not notice'],
  [
    'has a mistake in its code',
    { kind: 'rejected', error: new TypeError('x is not a function') },
    {},
    rejected,
    'not-judged',
    'the code itself',
  ],
  ['is left by the server', failed, { ownFailure: 'the Finished is wrong' }, rejected, 'not-judged', 'the Finished is wrong'],
  ['continues in plaintext', failed, { plaintextConnections: 1 }, rejected, 'unexpected', 'falls back'],
  ['never comes', failed, { connections: 0, clientHellos: 0, faultsShown: 0 }, rejected, 'not-judged', 'no connection'],
  ['succeeds elsewhere', resolved, { connections: 0 }, rejected, 'unexpected', 'not by this server'],
  ['leaves before the flight', failed, { clientHellos: 0, faultsShown: 0 }, rejected, 'not-judged', 'before it met the flight'],
  ['does not offer the version', failed, { faultsShown: 0 }, rejected, 'not-judged', 'does not offer'],
  ['does not offer what the flight is about', resolved, { faultsShown: 0 }, rejected, 'not-judged', 'an ordinary one'],
  ['goes on as it should', resolved, { completedHandshakes: 1 }, accepted, 'as-expected', 'the call succeeded'],
  ['refuses what it should take', failed, { alerts: decodeError }, accepted, 'unexpected', 'refused by the alert decode_error'],
])('a client that %s is assessed', ([, result, tally, expected, status, words]) => {
  const assessment = assessServerFlight({ result, tally: { ...met, ...tally }, flight }, expected, undefined);

  expect(assessment).toMatchObject({ status, message: expect.stringContaining(words) });
});

test('a client that has sent its Finished before the fault is judged by what it does then', () => {
  const tally = { ...met, completedHandshakes: 1 };
  const after = { flight: 'finished-in-the-clear', result: failed } as const;

  expect(assessServerFlight({ ...after, tally }, rejected, undefined)).toMatchObject({ status: 'as-expected' });
  expect(assessServerFlight({ ...after, tally: { ...tally, applicationData: 1 } }, rejected, undefined)).toMatchObject({
    status: 'unexpected',
  });
});

test('a user may demand the alert', () => {
  const tally = { ...met, alerts: unexpectedMessage };

  expect(assessServerFlight({ result: failed, tally, flight }, rejected, { ...rejected, alert: 'unexpected_message' })).toMatchObject({
    status: 'as-expected',
  });
  expect(assessServerFlight({ result: failed, tally, flight }, rejected, rejected)).toMatchObject({
    status: 'unexpected',
    message: expect.stringContaining('by the alert unexpected_message'),
  });
});

function failure(message: string, code?: string): CallResult {
  return { kind: 'rejected', error: Object.assign(new Error(message), code === undefined ? {} : { code }) };
}
