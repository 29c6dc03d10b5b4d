import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { type Options, SingleBar } from 'cli-progress';
import { MtlsFixturesError } from '../../errors/index.ts';
import { servernameFor } from '../../net/addresses.ts';
import { nodeTls } from '../../options/engine.ts';
import { requireOneOf } from '../../options/checks.ts';
import { writeNewFile } from '../../pki/files/new-file.ts';
import { attemptHandshake } from '../../handshake/attempt/attempt-handshake.ts';
import { makePeerCertificateSafe } from '../../handshake/attempt/peer-certificate.ts';
import type { Endpoint } from '../../handshake/attempt/attempt-options.ts';
import { clientScenarios } from '../../scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../scenarios/catalogue/protocol-catalogue.ts';
import type { ServerProtocolScenario } from '../../scenarios/catalogue/protocol-scenario.ts';
import { runScenario } from '../../scenarios/run/run-scenario.ts';
import type { ClientScenario, ScenarioTier, Stack, TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import { stacks } from '../../scenarios/catalogue/stacks.ts';
import { selectScenarios } from '../../scenarios/catalogue/select-scenarios.ts';
import type { AttemptFunction } from '../../scenarios/run/target.ts';
import { parseAddress } from './address.ts';
import type { StarttlsProtocol } from '../../wire/starttls/negotiate-starttls.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { jsonReport, junitReport, probeSummary, type ProbeResult } from './probe-report.ts';
import { interruptible } from '../output/interruption.ts';
import { placeOf, requireWritable } from '../output/new-files.ts';
import { print } from '../output/terminal.ts';
import { readPkiFolder } from './pki-folder.ts';
import { versionLacking } from './version-lacking.ts';

/** Options of `mtls-fixtures probe`. */
export interface ProbeOptions {
  readonly pki: string;
  readonly starttls?: StarttlsProtocol;
  readonly servername?: string;
  readonly http?: string;
  readonly tier?: readonly ScenarioTier[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly tls: readonly ('1.2' | '1.3')[];
  /** Whether `tls` was given, and is not the default. */
  readonly areVersionsAsked: boolean;
  readonly stack?: Stack;
  readonly timeout: number;
  readonly json?: string;
  readonly junit?: string;
}

/** Presents the catalogue of bad clients to a running server that trusts a written PKI; prints the unexpected results. */
export async function probe(address: string, options: ProbeOptions): Promise<ExitCode> {
  const { pki: directory, starttls, servername, http, tls, areVersionsAsked, stack, timeout, json, junit } = options;
  if (http !== undefined && starttls !== undefined)
    throw new MtlsFixturesError('OPTION_INVALID', { option: '--http', value: http, expected: 'no --starttls beside it' });
  const versions = tls.map((version): TlsVersion => `TLSv${version}`);
  const scenarios = chosen(options);
  const pki = readPkiFolder(directory);
  const endpoint: Endpoint = { ...parseAddress(address), ...(servername !== undefined && { servername }), ...(starttls && { starttls }) };
  const target = http === undefined ? endpoint : getPage(endpoint, http);
  const files = reportFiles(options);
  for (const { file } of files) requireWritable(file, scenarios.length * versions.length * octetsPerResult);
  // Whether a server listens, before a hundred scenarios fail for that.
  await attemptHandshake(endpoint, { identity: pki.client(), timeout });

  const lacking = await versionLacking(target, { pki, timeout }, { versions, areVersionsAsked });
  const spoken = versions.filter((version) => version !== lacking?.version);
  const runs = spoken.flatMap((version) =>
    scenarios
      .filter((scenario) => scenario.role !== 'protocol' || typeof target !== 'function' || scenario.withoutCertificate === true)
      .map((scenario) => ({ scenario, version })),
  );
  const bar = new SingleBar(barOptions);
  bar.start(runs.length, 0, { scenario: '' });
  const judge = async ({ scenario, version }: Run): Promise<ProbeResult> => {
    const settings = { pki, target, version, timeout, ...(stack && { stack }) };
    const result = await (scenario.role === 'protocol' ? runScenario(scenario, settings) : runScenario(scenario, settings));
    bar.increment({ scenario: scenario.id });
    return { ...result, version, title: scenario.title, differs: scenario.differs };
  };
  const stop = (): void => bar.stop(); // it shows the cursor again
  const judged = await interruptible(stop, () => inParallel(runs, judge)).finally(stop);
  const results = [...judged, ...(lacking ? [lacking] : [])];
  print(json === '-' ? jsonReport(address, results) : junit === '-' ? junitReport(address, results).trimEnd() : probeSummary(results));
  for (const { file, report } of files) writeNewFile(file, report(address, results), 0o666); // as the user's umask has it
  return exitCode(results);
}

interface Run {
  readonly scenario: Probing;
  readonly version: TlsVersion;
}

/** Its own listeners would keep a signal from ending the command. */
const barOptions: Options = {
  format: '{bar} {value}/{total} {scenario}',
  clearOnComplete: true,
  hideCursor: true,
  noTTYOutput: false,
  gracefulExit: false,
};

/** Of JSON, which is the longer report. */
const octetsPerResult = 1024;

/** Asks a server for a page with the credential of each scenario: accepted with an answer below 400, since many servers reject only after the handshake. */
function getPage({ host, port, servername }: Endpoint, page: string): AttemptFunction {
  const name = servername ?? servernameFor(host);
  return (tls) =>
    new Promise((resolve, reject) => {
      const createConnection = (): TLSSocket => {
        const socket = nodeTls().connect({ host, port, servername: name, ALPNProtocols: ['http/1.1'], ...tls });
        makePeerCertificateSafe(socket);
        return socket;
      };
      const request = https.get({ host, port, path: page, createConnection }, (response) => {
        response.resume();
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0 } = response;
          if (statusCode < 400) resolve(statusCode);
          else reject(new Error(`HTTP status ${statusCode}`));
        });
      });
      request.on('error', reject);
    });
}

interface ReportFile {
  readonly file: string;
  readonly report: (target: string, results: readonly ProbeResult[]) => string;
}

function reportFiles({ json, junit }: ProbeOptions): readonly ReportFile[] {
  if (json !== undefined && junit !== undefined && (json === junit || placeOf(json) === placeOf(junit)))
    throw new MtlsFixturesError('OPTION_INVALID', { option: '--junit', value: junit, expected: 'another place than that of --json' });
  return [
    ...(junit === undefined || junit === '-' ? [] : [{ file: junit, report: junitReport }]),
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
  const selection = { skip: reasons, ...(tier && { tiers: tier }), ...(only && { only }) };
  const selected = withDashes(() => selectScenarios(everything, selection)).filter(({ id }) => !skip.includes(id));
  if (selected.length > 0) return selected;
  throw new MtlsFixturesError('OPTION_INVALID', {
    option: '--skip',
    value: skip.join(','),
    expected: 'ids that leave some scenario to run',
  });
}

/** A few at a time, to limit the load of the server under test; results in the order of the work. */
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

/** What a selection calls `only`, the command line calls `--only`. */
function withDashes<Result>(select: () => Result): Result {
  try {
    return select();
  } catch (error) {
    if (!(error instanceof MtlsFixturesError && 'expected' in error.facts && 'option' in error.facts)) throw error;
    const { option, value, expected } = error.facts;
    throw new MtlsFixturesError('OPTION_INVALID', { option: `--${option}`, value, expected }, { cause: error });
  }
}

/** Nothing judged is not a success: the valid client was rejected. */
function exitCode(results: readonly ProbeResult[]): ExitCode {
  if (results.some(({ status }) => status === 'unexpected')) return exitCodes.unexpected;
  const isHindered = results.some(({ status, unsuitable }) => status === 'not-judged' && unsuitable !== true);
  return isHindered || results.every(({ status }) => status === 'not-judged') ? exitCodes.notJudged : exitCodes.asExpected;
}
