import type tls from 'node:tls';
import type { Pki } from '../../src/index.ts';
import { listen } from '../../src/net/listen.ts';
import { clientScenarios, serverScenarios } from '../../src/scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../src/scenarios/catalogue/protocol-catalogue.ts';
import type { ProtocolScenario, ServerProtocolScenario, ClientProtocolScenario } from '../../src/scenarios/catalogue/protocol-scenario.ts';
import { plainConfiguration, refusalOfValidClient } from '../../src/scenarios/run/run-client-scenario.ts';
import { type RunOptions, runScenario } from '../../src/scenarios/run/run-scenario.ts';
import { refusalOfValidServer } from '../../src/scenarios/run/run-server-scenario.ts';
import type { ClientScenario, ScenarioTier, ServerScenario, TlsVersion } from '../../src/scenarios/catalogue/scenario.ts';
import type { ScenarioResult } from '../../src/scenarios/records/scenario-result.ts';
import { selectScenarios } from '../../src/scenarios/catalogue/select-scenarios.ts';
import { startServer } from '../../src/scenarios/run/server/server-under-test.ts';
import type { ClientCall, ServerTarget } from '../../src/scenarios/run/target.ts';
import { isRunWith } from '../../src/vitest/suites/scenario-versions.ts';
import type { ClientUse, Mutant, ServerUse, Subject } from './mutant.ts';

type AnyScenario = ClientScenario | ServerScenario | ProtocolScenario;

/** What a suite would say of one scenario and version. */
export interface Judgement extends ScenarioResult {
  readonly version: TlsVersion;
  readonly tier: ScenarioTier;
}

/** Runs against a server what `describeServerUnderTest` would. Throws where the valid client is refused. */
export async function judgeServer(subject: Subject<ServerUse>, pki: Pki): Promise<Judgement[]> {
  const { authorizes, stack, timeout = 5000 } = subject;
  const { running, target, close } = await open(subject, pki);
  try {
    return await judge<ClientScenario | ServerProtocolScenario>(subject, {
      scenarios: [...clientScenarios, ...protocolScenarios.filter((scenario) => isForServer(scenario, typeof target === 'function'))],
      control: async (version) => (await refusalOfValidClient(running, { pki, version, timeout, authorizes }))?.message,
      run: (scenario, version) => {
        const runOptions: RunOptions<ServerTarget> = {
          pki,
          target,
          version,
          timeout,
          controlled: true,
          ...(authorizes && { authorizes }),
          ...(stack && { stack }),
        };
        return scenario.role === 'protocol' ? runScenario(scenario, runOptions) : runScenario(scenario, runOptions);
      },
    });
  } finally {
    await close();
  }
}

/** Runs against a client what `describeClientUnderTest` would. Throws where the valid server is refused. */
export function judgeClient(subject: Subject<ClientUse>, pki: Pki): Promise<Judgement[]> {
  const { call: target, authorizes, timeout = 5000 } = subject;
  const usual = { pki, timeout, stack: 'node', authorizes, expected: undefined, controlled: false, startPeer: undefined } as const;
  return judge<ServerScenario | ClientProtocolScenario>(subject, {
    scenarios: [...serverScenarios, ...protocolScenarios.filter((scenario) => scenario.underTest === 'client')],
    control: async (version) => (await refusalOfValidServer(target, { ...usual, version }))?.message,
    run: (scenario, version) => {
      const runOptions: RunOptions<ClientCall> = {
        pki,
        target,
        version,
        timeout,
        stack: 'node',
        controlled: true,
        ...(authorizes && { authorizes }),
      };
      return scenario.role === 'protocol' ? runScenario(scenario, runOptions) : runScenario(scenario, runOptions);
    },
  });
}

interface Parts<Scenario> {
  readonly scenarios: readonly Scenario[];
  readonly control: (version: TlsVersion) => Promise<string | undefined>;
  readonly run: (scenario: Scenario, version: TlsVersion) => Promise<ScenarioResult>;
}

async function judge<Scenario extends AnyScenario>(
  subject: Subject<object>,
  { scenarios, control, run }: Parts<Scenario>,
): Promise<Judgement[]> {
  const { versions = ['TLSv1.3'] } = subject;
  const selected = selectionFor(subject, scenarios);
  const judgements: Judgement[] = [];
  for (const version of versions) {
    const refusal = await control(version);
    if (refusal !== undefined) throw new Error(`${subject.name}: the valid peer was refused (${version}): ${refusal}`);
    // From the end: the last ones wait rather than work.
    const queue = selected.filter((scenario) => isRunWith(scenario, { version, versions })).toReversed();
    const work = async (): Promise<void> => {
      for (let scenario = queue.shift(); scenario; scenario = queue.shift()) {
        const result = await run(scenario, version).catch((error: unknown) => notRun(scenario, error));
        judgements.push({ ...result, version, tier: scenario.tier });
      }
    };
    await Promise.all(Array.from({ length: sideBySide }, work));
    const later = await control(version);
    if (later !== undefined) judgements.push({ ...refusedLater, version, message: later });
  }
  const order = scenarios.map(({ id }): string => id);
  return judgements.toSorted((one, other) => order.indexOf(one.id) - order.indexOf(other.id));
}

/** What a suite would run, and what is expected to catch a mutant, whatever its tier. */
function selectionFor<Scenario extends AnyScenario>(
  { authorizes, within = {}, isNarrow, ...subject }: Subject<object> & Partial<Mutant<object>>,
  scenarios: readonly Scenario[],
): readonly Scenario[] {
  const caughtBy: readonly string[] = subject.caughtBy ?? [];
  const { tiers, group, ids, except = [] } = within;
  const selected = isNarrow
    ? []
    : selectScenarios(scenarios, { ...(tiers && { tiers }), ...(ids && { only: ids }), ...(authorizes && { authorizes }) });
  const isSelected = (scenario: Scenario): boolean =>
    selected.includes(scenario) && (group ?? scenario.group) === scenario.group && !except.includes(scenario.id);
  return scenarios.filter((scenario) => caughtBy.includes(scenario.id) || isSelected(scenario));
}

/** A test that throws fails its suite too, though it has not flagged anything. */
function notRun({ id, expected }: AnyScenario, error: unknown): ScenarioResult {
  return { id, status: 'not-judged', expected: expected['TLSv1.3'], message: `${id}: threw ${String(error)}` };
}

/** Beside the other tests that run concurrently. */
const sideBySide = 2;

/** The control at the end of a suite. */
const refusedLater = { id: 'valid-peer-afterwards', status: 'unexpected', tier: 'control', expected: { verdict: 'accepted' } } as const;

function isForServer(scenario: ProtocolScenario, isAttempt: boolean): scenario is ServerProtocolScenario {
  return scenario.underTest === 'server' && (!isAttempt || scenario.withoutCertificate === true);
}

async function open(
  use: ServerUse,
  pki: Pki,
): Promise<{
  readonly running: Parameters<typeof refusalOfValidClient>[0];
  readonly target: ServerTarget;
  readonly close: () => Promise<unknown>;
}> {
  if ('start' in use) {
    const { start } = use;
    const started = await startServer(start, plainConfiguration(pki));
    const { target: running } = started;
    if (typeof running === 'function') throw new TypeError('a started server is no function');
    return { running, target: { start, running }, close: () => started.close() };
  }
  if ('run' in use) {
    const server = await use.run(pki);
    return { running: server, target: server, close: () => server.close() };
  }
  const server = await use.serve(plainConfiguration(pki));
  const sockets = track(server);
  await listen(server, { host: '127.0.0.1', port: 0 });
  const address = server.address();
  const attempt = use.attempt(typeof address === 'object' && address !== null ? address.port : 0);
  const close = (): Promise<unknown> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { running: attempt, target: attempt, close };
}

function track(server: tls.Server): Set<tls.TLSSocket> {
  const sockets = new Set<tls.TLSSocket>();
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return sockets;
}
