import type { Socket } from 'node:net';
import { after } from '../clock/real-clock.ts';
import type { DirectionFaults } from './relay-options.ts';

/** What is told about one direction. */
export interface StreamWatch {
  readonly passed: (bytes: Buffer) => void;
  readonly ended: (how: 'closed' | 'reset') => void;
}

/**
 * Passes one direction on, octet for octet, with its end and its reset, no faster than the receiver takes it. `watch` is told before the octets go on, so that nothing of the answer can
 * be seen before the question.
 */
export function pipeStream(
  from: Socket,
  to: Socket,
  watch: StreamWatch,
  { delay = 0, cutAfter = Infinity, reset = false }: DirectionFaults,
): void {
  let left = cutAfter;
  let hasEnded = false;
  const inOrder = delay > 0 ? delayedBy(delay) : (act: () => void): void => act();
  const end = (how: 'closed' | 'reset'): void => {
    if (hasEnded) return;
    hasEnded = true;
    watch.ended(how);
    inOrder(() => (how === 'reset' ? to.resetAndDestroy() : to.end()));
  };
  from.on('data', (bytes: Buffer) => {
    if (left <= 0) return;
    const passing = bytes.length > left ? bytes.subarray(0, left) : bytes;
    left -= passing.length;
    watch.passed(passing);
    inOrder(() => {
      if (!to.destroyed && !to.write(passing)) from.pause();
    });
    if (left > 0) return;
    end(reset ? 'reset' : 'closed');
    inOrder(() => from.destroy());
  });
  to.on('drain', () => from.resume());
  from.on('end', () => end('closed'));
  from.on('error', () => end('reset'));
  from.on('close', () => end('closed'));
  // A stream that ends without octets says so even while it is paused: before there was anything to pass it on to.
  if (from.destroyed) end('reset');
  else if (from.readableEnded) end('closed');
}

/** Runs what it is given after this time, in order. */
function delayedBy(milliseconds: number): (act: () => void) => void {
  const waiting: (() => void)[] = [];
  return (act) => {
    waiting.push(act);
    after(milliseconds, () => waiting.shift()?.(), { unref: true });
  };
}
