import type { ClientFaultOutcome, FlightReport } from '../../faults/client/client-fault-outcome.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { asExpected, type Assessment, describeOutcome, notJudged, unexpected, unsuitable } from '../records/scenario-result.ts';
import type { SentEditedFlight } from './observation.ts';

/**
 * Assesses what a server did with a handshake of which one message was edited. It has refused it where it sent a fatal alert, or ended the connection without an answer
 * to the request, which it had answered after the same handshake unedited. Silence is not a refusal.
 */
export function assessClientFlight(seen: SentEditedFlight, expected: ExpectedOutcome): Assessment {
  const { message, ...assessment } = assess(seen, expected);
  const { transcript = '' } = seen.outcome.flight ?? {};
  return { ...assessment, message: transcript === '' ? message : `${message}\n${transcript}` };
}

function assess(seen: SentEditedFlight, expected: ExpectedOutcome): Assessment {
  const { outcome, validRefusedAfter } = seen;
  const { flight } = outcome;
  if (validRefusedAfter !== undefined)
    return unexpected(`after it the valid client was refused, though it was accepted before: ${validRefusedAfter}`);
  if (!flight) return notJudged('the handshake was not begun');
  if (flight.unfit !== undefined) return unsuitable(flight.unfit);
  if (flight.isResumedAcrossVersions)
    return unexpected(
      `expected ${describeOutcome(expected)} or a full handshake, but the server resumed a session of TLS 1.3 in TLS 1.2: ${describeFlight(flight)}`,
    );
  if (flight.isVersionLowered) return assessLowered(seen, flight);
  if (flight.problem !== undefined) return notJudged(`the server's own part of the handshake is not what the RFC says: ${flight.problem}`);
  if (!outcome.faultSent) return notJudged(`the connection ended before the fault could be shown: ${describeEnd(outcome)}`);
  return assessAnswer(seen, flight, expected);
}

/**
 * A server that goes on in TLS 1.2 behind a HelloRetryRequest goes against RFC 8446 4.1.4; what is judged is whether the client gets in without its certificate, which a full
 * handshake that asks for it does not allow.
 */
function assessLowered({ isControlAsked }: SentEditedFlight, flight: FlightReport): Assessment {
  const sent = describeFlight(flight);
  const lowered = 'the server went on in TLS 1.2, which its HelloRetryRequest excludes (RFC 8446 4.1.4)';
  if (flight.isAsked === true) return asExpected(`${lowered}, but by a full handshake that asks for the certificate: ${sent}`);
  if (flight.isAsked === undefined) return notJudged(`${lowered}, and ended before it had asked for the certificate or resumed: ${sent}`);
  return isControlAsked === true
    ? unexpected(`${lowered}, by a full handshake that does not ask for the certificate: ${sent}`)
    : unsuitable(`${lowered}, and asks for no certificate without that either: ${sent}`);
}

function assessAnswer(
  { outcome, isControlAnswered, isControlAsked, timeout }: SentEditedFlight,
  flight: FlightReport,
  expected: ExpectedOutcome,
): Assessment {
  const mistake = mistakeOf(outcome, timeout);
  const sent = describeFlight(flight);
  const isCompleted = outcome.applicationData || (flight.isCompleted && outcome.ended === 'still-open' && !outcome.alert);
  if (isCompleted && flight.isResumed === false && expected.verdict === 'rejected')
    return isControlAsked === true && flight.isAsked === false
      ? unexpected(`the server did not resume the session, but performed a full handshake without asking for the certificate: ${sent}`)
      : asExpected(`the server did not resume the session and performed a full handshake, as it may: ${sent}`);
  if (mistake !== undefined)
    return expected.verdict === 'accepted'
      ? asExpected(`${mistake}, as expected: ${sent}`)
      : unexpected(`expected ${describeOutcome(expected)}, but ${mistake}: ${sent}`);
  if (!outcome.alert && (!isControlAnswered || flight.sentEarlyData))
    return unsuitable(`the server answers no request and sent no alert, so it does not show whether it refused the handshake: ${sent}`);
  const refused = `the server refused it${alertWords(outcome, expected)}, ${describeEnd(outcome)}: ${sent}`;
  return expected.verdict === 'accepted' ? unexpected(`expected accepted, but ${refused}`) : asExpected(`${refused}, as expected`);
}

/** What the server should not have done; undefined where there is nothing. */
function mistakeOf(outcome: ClientFaultOutcome, timeout: number): string | undefined {
  const { applicationData, alert, ended, flight } = outcome;
  if (applicationData) return 'the server completed the handshake and answered the request';
  if (alert) return undefined;
  if (ended !== 'still-open') return undefined;
  return flight?.isCompleted === true
    ? `the server completed the handshake and kept the connection open for ${timeout} ms`
    : `the server had neither refused it nor ended the connection after ${timeout} ms`;
}

/** The alert beside the one that the RFC names, where it is another. */
function alertWords({ alert, flight }: ClientFaultOutcome, expected: ExpectedOutcome): string {
  const late = flight?.isCompleted === true ? ' after it had completed the handshake' : '';
  if (!alert) return `${late} without an alert`;
  if (expected.verdict === 'accepted' || expected.alert === undefined) return `${late} with the alert ${alert.name}`;
  const named = [expected.alert, ...(expected.alerts ?? [])];
  return named.some((name) => name === alert.name)
    ? `${late} with the alert ${alert.name}`
    : `${late} with the alert ${alert.name}, another than ${named.join(' or ')}`;
}

/** `sent Certificate, Finished; edited: CertificateVerify (left out)`, by the names of the RFC. */
function describeFlight({ edited, sent }: FlightReport): string {
  const names = sent.map((name) => name.replaceAll(/(?:^|_)([a-z])/gu, (_, letter: string) => letter.toUpperCase()));
  return `the client sent ${names.join(', ')}; edited by the scenario: ${edited}`;
}

function describeEnd({ ended, durationMs }: ClientFaultOutcome): string {
  return `${ended === 'still-open' ? 'still open' : ended} after ${durationMs.toFixed(0)} ms`;
}
