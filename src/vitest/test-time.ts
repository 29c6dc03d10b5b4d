import { timeToReport } from '../matchers/test-time.ts';
import { vitestWorkerHas } from '../matchers/vitest-worker.ts';

/**
 * Milliseconds that Vitest gives a test of a suite, with room for its attempts: `timeout` each, one after the other, also while other tests use the same
 * server. Never less than the project's own `testTimeout`; `Infinity` where that is off.
 */
export function testTimeoutFor(timeout: number): number {
  const configured = configuredTimeout('testTimeout');
  return configured === 0 ? Infinity : Math.max(configured, attemptsOfTest * timeout) + timeToReport;
}

/** The same for the hook in which a server is started: it may take `timeout`, or the project's own `hookTimeout`. */
export function hookTimeoutFor(timeout: number): number {
  const configured = configuredTimeout('hookTimeout');
  return configured === 0 ? Infinity : Math.max(configured, timeout) + timeToReport;
}

/** When to report the state of a test or hook: before Vitest ends it. */
export function endBefore(milliseconds: number): number {
  return milliseconds - timeToReport;
}

/** Without a configuration the defaults of Vitest's documentation hold. */
function configuredTimeout(name: 'testTimeout' | 'hookTimeout'): number {
  const value = vitestWorkerHas('config', name);
  return typeof value === 'number' && value >= 0 ? value : usual[name];
}

const usual = { testTimeout: 5000, hookTimeout: 10_000 } as const;
/** The control, a scenario's own control, the scenario, and their waiting for others. */
const attemptsOfTest = 6;
