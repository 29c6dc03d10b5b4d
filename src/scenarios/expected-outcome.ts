import { requireKnownOptions, requireOneOf, requireText } from '../options/checks.ts';
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

/** Refuses what describes no outcome: a misspelt field would be met by every rejection. */
export function requireExpectedOutcome(option: string, value: unknown): void {
  requireKnownOptions(option, Object(value) as object, ['verdict', 'by', 'reason', 'alert']); // what is not an object has no verdict
  const { verdict, by, reason, alert } = Object(value) as { readonly [Field in 'verdict' | 'by' | 'reason' | 'alert']?: unknown }; // as above
  requireOneOf(`${option}.verdict`, verdict, ['accepted', 'rejected']);
  if (by !== undefined) requireOneOf(`${option}.by`, by, ['client', 'server']);
  for (const [field, text] of Object.entries({ reason, alert })) if (text !== undefined) requireText(`${option}.${field}`, text);
}

/** How a stack is known to answer otherwise; undefined where it answers as it should. An older Node does what Node does, and more. */
export function divergenceOf(
  { divergences }: Pick<ScenarioFacts, 'divergences'>,
  { version, stack }: { readonly version: TlsVersion; readonly stack?: Stack | undefined },
): ScenarioFacts['divergences'][number] | undefined {
  const of = (wanted: Stack | undefined): ScenarioFacts['divergences'][number] | undefined =>
    divergences.find((divergence) => divergence.stack === wanted && (divergence.version ?? version) === version);
  const isOld = stack === 'node-22' || (stack === 'node' && isOldRuntime);
  return (isOld ? of('node-22') : undefined) ?? of(stack === 'node-22' ? 'node' : stack);
}

/** The end that judges the credential: a scenario of the one role is judged by the other. */
function judgeOf(scenario: object): Side {
  return 'role' in scenario && scenario.role === 'client' ? 'server' : 'client';
}

/** Whoever says `node` means the Node that runs the tests: what is under test nearly always runs in it. */
const isOldRuntime = Number.parseInt(process.versions.node, 10) < 24;
