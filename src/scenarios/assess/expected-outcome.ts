import { invalidOption } from '../../errors/index.ts';
import { requireKnownOptions, requireOneOf, requireText } from '../../options/checks.ts';
import type { Divergence, ExpectedOutcome, ScenarioFacts, Stack, TestedVersion, TlsVersion } from '../catalogue/scenario.ts';
import { alertSuggestion, isAlertName } from '../../wire/records/alerts.ts';
import type { Side } from '../../wire/tap/capture.ts';

/** What to expect of one stack: what every stack should answer, unless it is known to answer otherwise. */
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

/** What a scenario expects with this version; one about headers expects the same, whatever TLS was before. */
export function outcomeWith({ expected }: Pick<ScenarioFacts, 'expected'>, version: TestedVersion): ExpectedOutcome {
  return expected[version === 'HTTP' ? 'TLSv1.3' : version];
}

/** Rejects what does not describe an outcome: every rejection would match a misspelled field. */
export function requireExpectedOutcome(option: string, value: unknown): void {
  requireKnownOptions(option, Object(value) as object, ['verdict', 'by', 'reason', 'alert']); // what is not an object has no verdict
  const { verdict, by, reason, alert } = Object(value) as { readonly [Field in 'verdict' | 'by' | 'reason' | 'alert']?: unknown }; // as above
  requireOneOf(`${option}.verdict`, verdict, ['accepted', 'rejected']);
  if (by !== undefined) requireOneOf(`${option}.by`, by, ['client', 'server']);
  if (reason !== undefined) requireText(`${option}.reason`, reason);
  if (alert !== undefined && !isAlertName(alert))
    throw invalidOption(`${option}.alert`, alert, `the registered name of an alert, e.g. unknown_ca${alertSuggestion(alert)}`);
}

/** How a stack is known to answer otherwise; undefined where it answers as it should. An older Node does what Node does, and more. */
export function divergenceOf(
  { divergences }: Pick<ScenarioFacts, 'divergences'>,
  { version, stack }: { readonly version: TestedVersion; readonly stack?: Stack | undefined },
): Divergence | undefined {
  const at = divergences.filter((divergence) => (divergence.version ?? version) === version);
  for (const name of stack === undefined ? [] : namesOf(stack)) {
    const known = at.find((divergence) => divergence.stack === name);
    if (known) return known;
  }
  return undefined;
}

/** A stack, what it does as one of its versions first: an older Node does what Node does, and more; `go`, `openssl` and `gnutls` are any of their versions. */
function namesOf(stack: Stack): readonly Stack[] {
  if (stack === 'node-22' || (stack === 'node' && isOldRuntime)) return ['node-22', 'node'];
  const family = [go, openssl, gnutls].find((names) => names.includes(stack));
  if (family === undefined) return [stack];
  const [any] = family;
  return stack === any ? family : [stack, any];
}

type Family = readonly [any: Stack, ...versions: Stack[]];
const go: Family = ['go', 'go-1.26', 'go-1.19'];
const openssl: Family = ['openssl', 'openssl-3.6', 'openssl-3.5', 'openssl-3.0'];
const gnutls: Family = ['gnutls', 'gnutls-3.8', 'gnutls-3.7'];

/** The alerts that answer the scenario besides those that answer any certificate: the row's own, and those of a stack. */
export function withAlertsOf(
  expected: ExpectedOutcome,
  { stackAlerts = [] }: Pick<ScenarioFacts, 'stackAlerts'>,
  { version, stack }: { readonly version: TlsVersion; readonly stack?: Stack | undefined },
): ExpectedOutcome {
  if (expected.verdict === 'accepted' || stack === undefined) return expected;
  const names = namesOf(stack);
  const own = stackAlerts.filter((each) => names.includes(each.stack) && (each.version ?? version) === version);
  return own.length === 0 ? expected : { ...expected, alerts: [...(expected.alerts ?? []), ...own.map(({ alert }) => alert)] };
}

/** The end that judges the credential: a scenario of the one role is judged by the other. */
function judgeOf(scenario: object): Side {
  return 'role' in scenario && scenario.role === 'client' ? 'server' : 'client';
}

/** `node` means the Node that runs the tests: what is under test nearly always runs in it. */
const isOldRuntime = Number.parseInt(process.versions.node, 10) < 24;
