import { MtlsFixturesError, requireJudgingRuntime, textOf } from '../../errors/index.ts';
import { requireBoolean, requireMilliseconds } from '../../options/checks.ts';
import { checkedWhereRead, functionOf, oneOf, type OptionSchema, requireOptionsOf } from '../../options/schema.ts';
import type { Pki } from '../../pki/pki.ts';
import { requireAuthorization } from './authorization.ts';
import { requireExpectedOutcome } from '../assess/expected-outcome.ts';
import type { StartPeer } from './client/peer-to-call.ts';
import type { ProtocolScenario, ServerProtocolScenario } from '../catalogue/protocol-scenario.ts';
import { runClientScenario } from './run-client-scenario.ts';
import { runProtocolScenario } from './run-protocol-scenario.ts';
import { runServerScenario } from './run-server-scenario.ts';
import type { ClientScenario, ExpectedOutcome, LegitimatePeer, ServerScenario, Stack, TlsVersion } from '../catalogue/scenario.ts';
import type { ScenarioResult } from '../records/scenario-result.ts';
import { type ClientCall, parseClientCall, parseServerTarget, type ServerTarget } from './target.ts';

/** How to run one scenario. */
export interface RunOptions<Target> {
  /** Whom the target trusts; the scenario's credential is minted under it. */
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
   * The one peer that the application under test lets in, by one of its names: scenarios of the tier `app` are then to be refused by it. Without it
   * they show that TLS accepts. `{ commonName: 'client' }` or `{ spiffeId: 'spiffe://example.test/workload' }`: the names that the catalogue uses.
   */
  readonly authorizes?: LegitimatePeer;
  /** For clients under test: starts the server to call; default an HTTP/2 and HTTP/1.1 server. `startTlsServer` fits. */
  readonly startPeer?: StartPeer;
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
export async function runScenario(
  scenario: ClientScenario | ServerScenario | ProtocolScenario,
  options: RunOptions<ServerTarget | ClientCall>,
): Promise<ScenarioResult> {
  requireJudgingRuntime('run a scenario');
  requireScenario(scenario);
  requireOptionsOf(runSchema, options);
  const { pki, target, version = 'TLSv1.3', timeout = 5000, stack, expected, controlled = false, authorizes, startPeer } = options;
  requirePki('pki', pki);
  const settings = { pki, version, timeout, stack, expected, controlled, authorizes, startPeer };
  if (scenario.role === 'protocol') return runProtocolScenario(scenario, target, settings);
  return scenario.role === 'client'
    ? runClientScenario(scenario, parseServerTarget(target), settings)
    : runServerScenario(scenario, parseClientCall(target), settings);
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
  },
} satisfies OptionSchema;

/** What a scenario about the protocol is run against. */
export type ProtocolTarget<Scenario extends ProtocolScenario> = Scenario extends ServerProtocolScenario ? ServerTarget : ClientCall;

function requireScenario(scenario: unknown): void {
  if (!['client', 'server', 'protocol'].includes(textOf(Object(scenario).role)))
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'scenario',
      value: scenario === null ? 'null' : typeof scenario,
      expected: 'one of clientScenarios, serverScenarios or protocolScenarios',
    });
}

/** Refuses what mints no credentials. */
export function requirePki(option: string, pki: unknown): void {
  if (typeof pki !== 'object' || pki === null || !('anchors' in pki && 'issuer' in pki))
    throw new MtlsFixturesError('OPTION_INVALID', {
      option,
      value: pki === null ? 'null' : typeof pki,
      expected: 'a Pki, from createPki()',
    });
}
