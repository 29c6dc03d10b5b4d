import type { Handshake } from '../../handshake/verdict/handshake.ts';
import { decidedBy, legitimateServer, notConcerned } from './authorization.ts';
import { serverCredentialUnsent } from '../assess/credential-sent.ts';
import { namesNotPermitted } from './permitted-names.ts';
import { startPeer, type StartPeer } from './client/peer-to-call.ts';
import type { Played } from '../assess/observation.ts';
import type { RunSettings, ValidPeerTried } from './run-client-scenario.ts';
import type { ArrangedCredential, ExpectedOutcome, ServerScenario } from '../catalogue/scenario.ts';
import { type ScenarioResult, unsuitable, type Weighed } from '../records/scenario-result.ts';
import { type Settled, settleCall } from '../assess/settle-call.ts';
import type { ClientCall } from './target.ts';
import { refusesVersion } from './version-spoken.ts';
import { weighCalledPeer } from '../assess/assess-called-peer.ts';
import { weighOnTheWire } from '../assess/assess-on-the-wire.ts';
import { type Expectation, expectationOf, weighPlayed } from '../assess/assess-observation.ts';

/** How a server scenario is run; checked. */
export interface CallSettings extends RunSettings {
  readonly startPeer: StartPeer | undefined;
}

/** Lets a client under test call a server with the credential of a scenario, after it called one with a valid credential. */
export async function runServerScenario(scenario: ServerScenario, call: ClientCall, settings: CallSettings): Promise<ScenarioResult> {
  const { version, stack } = settings;
  const decision = decidedBy(scenario, settings.authorizes);
  const demanded = settings.expected ?? (decision === 'application' ? refusedByApplication : undefined);
  const expectation = expectationOf(scenario, { version, stack, demanded });
  const { message, ...called } = await judgeCredential(scenario, call, { ...settings, decision, expectation });
  return { id: scenario.id, expected: expectation.expected, ...called, message: `${scenario.id} (${version}): ${message}` };
}

/** A run, and what to hold it against. */
interface Judging extends CallSettings {
  readonly decision: ReturnType<typeof decidedBy>;
  readonly expectation: Expectation;
}

async function judgeCredential(scenario: ServerScenario, call: ClientCall, settings: Judging): Promise<Called> {
  const { pki, version, decision, expectation } = settings;
  // The scenario's own words: no stack of the client's, and no wish, makes a server present it.
  const { [version]: usual } = scenario.expected;
  if (usual.verdict === 'rejected' && usual.by === 'server')
    return unsuitable(`a server of Node.js cannot present the credential of ${scenario.id} with ${version}`);
  if (decision === 'unsuitable') return unsuitable(notConcerned(scenario.id));
  const credential = scenario.arrange(pki);
  const outside = namesNotPermitted(credential, pki);
  if (outside !== undefined) return unsuitable(outside);
  const isJudgeable = decision === 'tls' && isControlled(credential, settings);
  const control = isJudgeable ? undefined : asAccepted(await callPeer(call, scenario.control(pki), settings));
  if (control && control.status !== 'as-expected') return validRefused(control, credential);
  const played = await callPeer(call, credential, settings);
  const { handshake } = played;
  return { ...weighPlayed(played, expectation), ...(handshake && { handshake }) };
}

const refusedByApplication: ExpectedOutcome = Object.freeze({ verdict: 'rejected', by: 'client' });

/** Shows a valid server to the client: undefined when it is trusted, otherwise what happened. */
export async function refusalOfValidServer(call: ClientCall, settings: CallSettings): Promise<Called | undefined> {
  return (await tryValidServer(call, settings)).refusal;
}

/** The same, and whether the client refused the version of TLS. */
export async function tryValidServer(call: ClientCall, settings: CallSettings): Promise<ValidPeerTried> {
  const { pki } = settings;
  const valid = { identity: legitimateServer(pki, settings.authorizes), host: 'localhost', trust: pki.anchors };
  const called = asAccepted(await callPeer(call, valid, settings));
  if (called.status === 'as-expected') return { refusal: undefined, refusesVersion: false };
  return { refusal: called, refusesVersion: called.handshake !== undefined && refusesVersion(called.handshake) };
}

/**
 * Whether a client passes the name on that it is to verify: false where it refused a server that is valid for the `tls.servername` it was given, and did not ask for that
 * name on the wire. True where that cannot be told.
 */
export async function takesServername(call: ClientCall, settings: CallSettings): Promise<boolean> {
  const { pki } = settings;
  if (pki.permitted !== undefined) return true;
  const valid = { identity: pki.server({ dns: otherName, ip: [] }), host: otherName, trust: pki.anchors };
  const { handshake, status } = asAccepted(await callPeer(call, valid, settings));
  return !handshake || handshake.servername === otherName || status === 'as-expected';
}

const otherName = 'another-name.mtls-fixtures.test';

/** Whether a scenario is about a name that is not the one in the URL. */
export function needsServername({ host }: Pick<ArrangedCredential, 'host'>): boolean {
  return host !== 'localhost' && host !== '127.0.0.1';
}

/** What a call came to. */
export interface Called extends Weighed {
  readonly handshake?: Handshake;
}

/** The control of before holds for what the client is given as it was there: the usual name, the PKI's anchors, no CRLs. */
function isControlled({ host, trust, crl }: ArrangedCredential, { controlled, pki }: CallSettings): boolean {
  return controlled && host === 'localhost' && trust === pki.anchors && crl === undefined;
}

function asAccepted(played: Played): Called {
  const { handshake } = played;
  return { ...played.weigh({ verdict: 'accepted' }), ...(handshake && { handshake }) };
}

async function callPeer(
  call: ClientCall,
  credential: ArrangedCredential,
  { pki, version, timeout, startPeer: start }: CallSettings,
): Promise<Played> {
  const peer = await startPeer(credential, { pki, version, start });
  try {
    const settled = await settleCall(() => call(peer.call), timeout);
    const handshakes = await peer.handshakes();
    const handshake = handshakes.at(-1);
    return { weigh: (expected) => weighCall(expected, { settled, handshakes, credential }), ...(handshake && { handshake }) };
  } finally {
    await peer.close();
  }
}

/** A client that failed is judged only where the credential was sent to it: it may have offered no signature scheme for it. */
function weighCall(
  expected: ExpectedOutcome,
  {
    settled,
    handshakes,
    credential,
  }: { readonly settled: Settled; readonly handshakes: readonly Handshake[]; readonly credential: ArrangedCredential },
): Weighed {
  const fellBack = handshakes.some(({ reason }) => reason === 'HTTP_REQUEST');
  if (settled.kind !== 'rejected' || fellBack) return weighCalledPeer(expected, settled, handshakes);
  const last = credential.certificateMessage && handshakes.at(-1);
  return (
    serverCredentialUnsent(handshakes, credential) ??
    (last && weighOnTheWire(expected, last, 'server')) ??
    weighCalledPeer(expected, settled, handshakes)
  );
}

function validRefused(control: Called, { host }: ArrangedCredential): Called {
  const name = !needsServername({ host }) ? '' : `, asked for by the name "${host}" (pass tls.servername on)`;
  return { ...control, status: 'not-judged', message: `not judged: the valid server${name} was refused: ${control.message}` };
}
