import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { invalidOption } from '../../errors/index.ts';
import { servernameFor } from '../../net/addresses.ts';
import { nodeTls } from '../../options/engine.ts';
import { requireOneOf } from '../../options/checks.ts';
import { attemptHandshake } from '../../handshake/attempt/attempt-handshake.ts';
import { makePeerCertificateSafe } from '../../handshake/attempt/peer-certificate.ts';
import type { Endpoint } from '../../handshake/attempt/attempt-options.ts';
import { clientScenarios } from '../../scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../scenarios/catalogue/protocol-catalogue.ts';
import type { ServerProtocolScenario } from '../../scenarios/catalogue/protocol-scenario.ts';
import { runScenario } from '../../scenarios/run/run-scenario.ts';
import type { ClientScenario, Stack, TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import { stacks } from '../../scenarios/catalogue/stacks.ts';
import type { AttemptFunction } from '../../scenarios/run/target.ts';
import { parseAddress } from './address.ts';
import type { StarttlsProtocol } from '../../wire/starttls/negotiate-starttls.ts';
import type { ExitCode } from '../exit-codes.ts';
import { type ReportOptions, reportResults, requireReportFiles, withProgress } from './probe-output.ts';
import type { ProbeResult } from './probe-report.ts';
import { chosenScenarios, type ScenarioChoice } from './probe-selection.ts';
import { stackHint } from './stack-hint.ts';
import { readPkiFolder } from './pki-folder.ts';
import { versionLacking } from './version-lacking.ts';

/** Options of `mtls-fixtures probe`. */
export interface ProbeOptions extends ScenarioChoice, ReportOptions {
  readonly pki: string;
  readonly starttls?: StarttlsProtocol;
  readonly servername?: string;
  readonly http?: string;
  readonly tls: readonly ('1.2' | '1.3')[];
  /** Whether `tls` was given, and is not the default. */
  readonly areVersionsAsked: boolean;
  readonly stack?: Stack;
  readonly timeout: number;
  /** The format of a proxy's header: an application's own port is probed, in the proxy's place. */
  readonly forwarded?: string;
  readonly authorizes?: string;
  readonly names?: readonly string[];
}

/** Presents the catalogue of bad clients to a running server that trusts a written PKI; prints the unexpected results. */
export async function probe(address: string, options: ProbeOptions): Promise<ExitCode> {
  const { pki: directory, starttls, servername, http, tls, areVersionsAsked, stack, timeout } = options;
  if (http !== undefined && starttls !== undefined) throw invalidOption('--http', http, 'no --starttls beside it');
  requireNothingForwarded(options);
  const versions = tls.map((version): TlsVersion => `TLSv${version}`);
  const scenarios = chosenScenarios(everyScenario(stack), options);
  const pki = readPkiFolder(directory);
  const endpoint: Endpoint = { ...parseAddress(address), ...(servername !== undefined && { servername }), ...(starttls && { starttls }) };
  const target = http === undefined ? endpoint : getPage(endpoint, http);
  requireReportFiles(options, scenarios.length * versions.length);
  // Whether a server listens, before a hundred scenarios fail for that.
  await attemptHandshake(endpoint, { identity: pki.client(), timeout });

  const lacking = await versionLacking(target, { pki, timeout }, { versions, areVersionsAsked });
  const spoken = versions.filter((version) => version !== lacking?.version);
  const runs = spoken.flatMap((version) =>
    scenarios
      .filter((scenario) => scenario.role !== 'protocol' || typeof target !== 'function' || scenario.withoutCertificate === true)
      .map((scenario) => ({ scenario, version })),
  );
  const judge = async ({ scenario, version }: Run): Promise<ProbeResult> => {
    const settings = { pki, target, version, timeout, ...(stack && { stack }) };
    const result = await (scenario.role === 'protocol' ? runScenario(scenario, settings) : runScenario(scenario, settings));
    return { ...result, version, title: scenario.title, differs: scenario.differs };
  };
  const judged = await withProgress(runs.length, (done) =>
    inParallel(runs, async (run) => {
      const result = await judge(run);
      done(result.id);
      return result;
    }),
  );
  const results = [...judged, ...(lacking ? [lacking] : [])];
  return reportResults(address, results, { ...options, hint: stack === undefined ? stackHint(results, scenarios) : undefined });
}

function requireNothingForwarded({ authorizes, names }: ProbeOptions): void {
  for (const [option, value] of Object.entries({ '--authorizes': authorizes, '--names': names?.join(',') }))
    if (value !== undefined) throw invalidOption(option, value, '--forwarded beside it');
}

interface Run {
  readonly scenario: Probing;
  readonly version: TlsVersion;
}

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
        response.on('error', () => {}); // a body that is cut off changes nothing: the status says whether the client was let in
        response.resume().on('close', () => {
          const { statusCode = 0 } = response;
          if (statusCode < 400) resolve(statusCode);
          else reject(new Error(`HTTP status ${statusCode}`));
        });
      });
      request.on('error', reject);
    });
}

type Probing = ClientScenario | ServerProtocolScenario;

function everyScenario(stack: ProbeOptions['stack']): readonly Probing[] {
  if (stack !== undefined) requireOneOf('--stack', stack, stacks);
  const protocol = protocolScenarios.filter((scenario): scenario is ServerProtocolScenario => scenario.underTest === 'server');
  return [...clientScenarios, ...protocol];
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
