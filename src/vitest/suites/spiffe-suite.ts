import { afterAll, beforeAll, describe } from 'vitest';
import { within } from '../../matchers/test-time.ts';
import { spiffeScenarios } from '../../scenarios/catalogue/spiffe-catalogue.ts';
import type { SpiffeScenario } from '../../scenarios/catalogue/spiffe/spiffe-scenario.ts';
import { selectScenarios } from '../../scenarios/catalogue/select-scenarios.ts';
import { requireAsked } from '../../scenarios/run/server/server-request.ts';
import { runSpiffeScenario, tryAuthorized, tryUnauthorized } from '../../scenarios/run/spiffe/run-spiffe-scenario.ts';
import { SpiffeService } from '../../scenarios/run/spiffe/spiffe-service.ts';
import type { SpiffeSource } from '../../scenarios/run/spiffe/spiffe-source.ts';
import { endBefore, hookTimeoutFor } from '../test-time.ts';
import { controlFacts } from './control-tests.ts';
import { defineTest, neverStarted, scenarioRecord } from './scenario-suite.ts';
import type { SpiffeSuiteOptions } from './spiffe-options.ts';
import { usualTimeout } from './suite-options.ts';
import type { Outcome, PlannedTest, PlannedVersion } from './suite-plan.ts';
import { TwoControls, withoutControl } from './two-controls.ts';

/** Defines the hooks and tests of `describeSpiffeUnderTest`. */
export function defineSpiffeSuite(name: string, source: SpiffeSource, options: SpiffeSuiteOptions): void {
  const { timeout = usualTimeout } = options;
  const hookTimeout = hookTimeoutFor(timeout);
  const { service, version, control, scenarios, lastControl } = planSpiffeSuite(name, source, options);
  beforeAll(() => within(endBefore(hookTimeout), () => service.open(), neverStarted), hookTimeout);
  afterAll(() => service.close(), hookTimeout);
  describe(version, { concurrent: false, shuffle: false }, () => {
    defineTest(control, { timeout: (timeout + service.within) * 2 });
    for (const { planned, bound } of scenarios) defineTest(planned, { timeout: bound });
    if (lastControl) defineTest(lastControl, { timeout: (timeout + service.within) * 2 });
  });
}

/** The tests of such a suite, and their service, which is to be opened before them. */
interface SpiffePlan extends Omit<PlannedVersion, 'scenarios' | 'twoCalls'> {
  readonly service: SpiffeService;
  /** To be run one after the other. `bound`: milliseconds for each of the attempts of a test. */
  readonly scenarios: readonly { readonly planned: PlannedTest; readonly bound: number }[];
}

/** The tests of `describeSpiffeUnderTest`: one for each scenario behind the controls, and the controls once more at the end. */
export function planSpiffeSuite(name: string, source: SpiffeSource, options: SpiffeSuiteOptions): SpiffePlan {
  requireAsked(options);
  const { pki, version = 'TLSv1.3', timeout = usualTimeout, refusals = usualRefusals, path, request, exchange, socket, port } = options;
  const settings = { pki, version, timeout, refusals, path, request, exchange, socket, port };
  const service = new SpiffeService(source, settings, endBefore(hookTimeoutFor(timeout)));
  const base = { schema: 1, target: name, underTest: 'server', version } as const;
  const controls = new TwoControls({ positive: () => tryAuthorized(service), negative: () => tryUnauthorized(service) });
  return {
    service,
    version,
    control: {
      record: { ...base, ...controlFacts, kind: 'control', title: `${controlTitle} (control)` },
      run: () => controls.first(),
    },
    scenarios: suitableScenarios(source, options).map((scenario) => ({
      planned: {
        record: scenarioRecord(scenario, base, options.expected?.[scenario.id]),
        run: () => outcomeOf(scenario, { service, controls, options }),
      },
      bound: boundOf(scenario, timeout, service.within),
    })),
    lastControl: {
      record: { ...base, ...controlFacts, kind: 'last-control', title: `${controlTitle}, after all of these` },
      run: () => controls.last(),
    },
  };
}

/** Those about tokens are for services that ask for one, and for users who ask for the scenario. */
function suitableScenarios({ jwt }: SpiffeSource, options: SpiffeSuiteOptions): readonly SpiffeScenario[] {
  const isSuitable = ({ trial }: SpiffeScenario): boolean => trial.kind !== 'jwt' || jwt !== undefined || options.only !== undefined;
  return selectScenarios(spiffeScenarios, options).filter(isSuitable);
}

const controlTitle = 'accepts the authorized clients by the SVID of the Workload API, and no other';

async function outcomeOf(
  scenario: SpiffeScenario,
  { service, controls, options }: { readonly service: SpiffeService; readonly controls: TwoControls; readonly options: SpiffeSuiteOptions },
): Promise<Outcome> {
  const reason = options.skip?.[scenario.id];
  if (reason !== undefined) return { status: 'skipped', message: reason, isSkipped: true };
  if (await controls.failure({ needsNegative: true })) return withoutControl;
  const result = await runSpiffeScenario(scenario, service, options.expected?.[scenario.id]);
  return result.unsuitable ? { ...result, status: 'skipped', isSkipped: true } : result;
}

/** Each change may take as long as the service has, and so may the way back. */
function boundOf({ trial }: SpiffeScenario, timeout: number, each: number): number {
  const changes = trial.kind === 'under-load' ? trial.rotations * 4 : 'changes' in trial ? trial.changes.length : 0;
  return timeout + each * (changes + 2);
}

const usualRefusals: readonly number[] = [401, 403];
