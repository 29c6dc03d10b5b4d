/** Milliseconds of one call, averaged over `repeat` calls in a row. */
export type Timed = (repeat: number) => Promise<number>;

/** Something that is called here, as it is timed. */
export function timed(call: () => unknown): Timed {
  return async (repeat) => {
    const start = performance.now();
    for (let turn = 0; turn < repeat; turn += 1) await call();
    return (performance.now() - start) / repeat;
  };
}

/** The same by the processor time of this process, in which other programs on the machine have next to no share. */
export function timedByProcessor(call: () => unknown): Timed {
  return async (repeat) => {
    const start = process.cpuUsage();
    for (let turn = 0; turn < repeat; turn += 1) await call();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000 / repeat;
  };
}

/**
 * Median milliseconds of one call of each candidate. The candidates take turns, so that a machine that slows down slows all of them:
 * only their ratio is to be quoted. Each turn has as many calls as fit into `turnMs`, and at least one; of 0 it has one, after one to warm up.
 */
export async function medianTimes(candidates: readonly Timed[], options: Rounds): Promise<number[]> {
  const times = await timesInTurns(candidates, options);
  return times.map(median);
}

/** How many rounds, and how long a turn of each candidate takes in one. */
interface Rounds {
  readonly rounds: number;
  readonly turnMs: number;
}

/** The same, with the milliseconds of every round: those of one round were measured next to each other. */
export async function timesInTurns(candidates: readonly Timed[], { rounds, turnMs }: Rounds): Promise<number[][]> {
  const times: number[][] = candidates.map(() => []);
  const repeats: number[] = [];
  for (const candidate of candidates) repeats.push(await callsATurn(candidate, turnMs));
  for (let round = 0; round < rounds; round += 1)
    for (let turn = 0; turn < candidates.length; turn += 1) {
      const index = (round + turn) % candidates.length; // no candidate always follows the same one
      const took = await candidates[index]?.(repeats[index] ?? 1);
      if (took !== undefined) times[index]?.push(took);
    }
  return times;
}

/** The median of the ratios of each round: what slows one round slows both. */
export function medianRatio(times: readonly number[], others: readonly number[]): number {
  return median(times.map((time, round) => time / (others[round] ?? Number.NaN)));
}

/** Warm by then: what is called often is compiled. */
async function callsATurn(candidate: Timed, turnMs: number): Promise<number> {
  await candidate(1); // loads what it needs
  if (turnMs === 0) return 1;
  const warmUntil = performance.now() + turnMs * warmTurns;
  let calls = 1;
  do calls = Math.max(1, Math.min(mostCalls, Math.floor(turnMs / (await candidate(calls)))));
  while (performance.now() < warmUntil);
  return calls;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const mostCalls = 200;
const warmTurns = 30;
