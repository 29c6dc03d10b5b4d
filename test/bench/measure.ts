/** One line of the benchmark: ours beside the other, and the ratio that has a goal. */
export interface Result {
  readonly what: string;
  readonly ours: number;
  readonly other: number;
  readonly unit: string;
  readonly ratio: number;
  readonly goal: number;
  readonly better: 'lower' | 'higher';
}

/**
 * Median milliseconds of one call of each candidate. The candidates take turns, so that a machine that slows down slows all of them:
 * only their ratio is to be quoted.
 */
export async function medianTimes(
  candidates: readonly (() => unknown)[],
  { rounds, repeat }: { readonly rounds: number; readonly repeat: number },
): Promise<number[]> {
  const times: number[][] = candidates.map(() => []);
  for (let round = -2; round < rounds; round += 1) {
    for (const [index, candidate] of candidates.entries()) {
      const start = performance.now();
      for (let turn = 0; turn < repeat; turn += 1) await candidate();
      if (round >= 0) times[index]?.push((performance.now() - start) / repeat); // the first two rounds warm up
    }
  }
  return times.map(median);
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function meetsGoal({ ratio, goal, better }: Result): boolean {
  return better === 'lower' ? ratio <= goal : ratio >= goal;
}
