import { type ErrorCode, invalidOption, MtlsFixturesError, requireJudgingRuntime, textOf, typeName } from '../../errors/index.ts';
import { requireBoolean, requireMilliseconds, requirePki, requireResponderHost, requireText } from '../../options/checks.ts';
import { checkedWhereRead, functionOf, oneOf, type OptionSchema, requireOptionsOf } from '../../options/schema.ts';
import type { Pki } from '../../pki/pki.ts';
import { assessScenario } from '../assess/assess-scenario.ts';
import { requireExpectedOutcome } from '../assess/expected-outcome.ts';
import { nothingSeen, type Observation } from '../assess/observation.ts';
import { decidedBy, requireAuthorization } from '../catalogue/authorization.ts';
import { requireAnswer, type Respond } from './client/respond.ts';
import type { StartPeer } from './client/start-peer.ts';
import type { ProtocolScenario, ServerProtocolScenario } from '../catalogue/protocol-scenario.ts';
import { type HostsUnderTest, pkisAt } from './hosts-under-test.ts';
import { runClientScenario } from './run-client-scenario.ts';
import { runProtocolScenario } from './run-protocol-scenario.ts';
import { runServerScenario } from './run-server-scenario.ts';
import type { ClientScenario, ExpectedOutcome, LegitimatePeer, ServerScenario, Stack, TlsVersion } from '../catalogue/scenario.ts';
import { notJudged, type ScenarioResult } from '../records/scenario-result.ts';
import { type CallSettings, requireServerPki, type ServerPki } from './run-settings.ts';
import { requireAsked, type ServerRequest } from './server/server-request.ts';
import { isObservedTarget } from './server/server-under-test.ts';
import { type ClientCall, parseClientCall, parseServerTarget, type ServerTarget } from './target.ts';

/** How to run one scenario. */
export interface RunOptions<Target> {
  /** The PKI that the target trusts; the scenario's credential is minted under it. */
  readonly pki: Pki;
  readonly target: Target;
  /** Default `TLSv1.3`. */
  readonly version?: TlsVersion;
  /** Milliseconds for each attempt; default 5,000. */
  readonly timeout?: number;
  /** The TLS stack under test, whose known divergences are then neither a failure nor a pass; `node` for an `ObservedServer`. */
  readonly stack?: Stack;
  /** What to expect of this target in place of what the scenario says. */
  readonly expected?: ExpectedOutcome;
  /** The valid peer was accepted a moment ago by this target with this version: the control is not repeated. Default false. */
  readonly controlled?: boolean;
  /**
   * The one peer that the application under test accepts, by one of its names: it then has to refuse the scenarios of the tier `app`. Without it
   * they show that TLS accepts. `{ commonName: 'client' }` or `{ spiffeId: 'spiffe://example.test/workload' }`: the names that the catalogue uses.
   */
  readonly authorizes?: LegitimatePeer;
  /** For clients under test: starts the server to call; default an HTTP/2 and HTTP/1.1 server. `startTlsServer` fits. */
  readonly startPeer?: StartPeer;
  /** For clients under test: what the server answers that is started without `startPeer`. Default: `ok` as plain text. */
  readonly respond?: Respond;
  /** For servers under test: the PKI that issued the server's certificate, or `{ anchors }` of a server that runs already. Default `pki`. */
  readonly serverPki?: ServerPki;
  /** For servers under test: the names that it serves beside its default, each with the PKI whose clients it accepts there. */
  readonly hosts?: HostsUnderTest;
  /** One of `hosts`, at which the scenario is run, by clients of that host's PKI. Default: the server's default, by clients of `pki`. */
  readonly host?: string;
  /** For servers under test: the path of the requests that are sent over HTTP. Default `/`. */
  readonly path?: string;
  /** For servers under test: method, headers and body of those requests. Default: GET. */
  readonly request?: ServerRequest;
  /** For servers under test beyond this machine: the address at which the OCSP responders of scenarios listen, such as `bindAddress` of `hostGateway()` for containers. Default 127.0.0.1. */
  readonly responderHost?: string;
}

/**
 * Runs one scenario against a target, for any test runner. The positive control goes first: a target that refuses the valid peer too is
 * `not-judged`. Throws `OPTION_INVALID` for a target that does not fit the scenario; whatever the target does is a value.
 */
export function runScenario(scenario: ClientScenario, options: RunOptions<ServerTarget>): Promise<ScenarioResult>;
export function runScenario(scenario: ServerScenario, options: RunOptions<ClientCall>): Promise<ScenarioResult>;
export function runScenario<Scenario extends ProtocolScenario>(
  scenario: Scenario,
  options: RunOptions<ProtocolTarget<Scenario>>,
): Promise<ScenarioResult>;
export async function runScenario(scenario: AnyScenario, options: RunOptions<ServerTarget | ClientCall>): Promise<ScenarioResult> {
  try {
    return await runScenarioAgainst(scenario, options);
  } catch (error) {
    if (isStartFailure(error)) return assess(scenario, nothingSeen(notJudged(error.message)), options);
    throw error;
  }
}

/** A scenario of any of the three catalogues. */
export type AnyScenario = ClientScenario | ServerScenario | ProtocolScenario;

/** The same for a caller whose target fits its scenarios, which the compiler cannot see of a list of them. Throws where a server under test does not start. */
export async function runScenarioAgainst(scenario: AnyScenario, options: RunOptions<ServerTarget | ClientCall>): Promise<ScenarioResult> {
  requireJudgingRuntime('run a scenario');
  requireScenario(scenario);
  requireOptionsOf(runSchema, options);
  const { pki, version = 'TLSv1.3', timeout = 5000, controlled = false } = options;
  const { target, expected, authorizes, startPeer, respond, serverPki, hosts, host, path, request, responderHost } = options;
  requirePki('pki', pki);
  requireAnswer({ startPeer, respond });
  requireAsked({ path, request });
  requireServerPki(serverPki, target);
  const pkis = pkisAt({ pki, serverPki, hosts, host }, target);
  const usual = { ...pkis, version, timeout, expected, controlled };
  const settings = { ...usual, authorizes, startPeer, respond, path, request, responderHost };
  return assess(scenario, await run(scenario, target, settings), options);
}

/** Whether an error says that the server under test did not start. */
export function isStartFailure(error: unknown): error is MtlsFixturesError {
  return error instanceof MtlsFixturesError && startFailures.has(error.code);
}

const startFailures: ReadonlySet<string> = new Set(['SERVER_START_FAILED', 'SERVER_START_TIMEOUT'] satisfies ErrorCode[]);

function assess(
  scenario: AnyScenario,
  observation: Observation,
  { target, version = 'TLSv1.3', stack, expected, authorizes }: RunOptions<ServerTarget | ClientCall>,
): ScenarioResult {
  return assessScenario(scenario, observation, {
    version,
    stack: stack ?? (isObservedTarget(target) ? 'node' : undefined),
    demanded: expected ?? demandOf(scenario, authorizes),
  });
}

function run(scenario: AnyScenario, target: ServerTarget | ClientCall, settings: CallSettings): Promise<Observation> {
  if (scenario.role === 'protocol') return runProtocolScenario(scenario, target, settings);
  return scenario.role === 'client'
    ? runClientScenario(scenario, parseServerTarget(target), settings)
    : runServerScenario(scenario, parseClientCall(target), settings);
}

/** An application that authorizes one peer has to refuse a peer that impersonates it, though TLS accepts it. */
function demandOf(scenario: AnyScenario, authorizes: LegitimatePeer | undefined): ExpectedOutcome | undefined {
  if (scenario.role === 'protocol' || decidedBy(scenario, authorizes) !== 'application') return undefined;
  return { verdict: 'rejected', by: scenario.role === 'client' ? 'server' : 'client' };
}

const runSchema = {
  what: 'run option',
  own: {
    pki: requirePki,
    target: checkedWhereRead,
    version: oneOf(['TLSv1.3', 'TLSv1.2']),
    timeout: requireMilliseconds,
    stack: checkedWhereRead,
    expected: requireExpectedOutcome,
    controlled: requireBoolean,
    authorizes: (_option: string, value: unknown) => requireAuthorization(value),
    startPeer: functionOf('(options) => Promise<ObservedServer>'),
    respond: checkedWhereRead,
    serverPki: checkedWhereRead,
    hosts: checkedWhereRead,
    host: requireText,
    path: checkedWhereRead,
    request: checkedWhereRead,
    responderHost: requireResponderHost,
  },
} satisfies OptionSchema;

/** What a scenario about the protocol is run against. */
export type ProtocolTarget<Scenario extends ProtocolScenario> = Scenario extends ServerProtocolScenario ? ServerTarget : ClientCall;

function requireScenario(scenario: unknown): void {
  if (!['client', 'server', 'protocol'].includes(textOf(Object(scenario).role)))
    throw invalidOption('scenario', typeName(scenario), 'one of clientScenarios, serverScenarios or protocolScenarios');
}
