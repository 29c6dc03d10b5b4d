import type tls from 'node:tls';
import type { Pki } from '../../src/index.ts';
import { listen } from '../../src/net/listen.ts';
import type { ScenarioTier, TlsVersion } from '../../src/scenarios/catalogue/scenario.ts';
import { selectScenarios } from '../../src/scenarios/catalogue/select-scenarios.ts';
import type { AnyScenario } from '../../src/scenarios/run/run-scenario.ts';
import { usualConfiguration } from '../../src/scenarios/run/server/server-under-test.ts';
import { clientEnd } from '../../src/vitest/suites/client-suite.ts';
import { planSuite } from '../../src/vitest/suites/scenario-suite.ts';
import { serverEnd } from '../../src/vitest/suites/server-suite.ts';
import type { ServerUnderTestSource, SuiteOptions } from '../../src/vitest/suites/suite-options.ts';
import type { EndUnderTest, Outcome, PlannedTest } from '../../src/vitest/suites/suite-plan.ts';
import type { ClientUse, Mutant, ServerUse, Subject } from './mutant.ts';

/** The outcome of one test of a suite. */
export interface Judgement extends Pick<Outcome, 'status' | 'message'> {
  readonly id: string;
  readonly version: TlsVersion;
  readonly tier: ScenarioTier;
}

/** Runs against a server the tests that `describeServerUnderTest` defines. Throws where the valid client is refused. */
export async function judgeServer(subject: Subject<ServerUse>, pki: Pki): Promise<Judgement[]> {
  const { stack } = subject;
  const { source, close } = await open(subject, pki);
  const server = serverEnd(subject.name, source, { pki, ...settingsOf(subject) });
  try {
    await server.open();
    return await judge(server, subject, { ...settingsOf(subject), ...(stack && { stack }) });
  } finally {
    await server.close();
    await close();
  }
}

/** Runs against a client the tests that `describeClientUnderTest` defines. Throws where the valid server is refused. */
export function judgeClient(subject: Subject<ClientUse>, pki: Pki): Promise<Judgement[]> {
  const options = { ...settingsOf(subject), stack: 'node' } as const;
  return judge(clientEnd(subject.name, subject.call, { pki, ...options }), subject, options);
}

function settingsOf({ authorizes, timeout, versions = ['TLSv1.3'] }: Subject<object>): SuiteOptions {
  return { versions, ...(authorizes && { authorizes }), ...(timeout !== undefined && { timeout }) };
}

async function judge(end: EndUnderTest, subject: Subject<object>, options: SuiteOptions): Promise<Judgement[]> {
  const only = idsFor(subject, end.scenarios);
  const judgements: Judgement[] = [];
  for (const { version, control, scenarios, lastControl } of await planSuite(end, { ...options, only })) {
    const judged = async (planned: PlannedTest): Promise<Judgement> => {
      const { id, tier } = planned.record;
      return { id, tier, version, ...(await outcomeOf(planned)) };
    };
    const first = await judged(control);
    if (first.status !== 'as-expected' || !lastControl) throw new Error(`${subject.name} (${version}): ${first.message}`);
    judgements.push(first, ...(await inParallel(scenarios, judged)), await judged(lastControl));
  }
  return judgements;
}

/** A test that throws fails its suite too, though it has not flagged anything. */
async function outcomeOf({ record, run }: PlannedTest): Promise<Pick<Outcome, 'status' | 'message'>> {
  try {
    const { status, message } = await run();
    return { status, message };
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

/** What a suite would select, and what is expected to catch a mutant, whatever its tier. */
function idsFor(
  { authorizes, within = {}, isNarrow, ...subject }: Subject<object> & Partial<Mutant<object>>,
  scenarios: readonly AnyScenario[],
): string[] {
  const caughtBy: readonly string[] = subject.caughtBy ?? [];
  const { tiers, group, ids, except = [] } = within;
  const selected = isNarrow
    ? []
    : selectScenarios(scenarios, { ...(tiers && { tiers }), ...(ids && { only: ids }), ...(authorizes && { authorizes }) });
  const chosen = selected.filter((scenario) => (group ?? scenario.group) === scenario.group && !except.includes(scenario.id));
  return [...new Set([...chosen.map(({ id }): string => id), ...caughtBy])];
}

/** What a suite is given of a server. */
async function open(use: ServerUse, pki: Pki): Promise<{ readonly source: ServerUnderTestSource; readonly close: () => Promise<unknown> }> {
  if ('start' in use) return { source: { start: use.start }, close: async () => {} };
  if ('run' in use) {
    const server = await use.run(pki);
    return { source: { target: server }, close: () => server.close() };
  }
  const server = await use.serve(usualConfiguration(pki));
  const sockets = track(server);
  await listen(server, { host: '127.0.0.1', port: 0 });
  const address = server.address();
  const attempt = use.attempt(typeof address === 'object' && address !== null ? address.port : 0);
  const close = (): Promise<unknown> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { source: { attempt }, close };
}

function track(server: tls.Server): Set<tls.TLSSocket> {
  const sockets = new Set<tls.TLSSocket>();
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return sockets;
}
