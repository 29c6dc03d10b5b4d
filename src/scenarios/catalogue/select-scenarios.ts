import { invalidOption, textOf } from '../../errors/index.ts';
import { requireOptions, textList } from '../../options/checks.ts';
import { similarNames } from '../../options/suggestion.ts';
import { decidedBy, requireAuthorization } from './authorization.ts';
import { requireExpectedOutcome } from '../assess/expected-outcome.ts';
import type { ByScenarioId, ScenarioId } from './ids/scenario-id.ts';
import type { ExpectedOutcome, LegitimatePeer, ScenarioFacts, ScenarioTier } from './scenario.ts';

/** Which scenarios to run, and exceptions for some of them. */
export interface Selection {
  /** Default: every `core` scenario and a few of `control`. */
  readonly tiers?: readonly ScenarioTier[];
  /** Only these ids, of whatever tier. */
  readonly only?: readonly (ScenarioId | (string & {}))[];
  /** Ids that are not run, each with the reason, which the report shows. */
  readonly skip?: ByScenarioId<string>;
  /** The one peer that the application under test accepts: adds the scenarios of the tier `app` that impersonate it. */
  readonly authorizes?: LegitimatePeer;
  /** What to expect of this target in place of what a scenario says, by id. */
  readonly expected?: ByScenarioId<ExpectedOutcome>;
}

/** The scenarios of a selection, in the order of the catalogue. Throws `OPTION_INVALID` for an id or tier that does not exist, and for a skip without a reason. */
export function selectScenarios<Scenario extends ScenarioFacts>(scenarios: readonly Scenario[], selection: Selection): readonly Scenario[] {
  requireOptions('selection', selection);
  const { tiers, only, skip = {}, expected = {}, authorizes } = selection;
  requireOptions('skip', skip);
  requireOptions('expected', expected);
  requireIds('only', textList('only', only), scenarios);
  requireIds('skip', Object.keys(skip), scenarios);
  requireIds('expected', Object.keys(expected), scenarios);
  requireAuthorization(authorizes);
  for (const [id, reason] of Object.entries(skip)) requireReason(id, reason);
  for (const [id, outcome] of Object.entries(expected)) requireExpectedOutcome(`expected["${id}"]`, outcome);
  for (const tier of textList('tiers', tiers)) requireTier(tier);
  if (only) return scenarios.filter(({ id }) => only.includes(id));
  if (tiers) return scenarios.filter(({ tier }) => tiers.includes(tier));
  const controls = sampleOfControls(scenarios);
  return scenarios.filter(
    (scenario) =>
      scenario.tier === 'core' || controls.has(scenario) || (scenario.tier === 'app' && decidedBy(scenario, authorizes) === 'application'),
  );
}

/** Controls that every measured stack accepts, of those that leave the name as it is by which a service knows its peer: what an over-strict server refuses all the same. */
function sampleOfControls<Scenario extends ScenarioFacts>(scenarios: readonly Scenario[]): ReadonlySet<Scenario> {
  return new Set(scenarios.filter(({ id, tier, divergences }) => tier === 'control' && divergences.length === 0 && usualControls.has(id)));
}

function requireIds(option: string, ids: readonly string[], scenarios: readonly ScenarioFacts[]): void {
  const unknown = ids.find((id) => !scenarios.some((scenario) => scenario.id === id));
  if (unknown === undefined) return;
  const near = similarNames(
    textOf(unknown),
    scenarios.map(({ id }) => id),
  );
  throw invalidOption(
    option,
    unknown,
    `the id of a scenario${near.length === 0 ? '; mtls-fixtures scenarios lists them' : `, such as ${near.join(', ')}`}`,
  );
}

function requireReason(id: string, reason: unknown): void {
  if (typeof reason === 'string' && reason.trim() !== '') return;
  throw invalidOption(`skip["${id}"]`, reason, 'the reason why it is skipped, as text');
}

function requireTier(tier: string): void {
  if (!tierNames.includes(tier)) throw invalidOption('tiers', tier, `some of ${tierNames.join(', ')}`);
}

const tierNames: readonly string[] = ['core', 'control', 'extended', 'varies', 'app'] satisfies readonly ScenarioTier[];
/** One or two of each group of the catalogue. */
const usualControls: ReadonlySet<ScenarioId> = new Set([
  'valid',
  'valid-ed25519',
  'valid-both-eku',
  'unrelated-cert-in-chain',
  'duplicate-cert-in-chain',
  'validity-generalizedtime-2050',
  'validity-no-expiry-99991231',
  'leaf-outlives-issuer',
  'leaf-no-basic-constraints',
  'root-self-signature-sha1',
  'host-case-insensitive',
  'san-a-label-valid',
  'tls12-only-client',
  'tls13-only-client',
  'sni-absent',
  'sni-uppercase',
  'one-byte-at-a-time',
  'client-swaps-certificate-on-one-agent',
  'client-certificate-reloaded',
  'client-hello-in-two-records',
  'bound-token-renewed',
  'bound-token-resumed',
  'forwarded-name-lower-case',
  'forwarded-name-upper-case',
  'forwarded-blanks-outside',
  'forwarded-plus-sign',
  'forwarded-escape-lower-case',
  'forwarded-through-forged-other',
]);
