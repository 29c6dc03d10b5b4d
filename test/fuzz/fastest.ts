import { unlessRefused } from './refusals.ts';

/** How long work takes, in milliseconds: the shortest of a few runs, for what else the machine does can only make it longer. */
export function fastest(work: () => unknown, rounds = 4): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    unlessRefused(work, 'DER_INVALID', 'PEM_INVALID');
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** How many times as long one piece of work takes as another, run by turns until that is less than `enough` or beyond all doubt, and at most `rounds` times. */
export function timesAsLong(
  large: () => unknown,
  small: () => unknown,
  { enough, rounds }: { readonly enough: number; readonly rounds: number },
): number {
  let [longer, shorter, times] = [Infinity, Infinity, Infinity];
  for (let round = 0; round < rounds; round += 1) {
    shorter = Math.min(shorter, fastest(small, 2));
    longer = Math.min(longer, fastest(large, 1));
    times = longer / Math.max(shortest, shorter);
    if (times < enough || times > 3 * enough) break;
  }
  return times;
}

/** What takes less says more about the clock. */
const shortest = 0.1;
