import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void; // what the flag has made

/** Octets that are in use once everything that can go has gone: the heap and the buffers beside it. */
export async function usedMemory(): Promise<number> {
  for (let turn = 0; turn < 4; turn += 1) {
    await new Promise(setImmediate); // what is closed is let go a turn later
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** By how many octets each step made memory grow: the median of the later half of the samples over that of the earlier half. */
export function growthPerStep(samples: readonly number[], stepsPerSample: number): number {
  const half = Math.floor(samples.length / 2);
  return (median(samples.slice(half)) - median(samples.slice(0, half))) / (half * stepsPerSample);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
