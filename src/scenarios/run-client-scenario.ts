import type { Pki } from '../pki/pki.ts';
import { decidedBy, legitimateClient, notConcerned } from './authorisation.ts';
import { expectedOf } from './expected-outcome.ts';
import { namesNotPermitted } from './permitted-names.ts';
import { type Presented, presentToServer, type PresentOptions } from './present.ts';
import type { ArrangedCredential, ClientScenario, ExpectedOutcome, LegitimatePeer, Stack, TlsVersion } from './scenario.ts';
import type { ScenarioResult } from './scenario-result.ts';
import { unsuitable } from './scenario-result.ts';
import { serverFor, type ServerUnderTest } from './server-under-test.ts';
import { ObservedServer } from '../handshake/observed-server.ts';
import type { ServerConfiguration, ServerTarget } from './target.ts';

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
  readonly authorises: LegitimatePeer | undefined;
}

/** Presents the credential of a client scenario to a server under test, after a valid one was let in. */
export async function runClientScenario(scenario: ClientScenario, target: ServerTarget, settings: RunSettings): Promise<ScenarioResult> {
  const { pki, version } = settings;
  const stack = settings.stack ?? (isNode(target) ? 'node' : undefined);
  const decision = decidedBy(scenario, settings.authorises);
  const expected = settings.expected ?? (decision === 'application' ? refusedByApplication : expectedOf(scenario, { version, stack }));
  if (decision === 'unsuitable') return { id: scenario.id, expected, ...unsuitable(notConcerned(scenario.id)) };
  const credential = scenario.arrange(pki);
  const outside = namesNotPermitted(credential, pki);
  if (outside !== undefined) return { id: scenario.id, expected, ...unsuitable(outside) };
  const presented =
    needsConfiguration(credential, pki) || decision === 'application'
      ? await presentConfigured(scenario, credential, target, { ...settings, expected })
      : await presentPlain(credential, target, { ...settings, expected });
  return { id: scenario.id, expected, ...presented, message: `${scenario.id} (${version}): ${presented.message}` };
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
export async function refusalOfValidClient(
  target: ServerUnderTest['target'],
  settings: Pick<RunSettings, 'pki' | 'version' | 'timeout' | 'authorises'>,
): Promise<Presented | undefined> {
  const identity = legitimateClient(settings.pki, settings.authorises);
  const presented = await presentToServer(target, { identity }, presenting(settings, { verdict: 'accepted' }));
  return presented.status === 'as-expected' ? undefined : presented;
}

type Settings = RunSettings & { readonly expected: ExpectedOutcome };

async function presentPlain(credential: ArrangedCredential, target: ServerTarget, settings: Settings): Promise<Presented> {
  return withServer(...serverOf(target, credential, settings.pki), async ({ target: server }) => {
    const refusal = settings.controlled ? undefined : await refusalOfValidClient(server, settings);
    return refusal ? validRefused(refusal) : presentToServer(server, credential, presenting(settings, settings.expected));
  });
}

/** The control is the same credential without its fault, to a server that is configured for it in the same way, where that is needed. */
async function presentConfigured(
  scenario: ClientScenario,
  credential: ArrangedCredential,
  target: ServerTarget,
  settings: Settings,
): Promise<Presented> {
  const mended = scenario.mend(settings.pki);
  const control = await withServer(...serverOf(target, mended, settings.pki), ({ target: server }) =>
    presentToServer(server, mended, presenting(settings, { verdict: 'accepted' })),
  );
  if (control.unsuitable) return control;
  if (control.status !== 'as-expected') return validRefused(control);
  return withServer(...serverOf(target, credential, settings.pki), ({ target: server }) =>
    presentToServer(server, credential, presenting(settings, settings.expected)),
  );
}

async function withServer(
  target: ServerTarget,
  configuration: ServerConfiguration | undefined,
  use: (server: ServerUnderTest) => Promise<Presented>,
): Promise<Presented> {
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

function presenting(
  { pki, version, timeout }: Pick<RunSettings, 'pki' | 'version' | 'timeout'>,
  expected: ExpectedOutcome,
): PresentOptions {
  return { expected, version, timeout, serverAnchors: pki.anchors };
}

function validRefused(control: Presented): Presented {
  return { ...control, status: 'not-judged', message: `not judged: the valid client was refused: ${control.message}` };
}
