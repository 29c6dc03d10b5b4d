import type tls from 'node:tls';
import type { ObservedServer, Pki } from '../../src/index.ts';
import { listen } from '../../src/net/listen.ts';
import type { ScenarioTier, TestedVersion } from '../../src/scenarios/catalogue/scenario.ts';
import { selectScenarios } from '../../src/scenarios/catalogue/select-scenarios.ts';
import type { AnyScenario } from '../../src/scenarios/run/run-scenario.ts';
import { type HostsUnderTest, pkisAt } from '../../src/scenarios/run/hosts-under-test.ts';
import type { Pkis } from '../../src/scenarios/run/run-settings.ts';
import { usualConfiguration } from '../../src/scenarios/run/server/server-under-test.ts';
import { clientEnd } from '../../src/vitest/suites/client-suite.ts';
import { planSuite } from '../../src/vitest/suites/scenario-suite.ts';
import { serverEnd } from '../../src/vitest/suites/server-suite.ts';
import type { ClientSuiteOptions, ServerUnderTestSource, SuiteOptions } from '../../src/vitest/suites/suite-options.ts';
import type { EndUnderTest, Outcome, PlannedTest } from '../../src/vitest/suites/suite-plan.ts';
import type { AttemptFunction } from '../../src/scenarios/run/target.ts';
import type { ApplicationServer, ClientUse, Mutant, RunningServer, ServerUse, Subject } from './mutant.ts';

/** The outcome of one test of a suite. */
export interface Judgement extends Pick<Outcome, 'status' | 'message' | 'isAside'> {
  readonly id: string;
  readonly version: TestedVersion;
  readonly tier: ScenarioTier;
}

/** Runs against a server the tests that `describeServerUnderTest` defines. Throws where the valid client is refused. */
export async function judgeServer(subject: Subject<ServerUse>, pki: Pki): Promise<Judgement[]> {
  const { hosts } = subject;
  const { source, open, close } = sourceOf(subject, pki, hosts);
  const options = { pki, ...settingsOf(subject), ...(hosts && { hosts }) };
  const server = serverEnd(subject.name, source, options);
  try {
    await open();
    await server.open();
    const judgements = [await judge(server, subject, options)];
    for (const end of server.atHosts) judgements.push(await judge(end, subject, options));
    return judgements.flat();
  } finally {
    await server.close();
    await close();
  }
}

/** Runs against a client the tests that `describeClientUnderTest` defines. Throws where the valid server is refused. */
export function judgeClient(subject: Subject<ClientUse>, pki: Pki): Promise<Judgement[]> {
  const options = { pki, ...clientSettingsOf(subject) };
  return judge(clientEnd(subject.name, subject.call, options), subject, options);
}

/** What the harness is told about a client. */
export function clientSettingsOf(subject: Subject<ClientUse>): ClientSuiteOptions {
  const { startPeer } = subject;
  return { ...settingsOf({ stack: 'node', ...subject }), ...(startPeer && { startPeer }) };
}

/** What the harness is told about a subject. */
export function settingsOf({ authorizes, timeout, stack, versions = ['TLSv1.3'] }: Subject<object>): SuiteOptions {
  return { versions, ...(authorizes && { authorizes }), ...(timeout !== undefined && { timeout }), ...(stack && { stack }) };
}

async function judge(end: EndUnderTest, subject: Subject<object>, options: SuiteOptions): Promise<Judgement[]> {
  const only = idsFor(subject, end.scenarios);
  const judgements: Judgement[] = [];
  const where = end.host === undefined ? '' : `${atHost}${end.host}`;
  for (const { version, control, scenarios, twoCalls, lastControl } of await planSuite(end, { ...options, only })) {
    const judged = async (planned: PlannedTest): Promise<Judgement> => {
      const { kind, id, tier } = planned.record;
      return { id: `${kind === 'last-control' ? lastControlId : id}${where}`, tier, version, ...(await outcomeOf(planned)) };
    };
    const first = await judged(control);
    const isTried = first.status === 'as-expected' || (end.host !== undefined && isMutant(subject)); // a host's own mistake may be that
    if (!isTried || !lastControl) throw new Error(`${subject.name} (${version}): ${first.message}`);
    judgements.push(first, ...(await inParallel(scenarios, judged)));
    for (const planned of [...twoCalls, lastControl]) judgements.push(await judged(planned));
  }
  return judgements;
}

function isMutant(subject: Subject<object> & { readonly caughtBy?: readonly string[] }): boolean {
  return subject.caughtBy !== undefined;
}

/** Before the name of a host in the ids of judgements. */
const atHost = ' at ';
/** What a mutant that breaks on the way is caught by. */
const lastControlId = 'valid-peer-afterwards';

/** A test that throws fails its suite too, though it has not flagged anything. */
async function outcomeOf({ record, run }: PlannedTest): Promise<Pick<Outcome, 'status' | 'message' | 'isAside'>> {
  try {
    const { status, message, isAside } = await run();
    return { status, message, ...(isAside && { isAside }) };
  } catch (error) {
    return { status: 'not-judged', message: `${record.id}: threw ${String(error)}` };
  }
}

/** Two at a time, beside the other tests that run concurrently; from the end, since the last ones wait rather than work. Results in the order of the plan. */
async function inParallel<Work, Result>(work: readonly Work[], run: (work: Work) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const queue = [...work.entries()].toReversed();
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await run(next[1]);
  };
  await Promise.all([worker(), worker()]);
  return results;
}

/**
 * What a suite would select, or of a mutant what is expected to catch it, whatever its tier. With `MUTANTS=all` a mutant meets the whole selection too, for the table of what
 * else catches it: minutes instead of seconds.
 */
export function idsFor(
  { authorizes, within = {}, isNarrow, caughtBy, meets = [] }: Subject<object> & Partial<Mutant<object>>,
  scenarios: readonly AnyScenario[],
): string[] {
  const { tiers, group, ids, except = [] } = within;
  const isTabled = caughtBy === undefined || (!isNarrow && process.env['MUTANTS'] === 'all');
  const selection = { ...(tiers && { tiers }), ...(ids && { only: ids }), ...(authorizes && { authorizes }) };
  const selected = isTabled ? selectScenarios(scenarios, selection) : [];
  const isChosen = (scenario: AnyScenario): boolean =>
    selected.includes(scenario) && (group ?? scenario.group) === scenario.group && !except.includes(scenario.id);
  const named = new Set([...(caughtBy ?? []), ...meets].map((id) => id.split(atHost)[0]));
  return scenarios.filter((scenario) => isChosen(scenario) || named.has(scenario.id)).map(({ id }) => id);
}

/** What a suite is given of a server, and what has to be opened before its tests. */
export interface OpenableSource {
  readonly source: ServerUnderTestSource;
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A server as a suite is given it. */
export function sourceOf(use: ServerUse, pki: Pki, hosts?: HostsUnderTest): OpenableSource {
  if ('start' in use) return { source: { start: use.start }, open: async () => {}, close: async () => {} };
  return 'run' in use ? runningServer(use, pki) : application(use, pkisAt({ pki, hosts }, undefined));
}

function runningServer({ run }: RunningServer, pki: Pki): OpenableSource {
  let server: ObservedServer | undefined;
  const target = (): ObservedServer => {
    if (!server) throw new TypeError('it was not opened');
    return server;
  };
  const open = async (): Promise<void> => {
    server = await run(pki);
  };
  return { source: { target }, open, close: async () => server?.close() };
}

function application({ serve, attempt }: ApplicationServer, pkis: Pkis): OpenableSource {
  let server: tls.Server | undefined;
  let sockets = new Set<tls.TLSSocket>();
  const open = async (): Promise<void> => {
    server = await serve(usualConfiguration(pkis));
    sockets = track(server);
    await listen(server, { host: '127.0.0.1', port: 0 });
  };
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server?.close(resolve));
  };
  const portOf = (): number => {
    const address = server?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  let use: AttemptFunction | undefined;
  return { source: { attempt: (material) => (use ??= attempt(portOf()))(material) }, open, close };
}

function track(server: tls.Server): Set<tls.TLSSocket> {
  const sockets = new Set<tls.TLSSocket>();
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return sockets;
}
