import type { TestCase, TestModule, TestSuite } from 'vitest/node';
import { realNow } from '../clock/real-clock.ts';
import { describeSources } from '../scenarios/catalogue/references.ts';
import type { CertificateRecord, ChainRecord } from '../scenarios/records/certificate-record.ts';
import type { HandshakeRecord, ResultRecord, RuntimeRecord, ScenarioRecord } from '../scenarios/records/scenario-record.ts';
import { assertionsIn, omittedIn } from './facts/assertions.ts';
import { summaryLine } from './facts/finding.ts';
import { targetTitle } from './words.ts';
import {
  countsOf,
  type Report,
  type ReportChain,
  type ReportHandshake,
  type ReportOrigin,
  type ReportResult,
  type ReportTarget,
} from './report.ts';

/** The results of a run. */
interface Collected {
  readonly report: Report;
  /** How many tests were recorded by another version of this library, with another schema. */
  readonly foreign: number;
}

/** Reads the records that the suites left on their tests; other tests are skipped. */
export function collectReport(
  modules: readonly TestModule[],
  { interrupted = false, origin = {} }: { readonly interrupted?: boolean; readonly origin?: ReportOrigin } = {},
): Collected {
  const certificates: Record<string, CertificateRecord> = {};
  const suites = new Map<TestSuite | TestModule, { readonly record: ScenarioRecord; readonly results: KeylessResult[] }>();
  const spans: { readonly start: number; readonly end: number }[] = [];
  const testCases = modules.flatMap((module) => [...module.children.allTests()]);
  let foreign = 0;
  for (const testCase of testCases) {
    const found = recordOf(testCase);
    if (found === 'foreign') foreign += 1;
    if (found === undefined || found === 'foreign' || found.result?.isAside) continue;
    const { startTime, duration } = testCase.diagnostic() ?? {};
    if (startTime !== undefined && duration !== undefined) spans.push({ start: startTime, end: startTime + duration });
    const suite = suiteOf(testCase, found);
    const entry = suites.get(suite) ?? { record: found, results: [] };
    suites.set(suite, entry);
    entry.results.push(resultOf(testCase, found, certificates));
  }
  const targets = withKeys([...suites].map(([suite, { record, results }]) => targetOf(suite, record, results)).toSorted(inOrder));
  const assertions = assertionsIn(testCases, (handshake) => handshakeOf(handshake, certificates));
  const counts = countsOf(targets.flatMap(({ results }) => results));
  const start = Math.min(...spans.map((span) => span.start));
  const started = Number.isFinite(start) ? start : realNow();
  return {
    foreign,
    report: {
      version: 1,
      generator: 'mtls-fixtures',
      startedAt: new Date(started).toISOString(),
      durationMs: Math.round(Math.max(started, ...spans.map(({ end }) => end)) - started),
      interrupted,
      summary: summaryLine({ targets, counts, assertions }),
      origin,
      runtimes: unique([...targets, ...assertions].flatMap(({ runtime }) => runtime ?? [])),
      counts,
      targets,
      assertions,
      omittedAssertions: omittedIn(testCases),
      certificates,
    },
  };
}

/** The record of a test; a blob report may have been written by another version of this library. */
function recordOf(testCase: TestCase): ScenarioRecord | 'foreign' | undefined {
  const { mtlsFixtures: record } = testCase.meta() as { readonly mtlsFixtures?: ScenarioRecord }; // the suites leave it there
  if (typeof record !== 'object' || record === null) return undefined;
  return record.schema === 1 ? record : 'foreign'; // the schema promises the rest
}

/** Controls are in a block named after the version, scenarios in another within it. */
function suiteOf(testCase: TestCase, { kind }: ScenarioRecord): TestSuite | TestModule {
  let suite = testCase.parent;
  for (let up = kind === 'scenario' ? 2 : 1; up > 0 && suite.type === 'suite'; up -= 1) suite = suite.parent;
  return suite;
}

/** A result whose target has no key yet. */
type KeylessResult = Omit<ReportResult, 'key'> & { readonly runtime: RuntimeRecord | undefined };

type KeylessTarget = Omit<ReportTarget, 'results'> & { readonly results: readonly Omit<ReportResult, 'key'>[] };

/** Keys are the same in the next run: a file is named only where suites have the same title. */
function withKeys(targets: readonly KeylessTarget[]): ReportTarget[] {
  const named = Map.groupBy(targets, ({ underTest, ...target }) => `${underTest}:${targetTitle(target)}`);
  const used = new Map<string, number>();
  return targets.map((target) => {
    const name = `${target.underTest}:${targetTitle(target)}`;
    const longer = (named.get(name)?.length ?? 0) > 1 ? `${name} (${target.file})` : name;
    const number = (used.get(longer) ?? 0) + 1;
    used.set(longer, number);
    const stem = number === 1 ? longer : `${longer} ${number}`;
    return {
      ...target,
      results: target.results.map((result) => ({
        key: [stem, result.version, result.kind === 'last-control' ? 'last-control' : result.id].join('/'),
        ...result,
      })),
    };
  });
}

function unique(runtimes: readonly RuntimeRecord[]): RuntimeRecord[] {
  return [...new Map(runtimes.map((runtime) => [`${runtime.node} ${runtime.openssl}`, runtime])).values()];
}

function targetOf(suite: TestSuite | TestModule, { target, underTest }: ScenarioRecord, records: readonly KeylessResult[]): KeylessTarget {
  const runtime = records.find((record) => record.runtime)?.runtime;
  const results = records.map(({ runtime: _runtime, ...result }) => result);
  const module = suite.type === 'suite' ? suite.module : suite;
  const { __vitest_label__: label } = module.meta();
  const project = module.project.name;
  return {
    name: suite.type === 'suite' ? suite.fullName : target,
    underTest,
    file: module.relativeModuleId,
    ...(project !== '' && { project }),
    ...(label !== undefined && { label }),
    ...(runtime && { runtime }),
    versions: [...new Set(results.map(({ version }) => version))],
    counts: countsOf(results),
    results,
  };
}

/** The order in which files finish varies; that of the suites within a file does not. */
function inOrder(one: KeylessTarget, other: KeylessTarget): number {
  return placeOf(one) < placeOf(other) ? -1 : Number(placeOf(one) > placeOf(other));
}

function placeOf({ underTest, project = '', file, label = '' }: KeylessTarget): string {
  return [underTest === 'server' ? 0 : 1, project, file, label].join('\0');
}

function resultOf(testCase: TestCase, record: ScenarioRecord, certificates: Record<string, CertificateRecord>): KeylessResult {
  const { schema: _schema, target: _target, underTest: _underTest, result: _result, ...facts } = record;
  const { duration, retryCount = 0 } = testCase.diagnostic() ?? {};
  const { status, message, handshake, runtime, alert, capture } = settledResult(testCase, record);
  return {
    ...facts,
    reference: facts.kind === 'scenario' ? describeSources(record) : '',
    runtime,
    status,
    message,
    ...(duration !== undefined && { testMs: Math.round(duration * 10) / 10 }),
    ...(retryCount > 0 && { retries: retryCount }),
    ...(handshake && { handshake: handshakeOf(handshake, certificates) }),
    ...(alert && { alert }),
    ...(capture !== undefined && { capture }),
  };
}

/** What a test recorded, unless it recorded nothing, or Vitest reports a failure: a test that failed for another reason is never shown as a pass. */
function settledResult(
  testCase: TestCase,
  { result }: ScenarioRecord,
): Omit<ResultRecord, 'runtime'> & Partial<Pick<ResultRecord, 'runtime'>> {
  const outcome = testCase.result();
  const errors = outcome.errors?.map(({ message }) => message).join('\n') ?? '';
  if (outcome.state === 'failed' && (!result || result.status === 'as-expected' || result.status === 'skipped'))
    return { ...result, status: 'not-judged', message: `not judged: the test failed for another reason: ${errors}` };
  if (result) return result;
  const broken = errorsAbove(testCase);
  if (broken !== '') return { status: 'not-judged', message: `not judged: ${broken}` };
  if (outcome.state === 'skipped') return { status: 'skipped', message: outcome.note ?? 'not run' };
  return { status: 'not-judged', message: 'not judged: the test did not finish' };
}

/** The errors of the hooks of the blocks around a test. */
function errorsAbove(testCase: TestCase): string {
  const messages: string[] = [];
  for (let above: TestSuite | TestModule | undefined = testCase.parent; above; above = above.type === 'suite' ? above.parent : undefined)
    messages.push(...above.errors().map(({ message }) => message));
  return messages.join('\n');
}

function handshakeOf(handshake: HandshakeRecord, certificates: Record<string, CertificateRecord>): ReportHandshake {
  const { clientChain, serverChain, ...facts } = handshake;
  return {
    ...facts,
    ...(clientChain && { clientChain: chainOf(clientChain, certificates) }),
    ...(serverChain && { serverChain: chainOf(serverChain, certificates) }),
  };
}

function chainOf(chain: ChainRecord, known: Record<string, CertificateRecord>): ReportChain {
  const certificates = chain.certificates.map((certificate) => {
    if ('unreadableBytes' in certificate) return certificate;
    known[certificate.fingerprint256] ??= certificate; // an accumulator
    return certificate.fingerprint256;
  });
  return { asSent: chain.asSent, certificates };
}
