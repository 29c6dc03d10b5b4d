import { invalidOption, MtlsFixturesError } from '../../errors/index.ts';
import type { ScenarioFacts, ScenarioTier } from '../../scenarios/catalogue/scenario.ts';
import { selectScenarios } from '../../scenarios/catalogue/select-scenarios.ts';

/** Which scenarios are run. */
export interface ScenarioChoice {
  readonly tier?: readonly ScenarioTier[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
}

/** Those that were asked for. Throws `OPTION_INVALID` where none is left. */
export function chosenScenarios<Scenario extends ScenarioFacts>(
  everything: readonly Scenario[],
  { tier, only, skip = [] }: ScenarioChoice,
): readonly Scenario[] {
  const reasons = Object.fromEntries(skip.map((id) => [id, 'by --skip']));
  const selection = { skip: reasons, ...(tier && { tiers: tier }), ...(only && { only }) };
  const selected = withDashes(() => selectScenarios(everything, selection)).filter(({ id }) => !skip.includes(id));
  if (selected.length > 0) return selected;
  throw invalidOption('--skip', skip.join(','), 'ids that leave some scenario to run');
}

/** What a selection calls `only`, the command line calls `--only`. */
export function withDashes<Result>(select: () => Result): Result {
  try {
    return select();
  } catch (error) {
    if (!(error instanceof MtlsFixturesError && 'expected' in error.facts && 'option' in error.facts)) throw error;
    const { option, value, expected } = error.facts;
    throw invalidOption(`--${option}`, value, expected, { cause: error });
  }
}
