import { afterAll, beforeAll, describe } from 'vitest';
import { invalidOption } from '../../errors/index.ts';
import { within } from '../../matchers/test-time.ts';
import { requireAuthorization } from '../../scenarios/catalogue/authorization.ts';
import { forwardedScenarios } from '../../scenarios/catalogue/forwarded-catalogue.ts';
import type { ForwardedScenario } from '../../scenarios/catalogue/forwarded/forwarded-scenario.ts';
import { selectScenarios } from '../../scenarios/catalogue/select-scenarios.ts';
import { ForwardedApplication } from '../../scenarios/run/forwarded/forwarded-application.ts';
import type { ForwardedSource } from '../../scenarios/run/forwarded/forwarded-source.ts';
import { runForwardedScenario, tryAuthorized, tryUnnamed } from '../../scenarios/run/forwarded/run-forwarded-scenario.ts';
import { requireAsked } from '../../scenarios/run/server/server-request.ts';
import { runPki } from '../run-pki.ts';
import { endBefore, hookTimeoutFor } from '../test-time.ts';
import { controlFacts } from './control-tests.ts';
import type { ForwardedSuiteOptions } from './forwarded-options.ts';
import { defineTest, neverStarted, scenarioRecord } from './scenario-suite.ts';
import { usualTimeout } from './suite-options.ts';
import type { Outcome, PlannedTest, PlannedVersion } from './suite-plan.ts';
import { TwoControls, withoutControl } from './two-controls.ts';

/** Defines the hooks and tests of `describeForwardedUnderTest`. */
export function defineForwardedSuite(name: string, source: ForwardedSource, options: ForwardedSuiteOptions): void {
  const { timeout = usualTimeout } = options;
  const hookTimeout = hookTimeoutFor(timeout);
  const { application, version, control, scenarios, lastControl } = planForwardedSuite(name, source, options);
  beforeAll(() => within(endBefore(hookTimeout), () => application.open(), neverStarted), hookTimeout);
  afterAll(() => application.close(), hookTimeout);
  describe(version, { concurrent: false, shuffle: false }, () => {
    defineTest(control, { timeout });
    describe('scenarios', { concurrent: false, shuffle: false }, () => {
      for (const planned of scenarios) defineTest(planned, { timeout });
    });
    if (lastControl) defineTest(lastControl, { timeout });
  });
}

/** The tests of such a suite, and their application, which is to be opened before them. */
interface ForwardedPlan extends Omit<PlannedVersion, 'version' | 'twoCalls'> {
  readonly version: 'HTTP';
  readonly application: ForwardedApplication;
}

/** The tests of `describeForwardedUnderTest`: one for each scenario of the format behind the controls, and the controls once more at the end. */
export function planForwardedSuite(name: string, source: ForwardedSource, options: ForwardedSuiteOptions): ForwardedPlan {
  const { only, skip, tiers, expected = {}, pki = runPki(), timeout = usualTimeout, ...settings } = options;
  requireAuthorization(source.authorizes);
  requireAsked({ path: settings.path, request: settings.request });
  const application = new ForwardedApplication(source, { ...settings, pki, timeout });
  const controls = new TwoControls({ positive: () => tryAuthorized(application), negative: () => tryUnnamed(application) });
  const base = { schema: 1, target: name, underTest: 'server', version: 'HTTP' } as const;
  const titles = controlTitles[source.through ?? 'application'];
  const selected = selectScenarios(forwardedScenarios, { ...given({ only, skip, tiers }), expected }).filter((scenario) =>
    concerns(scenario, source),
  );
  requireConcerned(only, selected, source);
  return {
    application,
    version: 'HTTP',
    control: { record: { ...base, ...controlFacts, kind: 'control', title: `${titles} (control)` }, run: () => controls.first() },
    scenarios: selected.map((scenario): PlannedTest => ({
      record: scenarioRecord(scenario, base, expected[scenario.id]),
      run: () => outcomeOf(scenario, { application, controls, options }),
    })),
    lastControl: {
      record: { ...base, ...controlFacts, kind: 'last-control', title: `${titles}, after all of these` },
      run: () => controls.last(),
    },
  };
}

/** A scenario of the format, for what is under test. */
function concerns({ formats, through }: ForwardedScenario, { format, through: tested = 'application' }: ForwardedSource): boolean {
  return formats.includes(format) && through === tested;
}

/** What is asked for by its id is run, or is an error. */
function requireConcerned(
  only: readonly string[] | undefined,
  selected: readonly ForwardedScenario[],
  { format, through = 'application' }: ForwardedSource,
): void {
  const other = only?.find((id) => !selected.some((scenario) => scenario.id === id));
  if (other === undefined) return;
  throw invalidOption('only', other, `scenarios of the format ${format} with through: "${through}"`);
}

const controlTitles = {
  application: 'accepts the authorized client, and no request without the header',
  proxy: 'accepts the authorized client, and not another one',
} as const;

async function outcomeOf(
  scenario: ForwardedScenario,
  {
    application,
    controls,
    options: { skip = {}, expected = {} },
  }: { readonly application: ForwardedApplication; readonly controls: TwoControls; readonly options: ForwardedSuiteOptions },
): Promise<Outcome> {
  const reason = skip[scenario.id];
  if (reason !== undefined) return { status: 'skipped', message: reason, isSkipped: true };
  const { trial } = scenario;
  const isNegativeControl = trial.kind === 'application' && trial.isNegativeControl === true;
  if (await controls.failure({ needsNegative: !isNegativeControl })) return withoutControl;
  const result = await runForwardedScenario(scenario, application, expected[scenario.id]);
  return result.unsuitable ? { ...result, status: 'skipped', isSkipped: true } : result;
}

function given<Values extends object>(values: Values): Partial<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Values>; // the same keys, where they have a value
}
