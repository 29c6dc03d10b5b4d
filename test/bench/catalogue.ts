import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { createPki, type ObservedServer, startHttpsServer, startTlsServer } from '../../src/index.ts';
import { type ClientCall, clientScenarios, protocolScenarios, runScenario, serverScenarios } from '../../src/scenarios/index.ts';
import { twoHostsBesideOne } from './hosts.ts';
import { median, medianTimes, timed } from './measure.ts';
import { figure, type Goal, type Section } from './section.ts';

const pki = createPki({ name: 'bench' });
const versions = ['TLSv1.3', 'TLSv1.2'] as const;
const clientRuns = clientScenarios.flatMap((scenario) => versions.map((version) => ({ scenario, version })));
/** As short as a machine that does something else as well can bear: some peers stay silent for as long. */
const usual = { controlled: true, stack: 'node', timeout: 1000 } as const;

/** The whole catalogue against a server and a client of this process, one scenario after the other. */
export async function catalogue(): Promise<Section> {
  const goal = await clientsBesideBare();
  await using server = await startHttpsServer((_request, response) => response.end('hello'), { identity: pki.server() });
  const kinds = {
    'bad clients, against an https server': clientScenarios.map((scenario) => ({
      id: scenario.id,
      run: (version: Version) => runScenario(scenario, { pki, target: server, version, ...usual }),
    })),
    'bad servers, against https.get': serverScenarios.map((scenario) => ({
      id: scenario.id,
      run: (version: Version) => runScenario(scenario, { pki, target: fetchGreeting, version, ...usual }),
    })),
    'peers that misbehave': protocolScenarios.map((scenario) => ({
      id: scenario.id,
      run: (version: Version) =>
        scenario.underTest === 'server'
          ? runScenario(scenario, { pki, target: server, version, ...usual })
          : runScenario(scenario, { pki, target: fetchGreeting, version, ...usual }),
    })),
  };
  const rows: string[][] = [];
  for (const [name, scenarios] of Object.entries(kinds)) rows.push(rowOf(name, await timesOf(scenarios)));
  return {
    title: 'The catalogue: time per scenario',
    notes: [
      'Every scenario once with TLS 1.3 and once with 1.2, one after the other in this process, without its control; what a scenario mints and the server or client that it starts are in it. Some peers that misbehave stay silent, and waiting for them, a second at most, is most of the time of their kind.',
    ],
    tables: [{ title: '', columns: ['', 'runs', 'seconds in all', 'ms, median', 'ms, 95 of 100 at most', 'the longest'], rows }],
    goals: [goal, await twoHostsBesideOne()],
    plots: [],
  };
}

type Version = (typeof versions)[number];

interface TimedScenario {
  readonly id: string;
  readonly run: (version: Version) => Promise<unknown>;
}

interface RunTime {
  readonly what: string;
  readonly milliseconds: number;
}

async function timesOf(scenarios: readonly TimedScenario[]): Promise<RunTime[]> {
  const times: RunTime[] = [];
  for (const { id, run } of scenarios)
    for (const version of versions) {
      const start = performance.now();
      await run(version);
      times.push({ what: `${id}, ${version}`, milliseconds: performance.now() - start });
    }
  return times;
}

function rowOf(name: string, times: readonly RunTime[]): string[] {
  const sorted = times.toSorted((a, b) => a.milliseconds - b.milliseconds);
  const values = sorted.map(({ milliseconds }) => milliseconds);
  const longest = sorted.at(-1);
  return [
    name,
    String(times.length),
    figure(values.reduce((sum, value) => sum + value, 0) / 1000),
    figure(median(values)),
    figure(values[Math.floor(values.length * 0.95)] ?? Number.NaN),
    `${longest?.what}: ${figure(longest?.milliseconds ?? Number.NaN)}`,
  ];
}

async function clientsBesideBare(): Promise<Goal> {
  const server = await startTlsServer({ identity: pki.server() });
  const bare = tls.createServer(pki.server().serverTls, answer);
  bare.listen(0, '127.0.0.1');
  await once(bare, 'listening');
  await runClients(server);
  const count = server.handshakes.length;
  try {
    const candidates = [timed(() => runClients(server)), timed(() => bareHandshakes(bare, count))];
    const [ours = 0, other = 0] = await medianTimes(candidates, { rounds: 3, turnMs: 0 });
    return {
      what: `the client catalogue, ${clientRuns.length} runs with ${count} handshakes, against as many bare ones and the minting`,
      ours,
      other,
      unit: 'ms',
      ratio: ours / other,
      goal: 1.5,
      better: 'lower',
    };
  } finally {
    bare.close();
    await server.close();
  }
}

async function runClients(server: ObservedServer): Promise<void> {
  for (const { scenario, version } of clientRuns) await runScenario(scenario, { pki, target: server, version, controlled: true });
}

async function bareHandshakes(server: tls.Server, count: number): Promise<void> {
  for (const { scenario } of clientRuns) {
    const { trust, crl } = scenario.arrange(pki);
    if (crl || trust !== pki.anchors) scenario.control(pki); // its control is of its own
  }
  for (let made = 0; made < count; made += 1) await handshake(server, versions[made % 2] ?? 'TLSv1.3');
}

async function handshake(server: tls.Server, version: Version): Promise<void> {
  const { port } = server.address() as AddressInfo; // it listens on a port
  const socket = tls.connect({
    ...pki.client().tls,
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    minVersion: version,
    maxVersion: version,
  });
  socket.write('x');
  await once(socket, 'data'); // the server's word that it has judged
  socket.destroy();
}

function answer(socket: tls.TLSSocket): void {
  socket.on('error', () => {});
  socket.once('data', () => socket.write('x'));
  socket.on('end', () => socket.end());
}

/** The client of the README. */
function fetchGreeting({ url, tls: options }: Parameters<ClientCall>[0]): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = https.get(url, { ...options, agent: false, timeout: 1000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer within a second')));
    request.on('error', reject);
  });
}
