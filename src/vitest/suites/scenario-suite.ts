import { describe, inject, test, type TestOptions } from 'vitest';
import { MtlsFixturesError } from '../../errors/index.ts';
import { divergenceOf, outcomeWith } from '../../scenarios/assess/expected-outcome.ts';
import { selectScenarios } from '../../scenarios/catalogue/select-scenarios.ts';
import { describeReferences } from '../../scenarios/catalogue/references.ts';
import type { ExpectedOutcome, ScenarioFacts, TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import { resultRecord, type ScenarioRecord } from '../../scenarios/records/scenario-record.ts';
import type { ScenarioResult } from '../../scenarios/records/scenario-result.ts';
import { type AnyScenario, isStartFailure, type RunOptions, runScenarioAgainst } from '../../scenarios/run/run-scenario.ts';
import type { ClientCall, ServerTarget } from '../../scenarios/run/target.ts';
import { captureLine, failureTranscript } from '../../matchers/failure-transcript.ts';
import { within } from '../../matchers/test-time.ts';
import { endBefore, testTimeoutFor } from '../test-time.ts';
import { controlFacts, controlTest, lastControlTest, withoutControl } from './control-tests.ts';
import { lookFirst, nothingSeen, type UnfitScenarios } from './first-look.ts';
import { SuiteControls } from './suite-controls.ts';
import { bothVersions, type SuiteOptions, usualTimeout } from './suite-options.ts';
import type { EndUnderTest, Outcome, PlannedTest, PlannedVersion, VersionPlan } from './suite-plan.ts';

/** Defines the tests of a suite, those of scenarios in parallel. */
export async function defineSuite(end: EndUnderTest, options: SuiteOptions, isSwitchedOff: boolean): Promise<void> {
  for (const { version, control, scenarios, twoCalls, lastControl } of await planSuite(end, options, { isSwitchedOff }))
    describe(version, () => {
      defineTest(control, options);
      if (!lastControl) return;
      defineConcurrently(scenarios, options);
      for (const planned of twoCalls) defineTest(planned, options, { concurrent: false }); // also where Vitest's configuration says otherwise
      defineTest(lastControl, options);
    });
}

/** Vitest takes no suite without tests: all scenarios may be such with two calls. */
function defineConcurrently(tests: readonly PlannedTest[], options: SuiteOptions): void {
  if (tests.length === 0) return;
  describe.concurrent('scenarios', () => {
    for (const planned of tests) defineTest(planned, options);
  });
}

/**
 * The tests of a suite: one for each scenario and version of TLS, behind a positive control, and the control once more at the end. Of a version that the target does not
 * speak there is the control alone.
 */
export async function planSuite(
  end: EndUnderTest,
  options: SuiteOptions,
  { isSwitchedOff = false }: { readonly isSwitchedOff?: boolean } = {},
): Promise<readonly PlannedVersion[]> {
  const { versions = bothVersions, timeout = usualTimeout } = options;
  const selected = selectScenarios(end.scenarios, options).filter((scenario) => end.isAbout?.(scenario) ?? true);
  const seen = isSwitchedOff ? nothingSeen : await lookFirst(timeout, () => end.look(selected));
  const controls = new SuiteControls((version) => end.control(version));
  const spoken = versions.filter((version) => !seen.versions.has(version));
  const givenForAll = new Set<string>();
  const fit = selected.filter(({ id }) => seen.group?.ids.includes(id) !== true);
  return versions.map((version) => {
    const base = { schema: 1, target: end.name, underTest: end.underTest, version } as const;
    const plan: VersionPlan = { end, options, version, controls, base, given: new Set(), givenForAll };
    const isSpoken = spoken.includes(version);
    const control = controlTest(plan, isSpoken);
    if (!isSpoken) return { version, control, scenarios: [], twoCalls: [] };
    const run = fit.filter((scenario) => isRunWith(scenario, { version, versions: spoken }));
    const testsOf = (some: readonly AnyScenario[]): PlannedTest[] => some.map((scenario) => scenarioTest(scenario, plan));
    const scenarios = [...testsOf(run.filter((scenario) => !isTwoCalls(scenario))), ...(seen.group ? [groupTest(seen.group, plan)] : [])];
    return { version, control, scenarios, twoCalls: testsOf(run.filter(isTwoCalls)), lastControl: lastControlTest(plan) };
  });
}

/** Credentials are run with each version, what depends on no version once, the rest where it makes sense. */
function isRunWith(
  scenario: AnyScenario,
  { version, versions }: { readonly version: TlsVersion; readonly versions: readonly TlsVersion[] },
): boolean {
  if (scenario.role !== 'protocol') return true;
  return scenario.versionless ? version === versions[0] : scenario.versions.includes(version);
}

/** Whether one client is called twice: nothing else is to call it between the two. */
function isTwoCalls(scenario: AnyScenario): boolean {
  return scenario.role === 'protocol' && scenario.underTest === 'client' && scenario.calls === 2;
}

function scenarioTest(scenario: AnyScenario, plan: VersionPlan): PlannedTest {
  const { options, controls, version } = plan;
  const { skip = {}, expected: { [scenario.id]: expected } = {} } = options;
  const run = async (): Promise<Outcome> => {
    const reason = skip[scenario.id] ?? (expected ? undefined : knownToDiffer(scenario, version, options));
    if (reason !== undefined) return { status: 'skipped', message: reason, isSkipped: true };
    if ((await controls.of(version)).refusal === undefined) return runIn(plan, scenario, expected);
    const alone = needsNoControl(scenario) && !(await controls.lacks(version)) ? await runIn(plan, scenario, expected, false) : undefined;
    return alone?.status === 'unexpected' ? alone : withoutControl(plan);
  };
  return { record: scenarioRecord(scenario, plan.base, expected), run };
}

function needsNoControl(scenario: AnyScenario): boolean {
  return scenario.role === 'protocol' && scenario.underTest === 'server' && scenario.needsNoControl === true;
}

/** Runs a scenario; one that could not be judged because the end under test cannot take part is skipped. */
async function runIn(plan: VersionPlan, scenario: AnyScenario, expected: ExpectedOutcome | undefined, controlled = true): Promise<Outcome> {
  const { end, version } = plan;
  let result: ScenarioResult;
  try {
    result = await runScenarioAgainst(scenario, { ...runOptions(plan, expected), controlled });
  } catch (error) {
    if (isStartFailure(error)) return once(plan.given, { status: 'not-judged', message: error.message });
    throw error;
  }
  if (result.common !== undefined) return once(plan.givenForAll, { ...result, message: result.common, status: 'skipped', isSkipped: true });
  if (result.unsuitable) return { ...result, status: 'skipped', isSkipped: true };
  const unfit = result.status === 'not-judged' ? await end.unfit?.(scenario, version) : undefined;
  return unfit === undefined ? result : once(plan.given, { status: 'skipped', message: unfit, isSkipped: true });
}

/** What is so for several scenarios has one row; the others are skipped beside it. */
function once(given: Set<string>, outcome: Outcome): Outcome {
  const isAside = given.has(outcome.message);
  given.add(outcome.message);
  return isAside ? { ...outcome, isSkipped: true, isAside } : outcome;
}

function runOptions({ end, options, version }: VersionPlan, expected: ExpectedOutcome | undefined): RunOptions<ServerTarget | ClientCall> {
  const { stack, authorizes, timeout = usualTimeout } = options;
  const { pki, startPeer, respond, serverPki, hosts, host, path, request, responderHost } = end;
  return {
    pki,
    version,
    timeout,
    target: end.target(),
    ...(expected && { expected }),
    ...(stack && { stack }),
    ...(authorizes && { authorizes }),
    ...(startPeer && { startPeer }),
    ...(respond !== undefined && { respond }),
    ...(serverPki && { serverPki }),
    ...(hosts && { hosts }),
    ...(host !== undefined && { host }),
    ...(path !== undefined && { path }),
    ...(request && { request }),
    ...(responderHost !== undefined && { responderHost }),
  };
}

/** Off unless it was asked for by its id: the RFC wants a refusal, and this stack is known to accept. */
function knownToDiffer(scenario: ScenarioFacts, version: TlsVersion, { only, stack }: SuiteOptions): string | undefined {
  if (only?.includes(scenario.id) === true || scenario.tier === 'core') return undefined;
  const known = divergenceOf(scenario, { version, stack });
  return known && `${known.stack} is known to answer otherwise: ${known.verdict}, against ${describeReferences(scenario.references)}`;
}

/** One test in place of many that the end under test cannot take part in, all for one reason. */
function groupTest(group: UnfitScenarios, plan: VersionPlan): PlannedTest {
  const { id, title, differs, reason } = group;
  const run = async (): Promise<Outcome> => {
    if ((await plan.controls.of(plan.version)).refusal !== undefined) return withoutControl(plan);
    if (await group.holds(plan.version)) return { status: 'skipped', message: reason, isSkipped: true };
    return {
      status: 'not-judged',
      message: `not judged: this was so when the tests were defined and is not now; run them again: ${reason}`,
    };
  };
  return { record: { ...plan.base, ...controlFacts, kind: 'scenario', id, title, differs }, run };
}

/** The record of a scenario's test, still without a result. */
export function scenarioRecord(scenario: ScenarioFacts, base: VersionPlan['base'], expected: ExpectedOutcome | undefined): ScenarioRecord {
  const { id, title, differs, group, tier, references, cves, cwes, severity, controls } = scenario;
  const sources = { references, cves, cwes, severity, controls };
  return {
    ...base,
    kind: 'scenario',
    id,
    title,
    differs,
    group,
    tier,
    ...sources,
    expected: expected ?? outcomeWith(scenario, base.version),
  };
}

/** A hook that starts a server under test has run out of time. */
export function neverStarted(milliseconds: number): never {
  throw new MtlsFixturesError('SERVER_START_TIMEOUT', { milliseconds });
}

/** Defines a test that leaves its record for reporters, also where it is not run or fails before its end. */
export function defineTest(
  { record, run }: PlannedTest,
  { timeout = usualTimeout }: Pick<SuiteOptions, 'timeout'>,
  more: TestOptions = {},
): void {
  const title = record.kind === 'scenario' && record.group !== 'controls' ? titleOf(record) : record.title;
  const milliseconds = testTimeoutFor(timeout);
  test(title, { ...more, meta: metaOf(record), timeout: milliseconds }, async ({ task, skip }) => {
    Object.assign(task.meta, metaOf(record)); // a retry starts anew
    const { expected = record.expected, isSkipped, ...outcome } = await within(endBefore(milliseconds), run, neverEnded);
    Object.assign(task.meta, metaOf({ ...record, expected, result: resultRecord(outcome, inject('mtlsFixturesCaptures')) }));
    if (isSkipped) skip(outcome.message);
    if (outcome.status !== 'as-expected') throw failureOf(record, outcome, task.name);
  });
}

function neverEnded(milliseconds: number): Outcome {
  return {
    status: 'not-judged',
    message: `not judged: the target did not end within ${milliseconds} ms, neither with an answer nor with a refusal; look at what it waits for, or raise timeout`,
  };
}

/** Where `mtls-fixtures/reporter` finds it. An object without known members: Vitest's type of it is for those who add to it. */
function metaOf(record: ScenarioRecord): object {
  return { mtlsFixtures: record };
}

function titleOf({ id, title, expected }: ScenarioRecord): string {
  return `${expected.verdict === 'accepted' ? 'accepts' : 'refuses'} ${title} [${id}]`;
}

/** The message with the vulnerabilities of the kind and, of a scenario, the handshake. Without the stack of this file, which says nothing about the target. */
function failureOf({ kind, cves }: ScenarioRecord, { status, message: said, handshake, capture }: Outcome, testName: string): Error {
  const message = status === 'unexpected' && cves.length > 0 ? `${said}\nThis is the class of ${cves.join(', ')}.` : said;
  const ofHandshake = kind === 'scenario' && handshake ? `\n\n${failureTranscript(handshake, testName)}` : '';
  const ofFlight = status === 'unexpected' && capture ? captureLine({ toPcapng: () => capture }, testName) : '';
  const error = new Error(`${message}${ofFlight}${ofHandshake}`);
  error.name = 'AssertionError';
  error.stack = `AssertionError: ${error.message}`;
  return error;
}
