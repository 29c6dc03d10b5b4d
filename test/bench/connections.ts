import { fileURLToPath } from 'node:url';
import { median } from './measure.ts';
import { run } from './peers/programs.ts';
import { figure, type Plot, type Section } from './section.ts';

/** What open connections cost as they become more, observed against bare; measured in processes of their own. */
export async function connections(): Promise<Section> {
  const figures: Record<Kind, Figures[]> = { observed: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) for (const kind of ['observed', 'bare'] as const) figures[kind].push(await grow(kind));
  const observed = medians(figures.observed);
  const bare = medians(figures.bare);
  const at1000 = sizes.indexOf(1000);
  const [ours, other] = [perConnection(observed[at1000]), perConnection(bare[at1000])];
  return {
    title: 'Cost of a connection as connections grow',
    notes: [
      `The clients are in another process, ${clients} connecting at once; TLS 1.3, client certificates required, every connection stays open. Time is from the first connection on, memory is resident memory of the server's process after the garbage collector: the handshakes that are remembered are in it. Medians of ${rounds} runs.`,
      'Linear is: the cost of one is the same at all sizes. Ten and a hundred connections fit into memory that the process has already.',
    ],
    tables: [
      {
        title: '',
        columns: ['connections', 'ms for each, observed', 'bare', 'kB for each, observed', 'bare'],
        rows: sizes.map((count, index) => [
          String(count),
          ...[observed[index], bare[index]].map((size) => figure((size?.milliseconds ?? Number.NaN) / count)),
          ...[observed[index], bare[index]].map((size) => figure(perConnection(size))),
        ]),
      },
    ],
    goals: [
      {
        what: 'memory of one of 1,000 open connections, observed against bare',
        ours,
        other,
        unit: 'kB',
        ratio: ours / other,
        goal: 1.3,
        better: 'lower',
      },
    ],
    plots: [
      plotOf('time', { observed, bare }, { up: 'seconds until all are open', scale: ({ milliseconds }) => milliseconds / 1000 }),
      plotOf('memory', { observed, bare }, { up: 'MB of resident memory', scale: ({ kilobytes }) => kilobytes / 1024 }),
    ],
  };
}

type Kind = 'observed' | 'bare';

/** What one size took in all. */
interface Size {
  readonly count: number;
  readonly milliseconds: number;
  readonly kilobytes: number;
}

type Figures = readonly Size[];

async function grow(kind: Kind): Promise<Figures> {
  const program = fileURLToPath(new URL('programs/hold-connections.ts', import.meta.url));
  const output = await run(process.execPath, ['--expose-gc', program, kind, sizes.join(',')]);
  return output
    .trim()
    .split('\n')
    .map((line) => {
      const [count = 0, milliseconds = 0, kilobytes = 0] = line.split(' ').map(Number);
      return { count, milliseconds, kilobytes };
    });
}

function medians(figures: readonly Figures[]): Size[] {
  return sizes.map((count, index) => ({
    count,
    milliseconds: median(figures.map((sizesOfRun) => sizesOfRun[index]?.milliseconds ?? Number.NaN)),
    kilobytes: median(figures.map((sizesOfRun) => sizesOfRun[index]?.kilobytes ?? Number.NaN)),
  }));
}

function perConnection(size: Size | undefined): number {
  return size ? size.kilobytes / size.count : Number.NaN;
}

function plotOf(
  what: string,
  figures: Readonly<Record<Kind, Figures>>,
  { up, scale }: { readonly up: string; readonly scale: (size: Size) => number },
): Plot {
  return {
    file: `benchmarks-connections-${what}`,
    title: `Open connections: ${what} as they grow`,
    across: 'open connections',
    up,
    lines: (['observed', 'bare'] as const).map((name) => ({
      name,
      points: figures[name].map((size) => [size.count, scale(size)] as const),
    })),
  };
}

const sizes = [10, 100, 1000, 2000, 3000, 4000, 5000];
const rounds = 3;
const clients = 50;
