import type { Pki } from '../../pki/pki.ts';
import { decidedBy, legitimateClient, notConcerned } from './authorization.ts';
import { clientCredentialUnsent, neverAsked, neverSent } from '../assess/credential-sent.ts';
import { namesNotPermitted } from './permitted-names.ts';
import type { Played } from '../assess/observation.ts';
import { presentToServer, type PresentOptions } from './server/present.ts';
import type { ArrangedCredential, ClientScenario, ExpectedOutcome, LegitimatePeer, Stack, TlsVersion } from '../catalogue/scenario.ts';
import type { ScenarioResult } from '../records/scenario-result.ts';
import { notJudged, unsuitable, type Weighed } from '../records/scenario-result.ts';
import { serverFor, type ServerUnderTest } from './server/server-under-test.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import { ObservedServer } from '../../handshake/server/observed-server.ts';
import type { ServerConfiguration, ServerTarget } from './target.ts';
import { serverRefusesVersion } from './version-spoken.ts';
import { type Expectation, expectationOf, weighPlayed } from '../assess/assess-observation.ts';

/** What a presented credential came to, weighed; with the handshake where it was observed. */
export interface Presented extends Weighed {
  readonly handshake?: Handshake;
}

/** How a scenario is run; checked. */
export interface RunSettings {
  readonly pki: Pki;
  readonly version: TlsVersion;
  /** Milliseconds for each attempt. */
  readonly timeout: number;
  readonly stack: Stack | undefined;
  /** In place of what the scenario expects. */
  readonly expected: ExpectedOutcome | undefined;
  /** The valid peer was accepted a moment ago, by this target and with this version: not tried again. */
  readonly controlled: boolean;
  /** The one peer that the application under test lets in; undefined where it lets in whomever TLS accepts. */
  readonly authorizes: LegitimatePeer | undefined;
}

/** Presents the credential of a client scenario to a server under test, after a valid one was let in. */
export async function runClientScenario(scenario: ClientScenario, target: ServerTarget, settings: RunSettings): Promise<ScenarioResult> {
  const { version } = settings;
  const stack = settings.stack ?? (isNode(target) ? 'node' : undefined);
  const decision = decidedBy(scenario, settings.authorizes);
  const demanded = settings.expected ?? (decision === 'application' ? refusedByApplication : undefined);
  const expectation = expectationOf(scenario, { version, stack, demanded });
  const { message, ...weighed } = await judgeCredential(scenario, target, { ...settings, decision, expectation });
  return { id: scenario.id, expected: expectation.expected, ...weighed, message: `${scenario.id} (${version}): ${message}` };
}

/** A run, and what to hold it against. */
interface Judging extends RunSettings {
  readonly decision: ReturnType<typeof decidedBy>;
  readonly expectation: Expectation;
}

async function judgeCredential(scenario: ClientScenario, target: ServerTarget, settings: Judging): Promise<Presented> {
  const { pki, version, decision, expectation } = settings;
  if (decision === 'unsuitable') return unsuitable(notConcerned(scenario.id));
  const unsent = typeof target === 'function' ? neverSent(scenario, version) : undefined;
  if (unsent) return unsent;
  const credential = scenario.arrange(pki);
  const outside = namesNotPermitted(credential, pki);
  if (outside !== undefined) return unsuitable(outside);
  const played =
    needsConfiguration(credential, pki) || decision === 'application'
      ? await presentConfigured(scenario, credential, target, settings)
      : await presentPlain(credential, target, settings);
  return 'status' in played ? played : weighCredential(played, credential, expectation);
}

/** A credential that was not sent is not judged, whatever came of it. */
function weighCredential(played: Played, credential: ArrangedCredential, expectation: Expectation): Presented {
  const { handshake } = played;
  const unsent = handshake && clientCredentialUnsent(handshake, credential);
  const weighed = unsent ?? weighPlayed(played, expectation);
  const isUnasked = handshake && weighed.status === 'as-expected' && neverAsked(handshake);
  return {
    ...(isUnasked ? notJudged('the server never asked for a certificate: this credential was not sent') : weighed),
    ...(handshake && { handshake }),
  };
}

const refusedByApplication: ExpectedOutcome = Object.freeze({ verdict: 'rejected', by: 'server' });

function isNode(target: ServerTarget): boolean {
  return target instanceof ObservedServer || ('running' in target && target.running instanceof ObservedServer);
}

/** Whether the judge must be told more than to trust the PKI. */
function needsConfiguration({ trust, crl }: ArrangedCredential, pki: Pki): boolean {
  return crl !== undefined || trust !== pki.anchors;
}

/** Shows the valid client to a server: undefined when it is let in, otherwise what happened. */
export async function refusalOfValidClient(target: ServerUnderTest['target'], settings: ControlSettings): Promise<Presented | undefined> {
  return (await presentValidClient(target, settings)).refusal;
}

/** The same, and whether the server refused the version of TLS. */
export async function tryValidClient(target: ServerUnderTest['target'], settings: ControlSettings): Promise<ValidPeerTried> {
  const { played, refusal } = await presentValidClient(target, settings);
  if (!refusal) return { refusal, refusesVersion: false };
  const { handshake, refusesVersion = false } = played;
  if (typeof target === 'function' || !handshake) return { refusal, refusesVersion };
  const { pki, version, timeout } = settings;
  return { refusal, refusesVersion: await serverRefusesVersion(handshake, target, { version, timeout, trust: pki.anchors }) };
}

type ControlSettings = Pick<RunSettings, 'pki' | 'version' | 'timeout' | 'authorizes'>;

/** The valid peer, tried. */
export interface ValidPeerTried {
  /** What happened where it was refused. */
  readonly refusal: Presented | undefined;
  /** Whether it was refused for its version of TLS, as far as this one attempt tells. */
  readonly refusesVersion: boolean;
}

async function presentValidClient(
  target: ServerUnderTest['target'],
  settings: ControlSettings,
): Promise<{ readonly played: Played; readonly refusal: Presented | undefined }> {
  const identity = legitimateClient(settings.pki, settings.authorizes);
  const played = await presentToServer(target, { identity }, presenting(settings));
  const presented = asAccepted(played);
  return { played, refusal: presented.status === 'as-expected' ? undefined : presented };
}

function asAccepted(played: Played): Presented {
  const { handshake } = played;
  return { ...played.weigh({ verdict: 'accepted' }), ...(handshake && { handshake }) };
}

async function presentPlain(credential: ArrangedCredential, target: ServerTarget, settings: RunSettings): Promise<Played | Presented> {
  return withServer(...serverOf(target, credential, settings.pki), async ({ target: server }) => {
    const refusal = settings.controlled ? undefined : await refusalOfValidClient(server, settings);
    return refusal ? validRefused(refusal) : presentToServer(server, credential, presenting(settings));
  });
}

/** The control is the same credential without its fault, to a server that is configured for it in the same way, where that is needed. */
async function presentConfigured(
  scenario: ClientScenario,
  credential: ArrangedCredential,
  target: ServerTarget,
  settings: RunSettings,
): Promise<Played | Presented> {
  const arranged = scenario.control(settings.pki);
  const control = await withServer(...serverOf(target, arranged, settings.pki), ({ target: server }) =>
    presentToServer(server, arranged, presenting(settings)),
  );
  const controlled = 'status' in control ? control : asAccepted(control);
  if (controlled.unsuitable) return controlled;
  if (controlled.status !== 'as-expected') return validRefused(controlled);
  return withServer(...serverOf(target, credential, settings.pki), ({ target: server }) =>
    presentToServer(server, credential, presenting(settings)),
  );
}

async function withServer(
  target: ServerTarget,
  configuration: ServerConfiguration | undefined,
  use: (server: ServerUnderTest) => Promise<Played | Presented>,
): Promise<Played | Presented> {
  const server = await serverFor(target, configuration);
  if (!server) return unsuitable('the server has to be configured for this scenario (other trust anchors, or CRLs): give { start }');
  try {
    return await use(server);
  } finally {
    await server.close();
  }
}

/** What to run against, and in which configuration; none where the usual one will do and something runs in it already. */
function serverOf(
  target: ServerTarget,
  { trust, crl }: ArrangedCredential,
  pki: Pki,
): readonly [ServerTarget, ServerConfiguration | undefined] {
  const running = 'running' in target ? target.running : undefined;
  const usual = crl === undefined && trust === pki.anchors;
  if (usual && (running || !('start' in target))) return [running ?? target, undefined];
  return [target, { ...plainConfiguration(pki), trust, ...(crl && { crl: [...crl] }) }];
}

/** The configuration in which most scenarios are run. */
export function plainConfiguration(pki: Pki): ServerConfiguration {
  return { identity: pki.server(), trust: pki.anchors };
}

function presenting({ pki, version, timeout }: Pick<RunSettings, 'pki' | 'version' | 'timeout'>): PresentOptions {
  return { version, timeout, serverAnchors: pki.anchors };
}

function validRefused(control: Presented): Presented {
  return { ...control, status: 'not-judged', message: `not judged: the valid client was refused: ${control.message}` };
}
