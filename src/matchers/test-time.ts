import { after, realNow } from '../clock/real-clock.ts';
import { MtlsFixturesError } from '../errors/index.ts';
import type { MatcherContext } from './matcher-context.ts';

/** The result of `run`, or of `otherwise` where it has not settled within this many milliseconds. */
export async function within<Result>(
  milliseconds: number,
  run: () => Promise<Result>,
  otherwise: (milliseconds: number) => Result,
): Promise<Result> {
  if (milliseconds === Infinity) return run();
  let cancel: (() => void) | undefined;
  const bound = new Promise<Result>((resolve, reject) => {
    cancel = after(Math.min(milliseconds, longestTimer), () => {
      try {
        resolve(otherwise(milliseconds));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
  try {
    return await Promise.race([run(), bound]);
  } finally {
    cancel?.();
  }
}

/**
 * Runs an attempt within the time that the test has left, so that it ends with a sentence of its own, and not with the test runner's bare one: a matcher
 * cannot lengthen the test that it runs in.
 */
export async function withinTest<Result>(
  context: MatcherContext,
  timeout: number,
  run: (timeout: number) => Promise<Result>,
): Promise<Result> {
  const left = timeLeft(context);
  if (timeout <= left) return run(timeout);
  try {
    return await run(left);
  } catch (error) {
    if (error instanceof MtlsFixturesError && error.code === 'HANDSHAKE_TIMEOUT')
      error.message += `. The test ends after ${context.task?.timeout} ms, before the attempt's timeout of ${timeout} ms: give the test more, e.g. test(name, { timeout: ${timeout + timeToReport} }, ...)`;
    throw error;
  }
}

/** Milliseconds of the test that are left to a matcher, short of the time it takes to report a failure; `Infinity` where no bound is known. */
export function timeLeft({ task }: MatcherContext): number {
  const startedAt = task?.result?.startTime;
  if (task === undefined || startedAt === undefined || !(task.timeout > 0 && task.timeout < Infinity)) return Infinity;
  return Math.max(1, Math.floor(startedAt + task.timeout - realNow() - Math.min(timeToReport, task.timeout / 10)));
}

/** Milliseconds before the test runner's own end of a test or hook at which this library reports. */
export const timeToReport = 1000;
const longestTimer = 2 ** 31 - 1;
