import type { ProtocolScenario } from '../catalogue/protocol-scenario.ts';
import type { CredentialScenario, Divergence, ExpectedOutcome, ScenarioFacts, Stack, TlsVersion } from '../catalogue/scenario.ts';
import { type Assessment, notJudged, type ScenarioResult, unsuitable } from '../records/scenario-result.ts';
import { assessAttempt } from './assess-attempt.ts';
import { assessCalledServer } from './assess-call.ts';
import { assessCalledPeer } from './assess-called-peer.ts';
import { assessClientFault } from './assess-client-fault.ts';
import { assessClientFlight } from './assess-client-flight.ts';
import {
  assessAnonymousResumption,
  assessConnectionCut,
  assessHostCrossing,
  assessHttpRequest,
  assessRenegotiation,
} from './assess-exchange.ts';
import { assessPresentedCredential, assessProtocolHandshake } from './assess-handshake.ts';
import { assessServerFault } from './assess-server-fault.ts';
import { assessRenegotiationByServer, assessTwoCalls } from './assess-two-calls.ts';
import { clientCredentialUnsent, neverAsked } from './credential-sent.ts';
import { divergenceOf, expectedOf, withAlertsOf } from './expected-outcome.ts';
import type { Observation } from './observation.ts';

/** Whose answer is assessed. */
export interface Subject {
  readonly version: TlsVersion;
  readonly stack: Stack | undefined;
  /** What the user expects in place of what the scenario says. */
  readonly demanded: ExpectedOutcome | undefined;
}

/** Assesses what was seen of an end under test in a scenario. */
export function assessScenario(
  scenario: CredentialScenario | ProtocolScenario,
  observation: Observation,
  subject: Subject,
): ScenarioResult {
  const expectation = expectationOf(scenario, subject);
  const { message, ...assessment } = assessObservation(observation, expectation);
  const { handshake } = observation;
  return {
    id: scenario.id,
    expected: expectation.expected,
    ...assessment,
    ...(handshake && { handshake }),
    ...wireOf(observation),
    message: `${scenario.id} (${subject.version}): ${message}${noteOf(observation)}`,
  };
}

/** Of an edited handshake, which is not one of Node.js: what was sent. */
function wireOf(observation: Observation): Pick<ScenarioResult, 'alert' | 'capture'> {
  if (observation.kind !== 'sent-edited-flight') return {};
  const { alert, flight } = observation.outcome;
  return { ...(alert && { alert }), ...(flight && { capture: flight.capture }) };
}

function noteOf(observation: Observation): string {
  return 'note' in observation && observation.note !== undefined ? `; ${observation.note}` : '';
}

/** Assesses a control: whether the valid peer was accepted, unless something else is expected of it. */
export function assessControl(observation: Observation, expected: ExpectedOutcome = { verdict: 'accepted' }): Assessment {
  return compare(observation, expected);
}

/** What to compare an observation with. */
interface Expectation {
  /** As the result says it. */
  readonly expected: ExpectedOutcome;
  /** What every stack should answer, unless the user demands something else. */
  readonly usual: ExpectedOutcome;
  /** How this stack is known to answer otherwise; absent where it is not, or the user demands something. */
  readonly known?: Divergence | undefined;
  readonly demanded?: ExpectedOutcome | undefined;
}

/** What to expect of one target: what the user demands, or else what the scenario says, and what is known of the stack. */
function expectationOf(
  scenario: Pick<ScenarioFacts, 'expected' | 'divergences' | 'stackAlerts'>,
  { version, stack, demanded }: Subject,
): Expectation {
  if (demanded) return { expected: demanded, demanded, usual: withAlertsOf(demanded, scenario, { version, stack }) };
  return {
    expected: expectedOf(scenario, { version, stack }),
    usual: withAlertsOf(scenario.expected[version], scenario, { version, stack }),
    known: divergenceOf(scenario, { version, stack }),
  };
}

/** A credential that the client did not send is not judged, whatever followed. */
function assessObservation(observation: Observation, expectation: Expectation): Assessment {
  if (observation.kind !== 'presented-credential') return compareWithKnown(observation, expectation);
  const { handshake, credential } = observation;
  const unsent = clientCredentialUnsent(handshake, credential);
  if (unsent) return unsent;
  const assessment = compareWithKnown(observation, expectation);
  return assessment.status === 'as-expected' && neverAsked(handshake)
    ? notJudged('the server never asked for a certificate: this credential was not sent')
    : assessment;
}

/**
 * A stack that does what every stack should do passes, whatever it is known for: it may be set up more strictly. One that diverges as it is known to has neither passed
 * nor failed.
 */
function compareWithKnown(observation: Observation, { expected, usual, known, demanded }: Expectation): Assessment {
  const assessment = compare(observation, usual, demanded);
  if (!known || assessment.status !== 'unexpected') return assessment;
  const asKnown = compare(observation, expected);
  return asKnown.status === 'as-expected'
    ? unsuitable(`not judged: ${known.stack} is known to answer otherwise than it should, which is not a pass: ${asKnown.message}`)
    : assessment;
}

/** Hands each kind of observation to the file that knows it; where nothing was seen, the run has said why. */
function compare(observation: Observation, expected: ExpectedOutcome, demanded?: ExpectedOutcome): Assessment {
  switch (observation.kind) {
    case 'presented-credential':
      return assessPresentedCredential(observation, expected);
    case 'protocol-handshake':
      return assessProtocolHandshake(observation, expected);
    case 'connection-cut':
      return assessConnectionCut(observation, expected);
    case 'user-attempt':
      return assessAttempt(observation, expected);
    case 'called-server':
      return assessCalledServer(observation, expected);
    case 'called-peer':
      return assessCalledPeer(observation, expected);
    case 'called-fault-server':
      return assessServerFault(observation, expected, demanded);
    case 'called-twice':
      return assessTwoCalls(observation, expected);
    case 'called-renegotiating-server':
      return assessRenegotiationByServer(observation, expected);
    case 'sent-client-fault':
      return assessClientFault(observation, expected);
    case 'sent-edited-flight':
      return assessClientFlight(observation, expected);
    case 'renegotiation':
      return assessRenegotiation(observation, expected);
    case 'host-crossing':
      return assessHostCrossing(observation, expected);
    case 'http-request':
      return assessHttpRequest(observation, expected);
    case 'anonymous-resumption':
      return assessAnonymousResumption(observation);
    case 'nothing-seen':
    default:
      return observation.assessment;
  }
}
