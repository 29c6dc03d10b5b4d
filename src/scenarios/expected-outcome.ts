import type { ExpectedOutcome, ScenarioFacts, Stack, TlsVersion } from './scenario.ts';
import type { Side } from '../wire/capture.ts';

/** What to expect of one stack: what everybody should answer, unless it is known to answer otherwise. */
export function expectedOf(
  scenario: Pick<ScenarioFacts, 'expected' | 'divergences'>,
  { version, stack }: { readonly version: TlsVersion; readonly stack?: Stack | undefined },
): ExpectedOutcome {
  const usual = scenario.expected[version];
  const known = divergenceOf(scenario, { version, stack });
  if (!known) return usual;
  if (known.verdict === 'accepted') return { verdict: 'accepted' };
  return { verdict: 'rejected', by: judgeOf(scenario), ...(known.reason !== undefined && { reason: known.reason }) };
}

/** How a stack is known to answer otherwise; undefined where it answers as it should. */
export function divergenceOf(
  { divergences }: Pick<ScenarioFacts, 'divergences'>,
  { version, stack }: { readonly version: TlsVersion; readonly stack?: Stack | undefined },
): ScenarioFacts['divergences'][number] | undefined {
  return divergences.find((divergence) => divergence.stack === stack && (divergence.version ?? version) === version);
}

/** The end that judges the credential: a scenario of the one role is judged by the other. */
function judgeOf(scenario: object): Side {
  return 'role' in scenario && scenario.role === 'client' ? 'server' : 'client';
}
