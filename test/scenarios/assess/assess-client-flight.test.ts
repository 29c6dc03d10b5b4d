import { expect, test } from 'vitest';
import type { ClientFaultOutcome, FlightReport } from '../../../src/faults/client/client-fault-outcome.ts';
import { assessClientFlight } from '../../../src/scenarios/assess/assess-client-flight.ts';
import type { SentEditedFlight } from '../../../src/scenarios/assess/observation.ts';
import type { ExpectedOutcome } from '../../../src/scenarios/catalogue/scenario.ts';

const refused: ExpectedOutcome = { verdict: 'rejected', by: 'server', alert: 'unexpected_message', alerts: ['illegal_parameter'] };
const flight: FlightReport = {
  edited: 'CertificateVerify (left out)',
  sent: ['change_cipher_spec', 'certificate', 'finished'],
  transcript: '',
  capture: Buffer.alloc(0),
  isCompleted: false,
};
const alert = { name: 'unexpected_message', code: 10, sentBy: 'server' } as const;

test.for([
  ['a fatal alert is a refusal', { alert }, {}, 'as-expected', 'refused it with the alert unexpected_message, closed after 12 ms'],
  [
    'an alert that the RFC leaves to the server is one, too',
    { alert: { ...alert, name: 'illegal_parameter', code: 47 } },
    {},
    'as-expected',
    'with the alert illegal_parameter, closed',
  ],
  [
    'any other alert is a refusal that is named',
    { alert: { ...alert, name: 'internal_error', code: 80 } },
    {},
    'as-expected',
    'with the alert internal_error, another than unexpected_message or illegal_parameter',
  ],
  ['an end without an alert is one where the control was answered', {}, {}, 'as-expected', 'refused it without an alert'],
  ['a reset is one, too', { ended: 'reset' }, {}, 'as-expected', 'without an alert, reset after 12 ms'],
  [
    'an alert alone is one where the control was not answered',
    { alert },
    { isControlAnswered: false },
    'as-expected',
    'unexpected_message',
  ],
  ['an end without an alert shows nothing there', {}, { isControlAnswered: false }, 'not-judged', 'does not show whether it refused'],
  [
    'nor does it behind data that may have been sent before',
    { flight: { ...flight, sentEarlyData: true } },
    {},
    'not-judged',
    'does not show',
  ],
  ['an answer is none', { applicationData: true }, {}, 'unexpected', 'but the server completed the handshake and answered the request'],
  ['silence is none', { ended: 'still-open' }, {}, 'unexpected', 'neither refused it nor ended the connection after 700 ms'],
  [
    'nor is a handshake that completed, where nothing follows',
    { ended: 'still-open', flight: { ...flight, isCompleted: true } },
    {},
    'unexpected',
    'completed the handshake and kept the connection open',
  ],
  [
    'a refusal after the handshake is one, and it is said when it came',
    { alert, flight: { ...flight, isCompleted: true } },
    {},
    'as-expected',
    'after it had completed the handshake with the alert unexpected_message',
  ],
  ['a flight that was never sent is not judged', { faultSent: false }, {}, 'not-judged', 'before the fault could be shown'],
  [
    'a fault that is none towards this server is not judged',
    { flight: { ...flight, unfit: 'it takes MD5' } },
    {},
    'not-judged',
    'it takes MD5',
  ],
  [
    'nor is a server whose own part is wrong',
    { flight: { ...flight, problem: 'no share' } },
    {},
    'not-judged',
    'not what the RFC says: no share',
  ],
  [
    'a full handshake in place of a resumption is allowed',
    { applicationData: true, flight: { ...flight, isResumed: false } },
    {},
    'as-expected',
    'full handshake',
  ],
  [
    'a full handshake is allowed to a server that has not answered',
    { flight: { ...flight, isResumed: false, isCompleted: true }, ended: 'still-open' },
    {},
    'as-expected',
    'full handshake',
  ],
  [
    'a resumption is not allowed to one either',
    { flight: { ...flight, isResumed: true, isCompleted: true }, ended: 'still-open' },
    {},
    'unexpected',
    'kept the connection open',
  ],
  [
    'a full handshake is none that does not ask for the certificate, which the control did',
    { applicationData: true, flight: { ...flight, isResumed: false, isAsked: false } },
    { isControlAsked: true },
    'unexpected',
    'without asking for the certificate',
  ],
  [
    'a full handshake is one that asks for no certificate, as the control did not',
    { applicationData: true, flight: { ...flight, isResumed: false, isAsked: false } },
    { isControlAsked: false },
    'as-expected',
    'full handshake',
  ],
  [
    'a session of TLS 1.3 that is resumed in TLS 1.2 is an acceptance, though the keys do not fit',
    { flight: { ...flight, isResumed: true, isResumedAcrossVersions: true, problem: 'bad record' } },
    {},
    'unexpected',
    'the server resumed a session of TLS 1.3 in TLS 1.2',
  ],
  [
    'an answer to a session that was resumed is an acceptance',
    { applicationData: true, flight: { ...flight, isResumed: true } },
    {},
    'unexpected',
    'answered the request',
  ],
  [
    'a server that is down afterwards has failed',
    { alert },
    { validRefusedAfter: 'CONNECT_FAILED' },
    'unexpected',
    'after it the valid client was refused',
  ],
] as const)('%s', ([, outcome, seen, status, words]) => {
  const assessment = assessClientFlight(observation(outcome, seen), refused);

  expect(assessment).toMatchObject({ status, message: expect.stringContaining(words) });
});

test('where acceptance is demanded an answer is as expected, and a refusal is not', () => {
  const demanded: ExpectedOutcome = { verdict: 'accepted' };

  const answered = assessClientFlight(observation({ applicationData: true }), demanded);
  const ended = assessClientFlight(observation({ alert }), demanded);

  expect([answered.status, ended.status]).toEqual(['as-expected', 'unexpected']);
});

test('the message that was edited is named among those that were sent', () => {
  const { message } = assessClientFlight(observation({ alert }), refused);

  expect(message).toContain(
    'the client sent ChangeCipherSpec, Certificate, Finished; edited by the scenario: CertificateVerify (left out)',
  );
});

function observation(outcome: Partial<ClientFaultOutcome>, seen: Partial<SentEditedFlight> = {}): SentEditedFlight {
  return {
    kind: 'sent-edited-flight',
    flight: 'client-certificate-verify-left-out',
    timeout: 700,
    isControlAnswered: true,
    ...seen,
    outcome: {
      ended: 'closed',
      faultSent: true,
      bytesReceived: 100,
      plaintextResponse: false,
      applicationData: false,
      durationMs: 12,
      flight,
      ...outcome,
    },
  };
}

test('the messages that were sent follow the sentence', () => {
  const transcript = '  CertificateVerify (left out by the scenario)  -->\n> alert unexpected_message (10)';

  const { message } = assessClientFlight(observation({ alert, flight: { ...flight, transcript } }), refused);

  expect(message.split('\n')).toEqual([expect.stringContaining('refused it'), ...transcript.split('\n')]);
});
