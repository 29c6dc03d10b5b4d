import type { Handshake } from '../handshake/handshake.ts';
import { decidedBy, legitimateServer, notConcerned } from './authorisation.ts';
import { expectedOf } from './expected-outcome.ts';
import { namesNotPermitted } from './permitted-names.ts';
import { startPeer, type StartPeer } from './peer-to-call.ts';
import type { RunSettings } from './run-client-scenario.ts';
import type { ArrangedCredential, ExpectedOutcome, ServerScenario } from './scenario.ts';
import { type ScenarioResult, unsuitable, type Weighed } from './scenario-result.ts';
import { settleCall } from './settle-call.ts';
import type { ClientCall } from './target.ts';
import { weighCalledPeer } from './weigh-called-peer.ts';

/** How a server scenario is run; checked. */
export interface CallSettings extends RunSettings {
  readonly startPeer: StartPeer | undefined;
}

/** Lets a client under test call a server with the credential of a scenario, after it called one with a valid credential. */
export async function runServerScenario(scenario: ServerScenario, call: ClientCall, settings: CallSettings): Promise<ScenarioResult> {
  const { pki, version, stack } = settings;
  const decision = decidedBy(scenario, settings.authorises);
  const expected = settings.expected ?? (decision === 'application' ? refusedByApplication : expectedOf(scenario, { version, stack }));
  if (expected.verdict === 'rejected' && expected.by === 'server')
    return {
      id: scenario.id,
      expected,
      ...unsuitable(`a server of Node.js cannot present the credential of ${scenario.id} with ${version}`),
    };
  if (decision === 'unsuitable') return { id: scenario.id, expected, ...unsuitable(notConcerned(scenario.id)) };
  const credential = scenario.arrange(pki);
  const outside = namesNotPermitted(credential, pki);
  if (outside !== undefined) return { id: scenario.id, expected, ...unsuitable(outside) };
  const control =
    decision === 'tls' && isControlled(credential, settings)
      ? undefined
      : await callPeer(call, scenario.mend(pki), { verdict: 'accepted' }, settings);
  const outcome =
    control && control.status !== 'as-expected' ? validRefused(control, credential) : await callPeer(call, credential, expected, settings);
  return { id: scenario.id, expected, ...outcome, message: `${scenario.id} (${version}): ${outcome.message}` };
}

const refusedByApplication: ExpectedOutcome = Object.freeze({ verdict: 'rejected', by: 'client' });

/** Shows a valid server to the client: undefined when it is trusted, otherwise what happened. */
export async function refusalOfValidServer(call: ClientCall, settings: CallSettings): Promise<Called | undefined> {
  const { pki } = settings;
  const valid = { identity: legitimateServer(pki, settings.authorises), host: 'localhost', trust: pki.anchors };
  const called = await callPeer(call, valid, { verdict: 'accepted' }, settings);
  return called.status === 'as-expected' ? undefined : called;
}

/** What a call came to. */
export interface Called extends Weighed {
  readonly handshake?: Handshake;
}

/** The control of before holds for what the client is given as it was there: the usual name, the PKI's anchors, no CRLs. */
function isControlled({ host, trust, crl }: ArrangedCredential, { controlled, pki }: CallSettings): boolean {
  return controlled && host === 'localhost' && trust === pki.anchors && crl === undefined;
}

async function callPeer(
  call: ClientCall,
  credential: ArrangedCredential,
  expected: ExpectedOutcome,
  { pki, version, timeout, startPeer: start }: CallSettings,
): Promise<Called> {
  const peer = await startPeer(credential, { pki, version, start });
  try {
    const settled = await settleCall(() => call(peer.call), timeout);
    const handshakes = await peer.handshakes();
    const handshake = handshakes.at(-1);
    return { ...weighCalledPeer(expected, settled, handshakes), ...(handshake && { handshake }) };
  } finally {
    await peer.close();
  }
}

function validRefused(control: Called, { host }: ArrangedCredential): Called {
  const name = host === 'localhost' || host === '127.0.0.1' ? '' : `, asked for by the name "${host}" (pass tls.servername on)`;
  return { ...control, status: 'not-judged', message: `not judged: the valid server${name} was refused: ${control.message}` };
}
