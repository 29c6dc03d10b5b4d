import { describe, test } from 'vitest';
import { MtlsFixturesError, textOf } from '../errors/index.ts';
import { requireMilliseconds } from '../options/checks.ts';
import { checkedWhereRead, functionOf, type OptionSchema } from '../options/schema.ts';
import type { Handshake } from '../handshake/handshake.ts';
import { divergenceOf } from '../scenarios/expected-outcome.ts';
import type { ExpectedOutcome, ScenarioFacts, Stack, TlsVersion } from '../scenarios/scenario.ts';
import { resultRecord, type ScenarioRecord } from '../scenarios/scenario-record.ts';
import type { ScenarioResult } from '../scenarios/scenario-result.ts';
import { requirePki } from '../scenarios/run-scenario.ts';
import { type Selection, selectScenarios } from '../scenarios/select-scenarios.ts';
import { failureStory } from './failure-story.ts';
import { endBefore, testTimeoutFor, within } from './test-time.ts';

/** Options of both suites. */
export interface SuiteOptions extends Selection {
  /** Default both; a version that the target does not speak is an error of the control. */
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
  authorises: checkedWhereRead,
  versions: checkedWhereRead,
  stack: checkedWhereRead,
  timeout: requireMilliseconds,
  pki: requirePki,
};
/** Default of the suites' `timeout`. */
export const usualTimeout = 5000;

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

/** One valid peer, tried. */
interface Control {
  /** What happened where the valid peer was refused; undefined when all is well. */
  readonly refusal: string | undefined;
  /** The refused handshake, where it was observed. */
  readonly handshake?: Handshake | undefined;
}

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
  readonly controlTitle: string;
  readonly controlRefused: string;
}

/**
 * Defines one test for each scenario and version of TLS, in parallel, behind a positive control; and the control once more at the end, for a
 * target that has broken on the way.
 */
export function defineSuite<Scenario extends ScenarioFacts>(parts: SuiteParts<Scenario>, options: SuiteOptions): void {
  const { versions = bothVersions, skip = {}, expected = {}, stack, timeout = usualTimeout } = options;
  const define = (record: ScenarioRecord, run: () => Promise<Outcome>): void => defineTest(record, timeout, run);
  requireVersions(versions);
  const selected = selectScenarios(parts.scenarios, options);
  for (const version of versions) {
    describe(version, () => {
      let controlled: Promise<Control> | undefined;
      const control = (): Promise<Control> => (controlled ??= parts.control(version));
      const base = { schema: 1, target: parts.target, role: parts.role, version } as const;

      define({ ...base, ...controlFacts, kind: 'control', title: `${parts.controlTitle} (control)` }, async () => {
        const { refusal, handshake } = await control();
        if (refusal === undefined) return { status: 'as-expected', message: `${parts.controlTitle}, so the rest can be judged` };
        return { status: 'unexpected', message: `${parts.controlRefused}, so nothing else can be judged: ${refusal}`, handshake };
      });

      describe.concurrent('scenarios', () => {
        for (const scenario of selected) {
          if (parts.isRun?.(scenario, version, versions) === false) continue;
          define(scenarioRecord(scenario, base, expected[scenario.id]), async () => {
            const reason = skip[scenario.id] ?? (expected[scenario.id] ? undefined : knownToDiffer(scenario, { version, stack }, options));
            if (reason !== undefined) return { status: 'skipped', message: reason, isSkipped: true };
            if ((await control()).refusal !== undefined) return withoutControl(parts);
            const result = await parts.run(scenario, { version, expected: expected[scenario.id] });
            return result.unsuitable ? { ...result, status: 'skipped', isSkipped: true } : result;
          });
        }
      });

      define({ ...base, ...controlFacts, kind: 'last-control', title: `${parts.controlTitle} still, after all of these` }, async () => {
        if ((await control()).refusal !== undefined) return withoutControl(parts);
        const { refusal, handshake } = await parts.control(version);
        if (refusal === undefined) return { status: 'as-expected', message: `${parts.controlTitle}, as before the scenarios` };
        return {
          status: 'unexpected',
          message: `${parts.controlRefused} after the scenarios, though it was not before: ${refusal}`,
          handshake,
        };
      });
    });
  }
}

/** What a test comes to. */
interface Outcome {
  readonly status: 'as-expected' | 'unexpected' | 'not-judged' | 'skipped';
  readonly message: string;
  readonly handshake?: Handshake | undefined;
  readonly expected?: ExpectedOutcome;
  readonly isSkipped?: true;
}

/** Defines a test that leaves its record for reporters, also where it is not run or breaks on the way. */
function defineTest(record: ScenarioRecord, timeout: number, run: () => Promise<Outcome>): void {
  const title = record.kind === 'scenario' ? titleOf(record) : record.title;
  const milliseconds = testTimeoutFor(timeout);
  test(title, { meta: metaOf(record), timeout: milliseconds }, async ({ task, skip }) => {
    Object.assign(task.meta, metaOf(record)); // a retry starts anew
    const { expected = record.expected, isSkipped, ...outcome } = await within(endBefore(milliseconds), run, neverEnded);
    const result = resultRecord(outcome);
    Object.assign(task.meta, metaOf({ ...record, expected, result }));
    if (isSkipped) skip(outcome.message);
    if (outcome.status === 'as-expected') return;
    const isTold = record.kind === 'scenario' && outcome.handshake;
    throw failure(`${outcome.message}${isTold ? `\n\n${failureStory(isTold, task.name)}` : ''}`);
  });
}

function neverEnded(milliseconds: number): Outcome {
  return {
    status: 'not-judged',
    message: `not judged: the target did not come to an end within ${milliseconds} ms, neither with an answer nor with a refusal; look at what it waits for, or raise timeout`,
  };
}

/** Where `mtls-fixtures/reporter` finds it. An object that promises nothing: Vitest's type of it is for those who add to it. */
function metaOf(record: ScenarioRecord): object {
  return { mtlsFixtures: record };
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

function titleOf({ id, title, expected }: ScenarioRecord): string {
  return `${expected.verdict === 'accepted' ? 'accepts' : 'refuses'} ${title} [${id}]`;
}

function withoutControl({ controlRefused }: { readonly controlRefused: string }): Outcome {
  return { status: 'not-judged', message: `not judged: ${controlRefused}`, isSkipped: true };
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

/** Without the stack of this file: the message is the whole story. */
function failure(message: string): Error {
  const error = new Error(message);
  error.name = 'AssertionError';
  error.stack = `AssertionError: ${message}`;
  return error;
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

const bothVersions: readonly TlsVersion[] = ['TLSv1.3', 'TLSv1.2'];
