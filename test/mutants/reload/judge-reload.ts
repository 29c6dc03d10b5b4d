import type { Pki } from '../../../src/index.ts';
import { planReloadSuite } from '../../../src/vitest/suites/reload-suite.ts';
import type { PlannedTest } from '../../../src/vitest/suites/suite-plan.ts';
import type { Judgement } from '../judge.ts';
import type { ReloadMutant } from './reload-subject.ts';

/** Runs against a mutant the tests that `describeReloadUnderTest` defines of the scenarios that are to catch it. Throws where the control fails. */
export async function judgeReload({ name, source, caughtBy, options }: ReloadMutant, pki: Pki): Promise<readonly Judgement[]> {
  const { server, version, control, scenarios } = planReloadSuite(name, source(), { pki, only: caughtBy, ...options });
  const judged = async ({ record: { id, tier }, run }: PlannedTest): Promise<Judgement> => {
    const { status, message } = await run();
    return { id, tier, version, status, message };
  };
  try {
    await server.open();
    const first = await judged(control);
    if (first.status !== 'as-expected') throw new Error(`${name}: ${first.message}`);
    const judgements: Judgement[] = [];
    for (const { planned } of scenarios) judgements.push(await judged(planned)); // they share one server
    return judgements;
  } finally {
    await server.close();
  }
}
