import type { Pki } from '../../../src/index.ts';
import { planForwardedSuite } from '../../../src/vitest/suites/forwarded-suite.ts';
import type { PlannedTest } from '../../../src/vitest/suites/suite-plan.ts';
import type { Reported } from '../report.ts';
import type { ForwardedMutant } from './forwarded-application.ts';

/**
 * Runs against a mutant the tests that `describeForwardedUnderTest` defines of the scenarios that are to catch it; with `MUTANTS=all` those of every scenario of its format. Throws
 * where a control fails, but for the negative one where that is what is to catch it.
 */
export async function judgeForwarded(
  { name, start, format, through, options, caughtBy }: ForwardedMutant,
  pki: Pki,
): Promise<readonly Reported[]> {
  const selection = process.env['MUTANTS'] === 'all' ? { tiers: allTiers } : { only: caughtBy };
  const source = { start, format, ...(through && { through }) };
  const { application, control, scenarios } = planForwardedSuite(name, source, { pki, ...selection, ...options });
  const judged = async ({ record: { id, tier }, run }: PlannedTest): Promise<Reported> => {
    const { status, message } = await run();
    return { id, tier, status, message };
  };
  try {
    await application.open();
    const first = await judged(control);
    const isJudgeable =
      first.status === 'as-expected' || (caughtBy.includes('forwarded-header-absent') && first.message.includes(withoutHeader));
    if (!isJudgeable) throw new Error(`${name}: ${first.message}`);
    const judgements: Reported[] = [];
    for (const scenario of scenarios) judgements.push(await judged(scenario)); // they share one application
    return judgements;
  } finally {
    await application.close();
  }
}

/** All but what needs minutes or gigabytes, of which there is nothing here. */
const allTiers = ['core', 'extended', 'varies', 'control'] as const;
/** What the negative control says, which is tried once the authorized client was accepted. */
const withoutHeader = 'a request without the header';
