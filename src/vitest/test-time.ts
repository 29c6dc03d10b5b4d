import type { MatcherState } from 'vitest';
import { after, realNow } from '../clock/real-clock.ts';
import { MtlsFixturesError } from '../errors/index.ts';

/**
 * Milliseconds that Vitest gives a test of a suite, with room for what its attempts may take: `timeout` each, one after the other, also while other tests
 * use the same server. Never less than the project's own `testTimeout`; `Infinity` where that is off.
 */
export function testTimeoutFor(timeout: number): number {
  const configured = configuredTimeout('testTimeout');
  return configured === 0 ? Infinity : Math.max(configured, attemptsOfTest * timeout) + margin;
}

/** The same for the hook in which a server is started: it may take `timeout`, or the project's own `hookTimeout`. */
export function hookTimeoutFor(timeout: number): number {
  const configured = configuredTimeout('hookTimeout');
  return configured === 0 ? Infinity : Math.max(configured, timeout) + margin;
}

/** How long before Vitest's own end of a test or hook this library says what happened. */
export function endBefore(milliseconds: number): number {
  return milliseconds - margin;
}

/** What `run` comes to, or `otherwise` where it has not come to an end within so many milliseconds. */
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
 * Runs an attempt within what is left of the test's time, so that it ends with a sentence of its own, and not with Vitest's bare one: a matcher cannot
 * lengthen the test that it runs in.
 */
export async function withinTest<Result>(state: MatcherState, timeout: number, run: (timeout: number) => Promise<Result>): Promise<Result> {
  const left = timeLeft(state);
  if (timeout <= left) return run(timeout);
  try {
    return await run(left);
  } catch (error) {
    if (error instanceof MtlsFixturesError && error.code === 'HANDSHAKE_TIMEOUT')
      error.message += `. The test ends after ${state.task?.timeout} ms, before the attempt's timeout of ${timeout} ms: give the test more, e.g. test(name, { timeout: ${timeout + margin} }, ...)`;
    throw error;
  }
}

/** Milliseconds of the test that are left to a matcher, short of what it takes to say why it fails; `Infinity` where the test has no bound. */
export function timeLeft({ task }: MatcherState): number {
  const startedAt = task?.result?.startTime;
  if (task === undefined || startedAt === undefined || !(task.timeout > 0 && task.timeout < Infinity)) return Infinity;
  return Math.max(1, Math.floor(startedAt + task.timeout - realNow() - Math.min(margin, task.timeout / 10)));
}

/** Vitest shows its configuration to tests nowhere else; without it the defaults of Vitest's documentation hold. */
function configuredTimeout(name: 'testTimeout' | 'hookTimeout'): number {
  const worker: unknown = Reflect.get(globalThis, '__vitest_worker__');
  const config: unknown = typeof worker === 'object' && worker !== null && 'config' in worker ? worker.config : undefined;
  const value: unknown = typeof config === 'object' && config !== null ? Reflect.get(config, name) : undefined;
  return typeof value === 'number' && value >= 0 ? value : usual[name];
}

const usual = { testTimeout: 5000, hookTimeout: 10_000 } as const;
/** The control, a scenario's own control, the scenario, and their waiting for others. */
const attemptsOfTest = 6;
const margin = 1000;
const longestTimer = 2 ** 31 - 1;
