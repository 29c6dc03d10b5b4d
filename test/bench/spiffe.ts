import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startWorkloadApi, type WorkloadApi } from '../../src/spiffe/index.ts';
import { median } from './measure.ts';
import { watch } from './programs/spiffe-watch.ts';
import { figure, type Section } from './section.ts';

/** The Workload API: how soon an SVID comes, and how soon a rotation has reached every watcher. */
export async function spiffe(): Promise<Section> {
  await using api = await startWorkloadApi({ trustDomain: 'example.test', workloads: [id] });
  const { connecting, connected } = await firstSvids(api);
  const { rotations, perWatcher } = await manyWatchers(api);
  const goal = { unit: 'ms', better: 'lower', goal: 1 } as const;
  const row = (what: string, times: readonly number[]): string[] => [what, figure(median(times)), figure(Math.max(...times))];
  return {
    title: 'The SPIFFE Workload API',
    notes: [
      `Clients are those of grpc-js: in this process for the first SVID, and in a process of their own where there are ${watchers}, each with a connection of its own. Milliseconds of the clock, of ${repetitions} repetitions after one that warms up; a rotation mints the new SVID. Memory is resident memory of the process of the API after the garbage collector, before and after the watchers connected.`,
    ],
    tables: [
      {
        title: '',
        columns: ['ms', 'median', 'slowest'],
        rows: [
          row('from a connection that is open to the first SVID', connected),
          row('from connecting to the first SVID', connecting),
          row(`from a rotation until the last of ${watchers} watchers has the new SVID`, rotations),
        ],
      },
      { title: '', columns: ['', 'kB'], rows: [['memory of a watcher, at the API', figure(perWatcher)]] },
    ],
    goals: [
      { ...goal, what: 'first SVID after the connection, against 5 ms', ours: median(connected), other: 5, ratio: median(connected) / 5 },
      {
        ...goal,
        what: `a rotation reaches ${watchers} watchers, against a second`,
        ours: median(rotations),
        other: 1000,
        ratio: median(rotations) / 1000,
      },
    ],
    plots: [],
  };
}

/** On a connection of its own each. */
async function firstSvids({
  address,
}: WorkloadApi): Promise<{ readonly connecting: readonly number[]; readonly connected: readonly number[] }> {
  const connecting: number[] = [];
  const connected: number[] = [];
  for (let done = 0; done <= repetitions; done += 1) {
    for (const [times, isReady] of [[connecting, false] as const, [connected, true] as const]) {
      const watcher = watch(address);
      if (isReady) await watcher.ready();
      const start = performance.now();
      await new Promise<void>((resolve) => watcher.start(resolve));
      times.push(performance.now() - start);
      watcher.stop();
    }
  }
  return { connecting: connecting.slice(1), connected: connected.slice(1) };
}

async function manyWatchers(api: WorkloadApi): Promise<{ readonly rotations: readonly number[]; readonly perWatcher: number }> {
  const program = fileURLToPath(new URL('programs/spiffe-watchers.ts', import.meta.url));
  const before = residentKilobytes();
  const clients = fork(program, [api.address, String(watchers)], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  const allHave = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`the watchers ended with ${code}`));
      clients.once('exit', onExit);
      clients.once('message', () => {
        clients.off('exit', onExit);
        resolve();
      });
    });
  try {
    await allHave();
    const perWatcher = (residentKilobytes() - before) / watchers;
    const rotations: number[] = [];
    for (let done = 0; done <= repetitions; done += 1) {
      const reached = allHave();
      const start = performance.now();
      api.rotate(id);
      await reached;
      rotations.push(performance.now() - start);
    }
    return { rotations: rotations.slice(1), perWatcher };
  } finally {
    clients.kill();
  }
}

function residentKilobytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void; // as the flag says
  collect();
  return process.memoryUsage.rss() / 1024;
}

const id = 'spiffe://example.test/web';
const watchers = 1000;
const repetitions = 9;
