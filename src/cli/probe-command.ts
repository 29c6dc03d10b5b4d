import path from 'node:path';
import { SingleBar } from 'cli-progress';
import { MtlsFixturesError } from '../errors/index.ts';
import { requireOneOf } from '../options/checks.ts';
import { attemptHandshake } from '../handshake/attempt/attempt-handshake.ts';
import type { Endpoint } from '../handshake/attempt/attempt-options.ts';
import { printable, printableJson } from '../handshake/verdict/printable.ts';
import { clientScenarios } from '../scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../scenarios/catalogue/protocol-catalogue.ts';
import type { ServerProtocolScenario } from '../scenarios/catalogue/protocol-scenario.ts';
import { runScenario } from '../scenarios/run/run-scenario.ts';
import type { ClientScenario, ScenarioTier, Stack, TlsVersion } from '../scenarios/catalogue/scenario.ts';
import { stacks } from '../scenarios/catalogue/stacks.ts';
import { selectScenarios } from '../scenarios/catalogue/select-scenarios.ts';
import { parseAddress } from './address.ts';
import type { StarttlsProtocol } from '../wire/starttls/negotiate-starttls.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { getPage } from './http-attempt.ts';
import { junitReport, type ProbeResult } from './junit-report.ts';
import { requireWritable, writeNew } from './output-file.ts';
import { paint, print, table } from './output.ts';
import { readPkiFolder } from './pki-folder.ts';
import { controlId, versionLacking } from './version-lacking.ts';

/** Options of `mtls-fixtures probe`. */
export interface ProbeOptions {
  readonly pki: string;
  readonly starttls?: StarttlsProtocol;
  readonly servername?: string;
  readonly http?: string;
  readonly tier?: readonly ScenarioTier[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly tls: readonly string[];
  /** Whether `tls` was given, and is not the default. */
  readonly areVersionsAsked: boolean;
  readonly stack?: Stack;
  readonly timeout: number;
  readonly json?: string;
  readonly junit?: string;
}

/** Presents the catalogue of bad clients to a running server that trusts a written PKI; prints what came out otherwise than expected. */
export async function probe(address: string, options: ProbeOptions): Promise<ExitCode> {
  const { pki: directory, starttls, servername, http, tls, areVersionsAsked, stack, timeout, json } = options;
  if (http !== undefined && starttls !== undefined)
    throw new MtlsFixturesError('OPTION_INVALID', { option: '--http', value: http, expected: 'no --starttls beside it' });
  const versions = tls.map(parseVersion);
  const scenarios = chosen(options);
  const pki = readPkiFolder(directory);
  const endpoint: Endpoint = { ...parseAddress(address), ...(servername !== undefined && { servername }), ...(starttls && { starttls }) };
  const target = http === undefined ? endpoint : getPage(endpoint, http);
  const files = reportFiles(options);
  for (const { file } of files) requireWritable(file);
  // Whether anybody listens, before a hundred scenarios fail for that.
  await attemptHandshake(endpoint, { identity: pki.client(), timeout });

  const lacking = await versionLacking(target, { pki, timeout }, { versions, areVersionsAsked });
  const spoken = versions.filter((version) => version !== lacking?.version);
  const runs = spoken.flatMap((version) =>
    scenarios
      .filter((scenario) => scenario.role !== 'protocol' || typeof target !== 'function' || scenario.withoutCertificate === true)
      .map((scenario) => ({ scenario, version })),
  );
  const bar = new SingleBar({ format: '{bar} {value}/{total} {scenario}', clearOnComplete: true, hideCursor: true, noTTYOutput: false });
  bar.start(runs.length, 0, { scenario: '' });
  const judged = await inParallel(runs, async ({ scenario, version }): Promise<ProbeResult> => {
    const settings = { pki, target, version, timeout, ...(stack && { stack }) };
    const result = await (scenario.role === 'protocol' ? runScenario(scenario, settings) : runScenario(scenario, settings));
    bar.increment({ scenario: scenario.id });
    return { ...result, version, title: scenario.title, differs: scenario.differs };
  }).finally(() => bar.stop());
  const results = [...judged, ...(lacking ? [lacking] : [])];
  print(json === '-' ? jsonReport(address, results) : page(results));
  for (const { file, report } of files) writeNew(file, report(address, results));
  return exitCode(results);
}

interface ReportFile {
  readonly file: string;
  readonly report: (target: string, results: readonly ProbeResult[]) => string;
}

function reportFiles({ json, junit }: ProbeOptions): readonly ReportFile[] {
  if (json !== undefined && junit !== undefined && path.resolve(json) === path.resolve(junit))
    throw new MtlsFixturesError('OPTION_INVALID', { option: '--junit', value: junit, expected: 'another file than that of --json' });
  return [
    ...(junit === undefined ? [] : [{ file: junit, report: junitReport }]),
    ...(json === undefined || json === '-' ? [] : [{ file: json, report: jsonReport }]),
  ];
}

type Probing = ClientScenario | ServerProtocolScenario;

function chosen({ tier, only, skip = [], stack }: ProbeOptions): readonly Probing[] {
  if (stack !== undefined) requireOneOf('--stack', stack, stacks);
  const everything: readonly Probing[] = [
    ...clientScenarios,
    ...protocolScenarios.filter((scenario): scenario is ServerProtocolScenario => scenario.underTest === 'server'),
  ];
  const reasons = Object.fromEntries(skip.map((id) => [id, 'by --skip']));
  const selected = selectScenarios(everything, { skip: reasons, ...(tier && { tiers: tier }), ...(only && { only }) });
  return selected.filter(({ id }) => !skip.includes(id));
}

/** A few at a time, which a server under test has to bear; results in the order of the work. */
async function inParallel<Work, Result>(work: readonly Work[], run: (work: Work) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const queue = work.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of queue) results[at] = await run(item);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return results;
}

const atATime = 8;

function parseVersion(text: string): TlsVersion {
  if (text === '1.3' || text === '1.2') return `TLSv${text}`;
  throw new MtlsFixturesError('OPTION_INVALID', { option: '--tls', value: text, expected: '1.2, 1.3 or both with a comma' });
}

function page(results: readonly ProbeResult[]): string {
  const judged = results.filter(({ status }) => status !== 'not-judged');
  const unexpected = results.filter(({ status }) => status === 'unexpected');
  const hindered = results.filter(({ status, unsuitable }) => status === 'not-judged' && unsuitable !== true);
  const lacking = results.filter(({ id, unsuitable }) => id === controlId && unsuitable === true);
  const rows = [...unexpected, ...hindered, ...lacking].map(({ status, id, version, message, unsuitable }) => [
    paint(status === 'unexpected' ? 'red' : 'yellow', unsuitable === true ? 'skipped' : status),
    id,
    version.replace('TLSv', ''),
    withoutName(message),
  ]);
  return [
    ...(rows.length === 0 ? [] : [table(['', 'scenario', 'TLS', 'what happened'], rows), '']),
    `${judged.length - unexpected.length} of ${judged.length} as expected, ${unexpected.length} not, ${results.length - judged.length} not judged`,
  ].join('\n');
}

/** The first line of a result's message, without the id and the version that stand beside it. */
function withoutName(message: string): string {
  return printable(message.split('\n')[0] ?? '').replace(/^[\w-]+ \(TLSv1\.[23]\): /u, '');
}

function jsonReport(address: string, results: readonly ProbeResult[]): string {
  const rows = results.map(({ id, version, title, differs, status, unsuitable, expected, message }) => ({
    id,
    version,
    title,
    differs,
    status,
    unsuitable,
    expected,
    message,
  }));
  return printableJson(JSON.stringify({ target: address, results: rows }, null, 2));
}

/** Nothing judged proves nothing: the valid client was refused. */
function exitCode(results: readonly ProbeResult[]): ExitCode {
  if (results.some(({ status }) => status === 'unexpected')) return exitCodes.unexpected;
  const isHindered = results.some(({ status, unsuitable }) => status === 'not-judged' && unsuitable !== true);
  return isHindered || results.every(({ status }) => status === 'not-judged') ? exitCodes.notJudged : exitCodes.asExpected;
}
