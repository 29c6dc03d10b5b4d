import { after } from './real-clock.ts';

/** Waits this many milliseconds of the real clock. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    after(milliseconds, resolve);
  });
}
