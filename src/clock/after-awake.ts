import { after } from './real-clock.ts';

/**
 * Calls back after this many milliseconds during which this process was scheduled: in short steps, each of which counts no more than it asked for. On a machine that is too busy to
 * run this process in time, what it waits for is late as well (measured: with two processors computing, refusals 50 to 200 ms later than on a quiet machine). The function
 * it returns cancels.
 */
export function afterAwake(milliseconds: number, callback: () => void): () => void {
  let left = milliseconds;
  let cancel: (() => void) | undefined;
  const step = (): void => {
    if (left <= 0) {
      callback();
      return;
    }
    const next = Math.min(left, stepMs);
    left -= next;
    cancel = after(next, step);
  };
  step();
  return () => cancel?.();
}

const stepMs = 25;
