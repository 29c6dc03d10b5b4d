import { afterEach, expect, test, vi } from 'vitest';
import { pause } from '../../src/clock/pause.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('a pause ends where the timers of a test are faked', async () => {
  vi.useFakeTimers();

  await expect(pause(1)).resolves.toBeUndefined();
});
