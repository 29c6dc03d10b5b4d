import type { TestCase, TestModule, TestSuite } from 'vitest/node';
import { realNow } from '../clock/real-clock.ts';
import type { CertificateRecord, ChainRecord } from '../scenarios/records/certificate-record.ts';
import { describeSources } from '../scenarios/catalogue/references.ts';
import type { HandshakeRecord, ResultRecord, ScenarioRecord } from '../scenarios/records/scenario-record.ts';
import { countsOf, type Report, type ReportChain, type ReportHandshake, type ReportResult, type ReportTarget } from './report.ts';

/** The results of a run. */
interface Collected {
  readonly report: Report;
  /** How many tests were recorded by another version of this library, with another schema. */
  readonly foreign: number;
}

/** Reads the records that the suites left on their tests; other tests are skipped. */
export function collectReport(modules: readonly TestModule[], { interrupted = false }: { readonly interrupted?: boolean } = {}): Collected {
  const certificates: Record<string, CertificateRecord> = {};
  const suites = new Map<TestSuite | TestModule, { readonly record: ScenarioRecord; readonly results: ReportResult[] }>();
  const spans: { readonly start: number; readonly end: number }[] = [];
  let foreign = 0;
  for (const testCase of modules.flatMap((module) => [...module.children.allTests()])) {
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
  const targets = [...suites].map(([suite, { record, results }]) => targetOf(suite, record, results)).toSorted(inOrder);
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
      counts: countsOf(targets.flatMap(({ results }) => results)),
      targets,
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

function targetOf(suite: TestSuite | TestModule, { target, underTest }: ScenarioRecord, results: readonly ReportResult[]): ReportTarget {
  const module = suite.type === 'suite' ? suite.module : suite;
  const { __vitest_label__: label } = module.meta();
  const project = module.project.name;
  return {
    name: suite.type === 'suite' ? suite.fullName : target,
    underTest,
    file: module.relativeModuleId,
    ...(project !== '' && { project }),
    ...(label !== undefined && { label }),
    versions: [...new Set(results.map(({ version }) => version))],
    counts: countsOf(results),
    results,
  };
}

/** The order in which files finish varies; that of the suites within a file does not. */
function inOrder(one: ReportTarget, other: ReportTarget): number {
  return placeOf(one) < placeOf(other) ? -1 : Number(placeOf(one) > placeOf(other));
}

function placeOf({ underTest, project = '', file, label = '' }: ReportTarget): string {
  return [underTest === 'server' ? 0 : 1, project, file, label].join('\0');
}

function resultOf(testCase: TestCase, record: ScenarioRecord, certificates: Record<string, CertificateRecord>): ReportResult {
  const { kind, id, title, differs, group, tier, severity, cves, cwes, controls, version, expected } = record;
  const { duration, retryCount = 0 } = testCase.diagnostic() ?? {};
  const { status, message, handshake } = settledResult(testCase, record);
  return {
    kind,
    id,
    title,
    differs,
    group,
    tier,
    reference: kind === 'scenario' ? describeSources(record) : '',
    severity,
    cves,
    cwes,
    controls,
    version,
    expected,
    status,
    message,
    ...(duration !== undefined && { testMs: Math.round(duration * 10) / 10 }),
    ...(retryCount > 0 && { retries: retryCount }),
    ...(handshake && { handshake: handshakeOf(handshake, certificates) }),
  };
}

/** What a test recorded, unless it recorded nothing, or Vitest reports a failure: a test that failed for another reason is never shown as a pass. */
function settledResult(testCase: TestCase, { result }: ScenarioRecord): ResultRecord {
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
