import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { after, monotonicNow, realNow } from '../../src/clock/real-clock.ts';

const faked = Date.UTC(2001, 0, 1);
const recent = Date.UTC(2025, 0, 1);

afterEach(() => {
  vi.useRealTimers();
  vi.resetModules();
});

describe('under fake timers', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(faked);
  });

  test('the real time is read, while Date gives the faked one', () => {
    expect(Date.now()).toBe(faked);
    expect(realNow()).toBeGreaterThan(recent);
  });

  test('the real time is read by a module that is imported only now', async () => {
    vi.resetModules();

    const fresh = await import('../../src/clock/real-clock.ts');

    expect(fresh.realNow).not.toBe(realNow);
    expect(fresh.realNow()).toBeGreaterThan(recent);
  });

  test('durations go on, though performance stands still', () => {
    const [frozen, before] = [performance.now(), monotonicNow()];
    while (monotonicNow() === before); // a few nanoseconds

    expect(monotonicNow()).toBeGreaterThan(before);
    expect(performance.now()).toBe(frozen);
  });

  test('a callback comes after real milliseconds, and not when the faked ones pass', async () => {
    const called = vi.fn<() => void>();
    const { promise, resolve } = Promise.withResolvers<void>();
    const start = monotonicNow();

    after(30, called);
    after(30, resolve);
    vi.advanceTimersByTime(1_000_000);

    expect(called).not.toHaveBeenCalled();
    await promise;
    expect(called).toHaveBeenCalledOnce();
    expect(monotonicNow() - start).toBeGreaterThan(25);
  });
});

test('a date set without fake timers is not believed either', () => {
  vi.setSystemTime(faked);

  expect(Date.now()).toBeLessThan(recent);
  expect(realNow()).toBeGreaterThan(recent);
});

test('a cancelled callback never comes', async () => {
  const called = vi.fn<() => void>();
  const { promise, resolve } = Promise.withResolvers<void>();

  const cancel = after(1, called);
  cancel();
  after(20, resolve);
  await promise;

  expect(called).not.toHaveBeenCalled();
});

test('an unreferenced timer does not keep the process alive, a plain one does', () => {
  const before = timersAlive();

  const cancelUnreferenced = after(60_000, () => {}, { unref: true });
  const withUnreferenced = timersAlive();
  const cancel = after(60_000, () => {});
  const withBoth = timersAlive();
  cancel();
  cancelUnreferenced();

  expect([withUnreferenced - before, withBoth - before, timersAlive() - before]).toEqual([0, 1, 0]);
});

function timersAlive(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
