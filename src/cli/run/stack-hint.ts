import { divergenceOf } from '../../scenarios/assess/expected-outcome.ts';
import type { ScenarioFacts } from '../../scenarios/catalogue/scenario.ts';
import { stacks } from '../../scenarios/catalogue/stacks.ts';
import type { ProbeResult } from './probe-report.ts';

type Divergent = Pick<ScenarioFacts, 'id' | 'divergences'>;

/**
 * Of a run without `--stack`: the line that names the stacks that are known for every unexpected answer. Undefined where there is no unexpected answer, and where a stack is known for
 * some of them only: the rest would be the server's own fault.
 */
export function stackHint(results: readonly ProbeResult[], scenarios: readonly Divergent[]): string | undefined {
  const unexpected = results.filter(({ status }) => status === 'unexpected');
  if (unexpected.length === 0) return undefined;
  const known = stacks.filter((stack) =>
    unexpected.every((result) => {
      const scenario = scenarios.find(({ id }) => id === result.id);
      return scenario !== undefined && divergenceOf(scenario, { version: result.version, stack })?.verdict === seenVerdict(result);
    }),
  );
  if (known.length === 0) return undefined;
  const which = unexpected.length === 1 ? 'the unexpected answer' : 'each unexpected answer';
  return `${which} is known of ${known.join(', ')}: where the server is one of these, --stack <name> leaves it out`;
}

/** Undefined where it was rejected as it was to be, but for another reason. */
function seenVerdict({ expected, handshake }: ProbeResult): 'accepted' | 'rejected' | undefined {
  const opposite = expected.verdict === 'accepted' ? 'rejected' : 'accepted';
  return handshake === undefined || handshake.verdict === opposite ? opposite : undefined;
}
