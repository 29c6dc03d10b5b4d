import { describe, type TestContext, test } from 'vitest';
import { MtlsFixturesError } from '../errors/index.ts';
import { divergenceOf } from '../scenarios/expected-outcome.ts';
import type { ExpectedOutcome, ScenarioFacts, Stack, TlsVersion } from '../scenarios/scenario.ts';
import type { ScenarioResult } from '../scenarios/scenario-result.ts';
import { type Selection, selectScenarios } from '../scenarios/select-scenarios.ts';

/** Options of both suites. */
export interface SuiteOptions extends Selection {
  /** Default both; a version that the target does not speak is an error of the control. */
  readonly versions?: readonly TlsVersion[];
  /** The TLS stack under test, for its known divergences. */
  readonly stack?: Stack;
  /** Milliseconds for each attempt or call; default 5,000. */
  readonly timeout?: number;
}

/** One valid peer, tried. */
interface Control {
  /** What happened where the valid peer was refused; undefined when all is well. */
  readonly refusal: string | undefined;
}

/** What a suite does with a scenario and with the control. */
export interface SuiteParts<Scenario> {
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
  const { versions = bothVersions, skip = {}, expected = {}, stack } = options;
  requireVersions(versions);
  const selected = selectScenarios(parts.scenarios, options);
  for (const version of versions) {
    describe(version, () => {
      let controlled: Promise<Control> | undefined;
      const control = (): Promise<Control> => (controlled ??= parts.control(version));

      test(`${parts.controlTitle} (control)`, async () => {
        const { refusal } = await control();
        if (refusal !== undefined) throw failure(`${parts.controlRefused}, so nothing else can be judged: ${refusal}`);
      });

      describe.concurrent('scenarios', () => {
        for (const scenario of selected) {
          if (parts.isRun?.(scenario, version, versions) === false) continue;
          test(titleOf(scenario, expected[scenario.id] ?? scenario.expected[version]), async (context) => {
            skipWhere(context, skip[scenario.id]);
            skipWhere(context, expected[scenario.id] ? undefined : knownToDiffer(scenario, { version, stack }, options));
            if ((await control()).refusal !== undefined) context.skip(`not judged: ${parts.controlRefused}`);
            const result = await parts.run(scenario, { version, expected: expected[scenario.id] });
            skipWhere(context, result.unsuitable && result.message);
            require(result);
          });
        }
      });

      test(`${parts.controlTitle} still, after all of these`, async (context) => {
        if ((await control()).refusal !== undefined) context.skip(`not judged: ${parts.controlRefused}`);
        const { refusal } = await parts.control(version);
        if (refusal !== undefined) throw failure(`${parts.controlRefused} after the scenarios, though it was not before: ${refusal}`);
      });
    });
  }
}

function titleOf({ id, title }: ScenarioFacts, expected: ExpectedOutcome): string {
  return `${expected.verdict === 'accepted' ? 'accepts' : 'refuses'} ${title} [${id}]`;
}

function skipWhere(context: TestContext, reason: string | undefined): void {
  if (reason !== undefined) context.skip(reason);
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

function require({ status, message, handshake }: ScenarioResult): void {
  if (status !== 'as-expected') throw failure(`${message}${handshake ? `\n\n${handshake.explain()}` : ''}`);
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
      value: String(unknown ?? 'none'),
      expected: `some of ${bothVersions.join(', ')}`,
    });
}

const bothVersions: readonly TlsVersion[] = ['TLSv1.3', 'TLSv1.2'];
