import { afterAll, beforeAll, describe } from 'vitest';
import { within } from '../../matchers/test-time.ts';
import { boundTokenScenarios } from '../../scenarios/catalogue/bound-token-catalogue.ts';
import type { BoundTokenScenario } from '../../scenarios/catalogue/bound-tokens/bound-token-scenario.ts';
import type { TestedVersion } from '../../scenarios/catalogue/scenario.ts';
import { selectScenarios } from '../../scenarios/catalogue/select-scenarios.ts';
import type { BoundTokensSource } from '../../scenarios/run/bound-tokens/bound-token-settings.ts';
import { ResourceServer } from '../../scenarios/run/bound-tokens/resource-server.ts';
import { runBoundTokenScenario, tryOwnToken, tryWithoutToken } from '../../scenarios/run/bound-tokens/run-bound-token-scenario.ts';
import { requireAsked } from '../../scenarios/run/server/server-request.ts';
import { runPki } from '../run-pki.ts';
import { endBefore, hookTimeoutFor } from '../test-time.ts';
import type { BoundTokensSuiteOptions } from './bound-tokens-options.ts';
import { controlFacts } from './control-tests.ts';
import { defineTest, neverStarted, scenarioRecord } from './scenario-suite.ts';
import { usualTimeout } from './suite-options.ts';
import type { Outcome, PlannedVersion } from './suite-plan.ts';
import { TwoControls, withoutControl } from './two-controls.ts';

/** Defines the hooks and tests of `describeBoundTokensUnderTest`. */
export function defineBoundTokensSuite(name: string, source: BoundTokensSource, options: BoundTokensSuiteOptions): void {
  const { timeout = usualTimeout } = options;
  const hookTimeout = hookTimeoutFor(timeout);
  const { server, version, control, scenarios, lastControl } = planBoundTokensSuite(name, source, options);
  const each = { timeout: timeout * attemptsPerTest };
  beforeAll(() => within(endBefore(hookTimeout), () => server.open(), neverStarted), hookTimeout);
  afterAll(() => server.close(), hookTimeout);
  describe(version, { concurrent: false, shuffle: false }, () => {
    defineTest(control, each);
    for (const planned of scenarios) defineTest(planned, each);
    if (lastControl) defineTest(lastControl, each);
  });
}

/** The tests of such a suite, and their server, which is to be opened before them. */
interface BoundTokensPlan extends Omit<PlannedVersion, 'version' | 'twoCalls'> {
  /** `HTTP` behind a proxy. */
  readonly version: TestedVersion;
  readonly server: ResourceServer;
}

/** The tests of `describeBoundTokensUnderTest`: one for each scenario behind the controls, and the controls once more at the end. */
export function planBoundTokensSuite(name: string, source: BoundTokensSource, options: BoundTokensSuiteOptions): BoundTokensPlan {
  requireAsked(options);
  const { pki = runPki(), version = 'TLSv1.3', timeout = usualTimeout, refusals = usualRefusals, path, request, only } = options;
  const server = new ResourceServer(source, { pki, version, timeout, refusals, path, request }, endBefore(hookTimeoutFor(timeout)));
  const base = { schema: 1, target: name, underTest: 'server', version: source.format === undefined ? version : 'HTTP' } as const;
  const controls = new TwoControls({ positive: () => tryOwnToken(server), negative: () => tryWithoutToken(server) });
  const where = source.format === undefined ? 'handshake' : 'header';
  const selected = selectScenarios(boundTokenScenarios, options).filter(
    ({ id, trial }) => trial.where === undefined || trial.where === where || only?.includes(id),
  );
  return {
    server,
    version: base.version,
    control: {
      record: { ...base, ...controlFacts, kind: 'control', title: `${controlTitle} (control)` },
      run: () => controls.first(),
    },
    scenarios: selected.map((scenario) => ({
      record: scenarioRecord(scenario, base, options.expected?.[scenario.id]),
      run: () => outcomeOf(scenario, { server, controls, options }),
    })),
    lastControl: {
      record: { ...base, ...controlFacts, kind: 'last-control', title: `${controlTitle}, after all of these` },
      run: () => controls.last(),
    },
  };
}

const controlTitle = "accepts a client's own token, and none without a token";

async function outcomeOf(
  scenario: BoundTokenScenario,
  {
    server,
    controls,
    options,
  }: { readonly server: ResourceServer; readonly controls: TwoControls; readonly options: BoundTokensSuiteOptions },
): Promise<Outcome> {
  const reason = options.skip?.[scenario.id];
  if (reason !== undefined) return { status: 'skipped', message: reason, isSkipped: true };
  if (await controls.failure({ needsNegative: true })) return withoutControl;
  const result = await runBoundTokenScenario(scenario, server, options.expected?.[scenario.id]);
  return result.unsuitable ? { ...result, status: 'skipped', isSkipped: true } : result;
}

const usualRefusals: readonly number[] = [400, 401, 403];
/** A scenario has several requests, each with its own bound. */
const attemptsPerTest = 4;
