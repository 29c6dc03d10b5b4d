import { describe } from 'vitest';
import { MtlsFixturesError, textOf } from '../../errors/index.ts';
import { requireMilliseconds } from '../../options/checks.ts';
import { checkedWhereRead, functionOf, type OptionSchema } from '../../options/schema.ts';
import { verdictSentence } from '../../handshake/explain/explain.ts';
import { divergenceOf } from '../../scenarios/assess/expected-outcome.ts';
import type { ExpectedOutcome, ScenarioFacts, Stack, TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import type { ScenarioRecord } from '../../scenarios/records/scenario-record.ts';
import type { ScenarioResult } from '../../scenarios/records/scenario-result.ts';
import { requirePki } from '../../scenarios/run/run-scenario.ts';
import { type Selection, selectScenarios } from '../../scenarios/catalogue/select-scenarios.ts';
import { type FirstLook, lookFirst, nothingSeen, type UnfitScenarios } from './first-look.ts';
import { defineTest, type Outcome, usualTimeout } from './scenario-test.ts';
import { bothVersions, type Control, SuiteControls } from './suite-controls.ts';

/** Options of both suites. */
export interface SuiteOptions extends Selection {
  /** Default both, of which a version that the target does not speak is skipped; a version that is asked for here and is not spoken fails. */
  readonly versions?: readonly TlsVersion[];
  /** The TLS stack under test, for its known divergences. */
  readonly stack?: Stack;
  /** Milliseconds for each attempt or call; default 5,000. Vitest's `testTimeout` does not cut it short. */
  readonly timeout?: number;
}

/** Options of both suites; what is looked at more closely is a scenario's or a version's. */
const own = {
  only: checkedWhereRead,
  skip: checkedWhereRead,
  tiers: checkedWhereRead,
  expected: checkedWhereRead,
  authorizes: checkedWhereRead,
  versions: checkedWhereRead,
  stack: checkedWhereRead,
  timeout: requireMilliseconds,
  pki: requirePki,
};
/** Options of `describeServerUnderTest`. */
export const serverSuiteSchema: OptionSchema = {
  what: 'suite option',
  own,
  reserved: { startPeer: 'start; startPeer is an option of describeClientUnderTest' },
};

/** Options of `describeClientUnderTest`. */
export const clientSuiteSchema: OptionSchema = {
  what: 'suite option',
  own: { ...own, startPeer: functionOf('(options) => Promise<ObservedServer>') },
};

/** What a suite does with a scenario and with the control. */
export interface SuiteParts<Scenario> {
  /** What the suite is called. */
  readonly target: string;
  /** The end under test. */
  readonly role: ScenarioRecord['role'];
  readonly scenarios: readonly Scenario[];
  /** Whether a scenario is run with this one of the versions; default always. */
  isRun?(scenario: Scenario, version: TlsVersion, versions: readonly TlsVersion[]): boolean;
  /** Whether the valid peer is accepted with this version. */
  control(version: TlsVersion): Promise<Control>;
  run(
    scenario: Scenario,
    settings: { readonly version: TlsVersion; readonly expected: ExpectedOutcome | undefined },
  ): Promise<ScenarioResult>;
  /** What the end under test seems to lack, before its tests are defined. */
  look?(scenarios: readonly Scenario[]): Promise<FirstLook>;
  /** Why a scenario that could not be judged cannot be run by this end at all; undefined where that is not so. */
  unfit?(scenario: Scenario, version: TlsVersion): Promise<string | undefined>;
  readonly controlTitle: string;
  readonly controlRefused: string;
}

/**
 * Defines one test for each scenario and version of TLS, in parallel, behind a positive control; and the control once more at the end, for a
 * target that has broken on the way. Of a version that the target does not speak there is the control alone.
 */
export async function defineSuite<Scenario extends ScenarioFacts>(parts: SuiteParts<Scenario>, options: SuiteOptions): Promise<void> {
  const { versions = bothVersions, timeout = usualTimeout } = options;
  requireVersions(versions);
  const selected = selectScenarios(parts.scenarios, options);
  const seen = parts.look ? await lookFirst(timeout, () => parts.look?.(selected) ?? Promise.resolve(nothingSeen)) : nothingSeen;
  const controls = new SuiteControls((version) => parts.control(version));
  const spoken = versions.filter((version) => !seen.versions.has(version));
  for (const version of versions)
    describe(version, () => {
      const suite = {
        parts,
        options,
        version,
        controls,
        told: new Set<string>(),
        base: { schema: 1, target: parts.target, role: parts.role, version } as const,
      };
      defineControl(suite, spoken.includes(version));
      if (!spoken.includes(version)) return;
      describe.concurrent('scenarios', () => {
        for (const scenario of selected)
          if (parts.isRun?.(scenario, version, spoken) !== false && !seen.group?.ids.includes(scenario.id)) defineScenario(scenario, suite);
        if (seen.group) defineGroup(seen.group, suite);
      });
      defineLastControl(suite);
    });
}

/** The suite of one version. */
interface VersionSuite<Scenario> {
  readonly parts: SuiteParts<Scenario>;
  readonly options: SuiteOptions;
  readonly version: TlsVersion;
  readonly controls: SuiteControls;
  readonly base: Pick<ScenarioRecord, 'schema' | 'target' | 'role' | 'version'>;
  /** Reasons for which several scenarios are skipped, once a row has said so. */
  readonly told: Set<string>;
}

function defineControl<Scenario>({ parts, options, version, controls, base }: VersionSuite<Scenario>, isSpoken: boolean): void {
  const { controlTitle, controlRefused } = parts;
  defineTest({ ...base, ...controlFacts, kind: 'control', title: `${controlTitle} (control)` }, options, async () => {
    const { refusal, handshake } = await controls.of(version);
    if (refusal === undefined)
      return isSpoken
        ? { status: 'as-expected', message: `${controlTitle}, so the rest can be judged` }
        : {
            status: 'not-judged',
            message: `not judged: ${version} was refused when the tests were defined and is spoken now; run them again`,
          };
    if (await controls.lacks(version)) {
      const seen = handshake ? verdictSentence(handshake) : refusal;
      if (options.versions === undefined) return { status: 'skipped', message: `${doesNotSpeak(base)}: ${seen}`, isSkipped: true };
      return { status: 'unexpected', message: `${doesNotSpeak(base)}, which versions asks for: ${seen}`, handshake };
    }
    return { status: 'unexpected', message: `${controlRefused}, so nothing else can be judged: ${refusal}`, handshake };
  });
}

function defineScenario<Scenario extends ScenarioFacts>(scenario: Scenario, suite: VersionSuite<Scenario>): void {
  const { parts, options, version, controls, base } = suite;
  const { skip = {}, expected: { [scenario.id]: expected } = {}, stack } = options;
  defineTest(scenarioRecord(scenario, base, expected), options, async () => {
    const reason = skip[scenario.id] ?? (expected ? undefined : knownToDiffer(scenario, { version, stack }, options));
    if (reason !== undefined) return { status: 'skipped', message: reason, isSkipped: true };
    if ((await controls.of(version)).refusal !== undefined) return withoutControl(suite);
    const result = await parts.run(scenario, { version, expected });
    if (result.unsuitable) return { ...result, status: 'skipped', isSkipped: true };
    const unfit = result.status === 'not-judged' ? await parts.unfit?.(scenario, version) : undefined;
    if (unfit === undefined) return result;
    const isAside = suite.told.has(unfit);
    suite.told.add(unfit);
    return { status: 'skipped', message: unfit, isSkipped: true, ...(isAside && { isAside }) };
  });
}

/** One test in place of many that the end under test cannot take part in, all for one reason. */
function defineGroup<Scenario>(group: UnfitScenarios, suite: VersionSuite<Scenario>): void {
  const { id, title, differs, reason } = group;
  const facts = { ...controlFacts, kind: 'scenario', id, title, differs } as const;
  defineTest({ ...suite.base, ...facts }, suite.options, async () => {
    if ((await suite.controls.of(suite.version)).refusal !== undefined) return withoutControl(suite);
    if (await group.holds(suite.version)) return { status: 'skipped', message: reason, isSkipped: true };
    return {
      status: 'not-judged',
      message: `not judged: this was so when the tests were defined and is not now; run them again: ${reason}`,
    };
  });
}

function defineLastControl<Scenario>(suite: VersionSuite<Scenario>): void {
  const { parts, options, version, controls, base } = suite;
  defineTest(
    { ...base, ...controlFacts, kind: 'last-control', title: `${parts.controlTitle} still, after all of these` },
    options,
    async () => {
      if ((await controls.of(version)).refusal !== undefined) return withoutControl(suite);
      const { refusal, handshake } = await parts.control(version);
      if (refusal === undefined) return { status: 'as-expected', message: `${parts.controlTitle}, as before the scenarios` };
      return {
        status: 'unexpected',
        message: `${parts.controlRefused} after the scenarios, though it was not before: ${refusal}`,
        handshake,
      };
    },
  );
}

const controlFacts = {
  id: 'control',
  differs: 'nothing: it is the valid peer',
  group: 'controls',
  tier: 'control',
  reference: '',
  expected: { verdict: 'accepted' },
} as const;

function scenarioRecord(
  scenario: ScenarioFacts,
  base: Pick<ScenarioRecord, 'schema' | 'target' | 'role' | 'version'>,
  expected: ExpectedOutcome | undefined,
): ScenarioRecord {
  const { id, title, differs, group, tier, reference } = scenario;
  return { ...base, kind: 'scenario', id, title, differs, group, tier, reference, expected: expected ?? scenario.expected[base.version] };
}

async function withoutControl<Scenario>({ parts, version, controls, base }: VersionSuite<Scenario>): Promise<Outcome> {
  if (await controls.lacks(version)) return { status: 'skipped', message: doesNotSpeak(base), isSkipped: true, isAside: true };
  return { status: 'not-judged', message: `not judged: ${parts.controlRefused}`, isSkipped: true };
}

function doesNotSpeak({ role, version }: Pick<ScenarioRecord, 'role' | 'version'>): string {
  return `the ${role} does not speak ${version}`;
}

/** Off unless it was asked for by its id: the RFC wants a refusal, and this stack is known to accept. */
function knownToDiffer(
  scenario: ScenarioFacts,
  at: { readonly version: TlsVersion; readonly stack: Stack | undefined },
  { only }: Selection,
): string | undefined {
  if (only?.includes(scenario.id) === true || scenario.tier === 'core') return undefined;
  const known = divergenceOf(scenario, at);
  return known && `${known.stack} is known to answer otherwise: ${known.verdict}, against ${scenario.reference}`;
}

function requireVersions(versions: readonly string[]): void {
  const unknown = versions.find((version) => !bothVersions.includes(version as TlsVersion)); // any text may be asked for
  if (unknown !== undefined || versions.length === 0)
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'versions',
      value: textOf(unknown ?? 'none'),
      expected: `some of ${bothVersions.join(', ')}`,
    });
}
