import type { Pki } from '../../../src/index.ts';
import { planBoundTokensSuite } from '../../../src/vitest/suites/bound-tokens-suite.ts';
import type { PlannedTest } from '../../../src/vitest/suites/suite-plan.ts';
import type { Judgement } from '../judge.ts';
import type { BoundTokenSubject } from './bound-token-subject.ts';

/** Runs against a resource server the tests that `describeBoundTokensUnderTest` defines. */
export async function judgeBoundTokens({ name, source, options }: BoundTokenSubject, pki: Pki): Promise<readonly Judgement[]> {
  const { server, version, control, scenarios } = planBoundTokensSuite(name, source, { pki, ...options });
  const judged = async ({ record: { id, tier }, run }: PlannedTest): Promise<Judgement> => {
    const { status, message, isSkipped } = await run();
    return { id, tier, version, status: isSkipped ? 'skipped' : status, message };
  };
  try {
    await server.open();
    const judgements = [await judged(control)];
    for (const planned of scenarios) judgements.push(await judged(planned));
    return judgements;
  } finally {
    await server.close();
  }
}
