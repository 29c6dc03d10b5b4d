import { afterAll, beforeAll, describe } from 'vitest';
import { describeErrors } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import { within } from '../../matchers/test-time.ts';
import { reloadScenarios } from '../../scenarios/catalogue/reload-catalogue.ts';
import type { ReloadScenario } from '../../scenarios/catalogue/reload/reload-scenario.ts';
import { selectScenarios } from '../../scenarios/catalogue/select-scenarios.ts';
import type { ReloadSource } from '../../scenarios/run/reload/reload-source.ts';
import { ReloadedServer } from '../../scenarios/run/reload/reloaded-server.ts';
import { refusalBeforeReload, runReloadScenario } from '../../scenarios/run/reload/run-reload-scenario.ts';
import type { Seen } from '../../scenarios/records/scenario-result.ts';
import { runPki } from '../run-pki.ts';
import { endBefore, hookTimeoutFor } from '../test-time.ts';
import { controlFacts } from './control-tests.ts';
import type { ReloadSuiteOptions } from './reload-options.ts';
import { defineTest, neverStarted, scenarioRecord } from './scenario-suite.ts';
import { usualTimeout } from './suite-options.ts';
import type { Outcome, PlannedTest, PlannedVersion } from './suite-plan.ts';

/** Defines the hooks and tests of `describeReloadUnderTest`. */
export function defineReloadSuite(name: string, source: ReloadSource, options: ReloadSuiteOptions): void {
  const { timeout = usualTimeout } = options;
  const hookTimeout = hookTimeoutFor(timeout);
  const { server, version, control, scenarios, lastControl } = planReloadSuite(name, source, options);
  beforeAll(() => within(endBefore(hookTimeout), () => server.open(), neverStarted), hookTimeout);
  afterAll(() => server.close(), hookTimeout);
  describe(version, { concurrent: false, shuffle: false }, () => {
    defineTest(control, { timeout });
    describe('scenarios', { concurrent: false, shuffle: false }, () => {
      for (const { planned, bound } of scenarios) defineTest(planned, { timeout: bound });
    });
    if (lastControl) defineTest(lastControl, { timeout });
  });
}

/** The tests of such a suite, and their server, which is to be opened before them. */
interface ReloadPlan extends Omit<PlannedVersion, 'scenarios' | 'twoCalls'> {
  readonly server: ReloadedServer;
  /** To be run one after the other. `bound`: milliseconds for each of the attempts of a test. */
  readonly scenarios: readonly { readonly planned: PlannedTest; readonly bound: number }[];
}

/** The tests of `describeReloadUnderTest`: one for each scenario behind a positive control, and the control once more at the end. */
export function planReloadSuite(name: string, source: ReloadSource, options: ReloadSuiteOptions): ReloadPlan {
  const { pki = runPki(), version = 'TLSv1.3', timeout = usualTimeout, attempt, login, exchange, directory, layout } = options;
  const settings = { pki, version, timeout, attempt, login, exchange, directory, layout };
  const server = new ReloadedServer(source, settings, endBefore(hookTimeoutFor(timeout)));
  const base = { schema: 1, target: name, underTest: 'server', version } as const;
  const control = new Control(server);
  const controlRecord = { ...base, ...controlFacts, kind: 'control', title: 'accepts the valid client alone (control)' } as const;
  const lastRecord = {
    ...base,
    ...controlFacts,
    kind: 'last-control',
    title: 'accepts the valid client alone, after all of these',
  } as const;
  return {
    server,
    version,
    control: { record: controlRecord, run: () => control.outcome() },
    scenarios: selectScenarios(reloadScenarios, options).map((scenario) => ({
      planned: {
        record: scenarioRecord(scenario, base, options.expected?.[scenario.id]),
        run: () => outcomeOf(scenario, { server, control, options }),
      },
      bound: (timeout + (source.within ?? usualTimeout)) * (scenario.trial.kind === 'under-load' ? scenario.trial.reloads : 1),
    })),
    lastControl: { record: lastRecord, run: () => control.last() },
  };
}

/** The positive control, tried when it is first asked for. */
class Control {
  readonly #server: ReloadedServer;
  #tried: Promise<Seen | undefined> | undefined;

  constructor(server: ReloadedServer) {
    this.#server = server;
  }

  refusal(): Promise<Seen | undefined> {
    return (this.#tried ??= this.#try());
  }

  async outcome(): Promise<Outcome> {
    const refusal = await this.refusal();
    return refusal
      ? { ...refusal, message: `before any reload, so nothing else can be judged: ${refusal.message}` }
      : { status: 'as-expected', message: 'accepts the valid client alone, so the rest can be judged' };
  }

  /** The server that the scenarios have left; one that they have broken was reported by them. */
  async last(): Promise<Outcome> {
    if (await this.refusal()) return withoutControl;
    const result = await this.#server.alone(
      async () => (await refusalBeforeReload(this.#server)) ?? ({ status: 'as-expected', message: '' } as const),
    );
    return { ...result, message: result.status === 'as-expected' ? 'as before the scenarios' : `after the scenarios: ${result.message}` };
  }

  async #try(): Promise<Seen | undefined> {
    try {
      return await refusalBeforeReload(this.#server);
    } catch (error) {
      return { status: 'not-judged', message: describeErrors(error) };
    }
  }
}

const withoutControl: Outcome = { status: 'not-judged', message: 'not judged: the control failed', isSkipped: true };

async function outcomeOf(
  scenario: ReloadScenario,
  { server, control, options }: { readonly server: ReloadedServer; readonly control: Control; readonly options: ReloadSuiteOptions },
): Promise<Outcome> {
  const reason = options.skip?.[scenario.id];
  if (reason !== undefined) return { status: 'skipped', message: reason, isSkipped: true };
  if (await control.refusal()) return withoutControl;
  const result = await runReloadScenario(scenario, server, options.expected?.[scenario.id]);
  return result.unsuitable ? { ...result, status: 'skipped', isSkipped: true } : result;
}
