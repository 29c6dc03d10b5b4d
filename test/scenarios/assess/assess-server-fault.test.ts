import { expect, test } from 'vitest';
import type { ServerFault } from '../../../src/faults/server/server-fault.ts';
import type { ExpectedOutcome } from '../../../src/scenarios/catalogue/scenario.ts';
import { assessServerFault } from '../../../src/scenarios/assess/assess-server-fault.ts';
import type { CallResult, FaultTally } from '../../../src/scenarios/assess/observation.ts';

const met: FaultTally = { connections: 1, clientHellos: 1, faultsShown: 1, plaintextConnections: 0 };
const rejected: ExpectedOutcome = { verdict: 'rejected', by: 'server', alert: 'handshake_failure' };
const accepted: ExpectedOutcome = { verdict: 'accepted' };
const failed = failure('the connection was closed', 'ECONNRESET');
const timedOut = failure('nothing came', 'ETIMEDOUT');

test.for<readonly [string, CallResult, Partial<FaultTally>, ExpectedOutcome, ServerFault['kind'], string, string]>([
  ['fails', failed, {}, rejected, 'alert', 'as-expected', 'the call failed'],
  ['names the alert', failure('SSL alert number 40'), {}, rejected, 'alert', 'as-expected', 'the call failed'],
  ['names another alert', failure('SSL alert number 48'), {}, rejected, 'alert', 'unexpected', 'names the alert unknown_ca'],
  ['succeeds', { kind: 'resolved' }, {}, rejected, 'alert', 'unexpected', 'but the call succeeded'],
  ['hangs', { kind: 'hung' }, {}, rejected, 'stall', 'unexpected', 'did not end within the time limit'],
  ['gives up on silence', timedOut, {}, rejected, 'stall', 'as-expected', 'the call failed'],
  ['gives up on a wrong Finished', timedOut, {}, rejected, 'wrong-finished', 'unexpected', 'did not notice'],
  ['gives up on a confessed downgrade', timedOut, {}, rejected, 'downgrade-marker', 'unexpected', 'did not notice'],
  ['continues in plaintext', failed, { plaintextConnections: 1 }, rejected, 'alert', 'unexpected', 'falls back'],
  ['never comes', failed, { connections: 0, clientHellos: 0, faultsShown: 0 }, rejected, 'alert', 'not-judged', 'no connection'],
  ['succeeds elsewhere', { kind: 'resolved' }, { connections: 0 }, rejected, 'alert', 'unexpected', 'not by this server'],
  ['leaves too early', failed, { clientHellos: 0, faultsShown: 0 }, rejected, 'alert', 'not-judged', 'left before'],
  ['offers another version', failed, { faultsShown: 0 }, rejected, 'downgrade-marker', 'not-judged', 'does not offer'],
  [
    'has a mistake in its code',
    { kind: 'rejected', error: new TypeError('x is not a function') },
    {},
    rejected,
    'alert',
    'not-judged',
    'the code itself',
  ],
  ['is patient', { kind: 'resolved' }, {}, accepted, 'one-byte-at-a-time', 'as-expected', 'the call succeeded'],
  ['is not patient', failed, {}, accepted, 'one-byte-at-a-time', 'unexpected', 'to trust the server'],
  ['was served by another', { kind: 'resolved' }, { faultsShown: 0 }, accepted, 'one-byte-at-a-time', 'not-judged', 'did not meet'],
])('a client that %s is assessed', ([, result, tally, expected, kind, status, words]) => {
  const fault = { kind } as ServerFault; // its options do not matter here

  const assessment = assessServerFault({ kind: 'called-fault-server', fault, result, tally: { ...met, ...tally } }, expected, undefined);

  expect(assessment).toMatchObject({ status, message: expect.stringContaining(words) });
});

function failure(message: string, code?: string): CallResult {
  return { kind: 'rejected', error: Object.assign(new Error(message), code === undefined ? {} : { code }) };
}
