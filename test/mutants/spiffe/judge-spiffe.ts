import { planSpiffeSuite } from '../../../src/vitest/suites/spiffe-suite.ts';
import type { PlannedTest } from '../../../src/vitest/suites/suite-plan.ts';
import type { Judgement } from '../judge.ts';
import type { SpiffeSubject } from './spiffe-subject.ts';

/** Runs against a service the tests that `describeSpiffeUnderTest` defines. */
export async function judgeSpiffe({ name, source, options = {} }: SpiffeSubject): Promise<readonly Judgement[]> {
  const { service, version, control, scenarios } = planSpiffeSuite(name, source, options);
  const judged = async ({ record: { id, tier }, run }: PlannedTest): Promise<Judgement> => {
    const { status, message, isSkipped } = await run();
    return { id, tier, version, status: isSkipped ? 'skipped' : status, message };
  };
  try {
    await service.open();
    const judgements = [await judged(control)];
    for (const { planned } of scenarios) judgements.push(await judged(planned));
    return judgements;
  } finally {
    await service.close();
  }
}
