import timers from 'node:timers';

/** The current time as milliseconds since the epoch, from the machine's clock even while a test fakes `Date`. */
export function realNow(): number {
  return RealDate.now();
}

/** A monotonic time in milliseconds, for durations; a test's faked `performance` or `process.hrtime` does not move it. */
export function monotonicNow(): number {
  const [seconds, nanoseconds] = monotonic();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/**
 * Calls back after this many real milliseconds, and once what has arrived in that time has been read: a process that was busy finds its timers due before it
 * reads its sockets, and would mistake unread data for silence. The function it returns cancels. An unreferenced timer does not keep the process alive.
 */
export function after(milliseconds: number, callback: () => void, options: { readonly unref?: boolean } = {}): () => void {
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    turn = setImmediate(callback); // referenced: one that is not runs with the next event only (measured), and keeps the process no longer than a turn
  }, milliseconds);
  if (options.unref === true) timer.unref();
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
}

/** Calls back in the next turn of the event loop, once what has arrived has been read. */
export function nextTurn(callback: () => unknown): void {
  setImmediate(callback);
}

/** Calls back when the current operation is complete, before anything else is read. */
export function nextTick(callback: () => void): void {
  tick(callback);
}

// Captured when this module is first imported, before a test gets to `vi.useFakeTimers()`.
const RealDate = realDate();
const monotonic = process.hrtime.bind(process); // `performance` takes a millisecond to load (measured on Node 26.10)
const tick = process.nextTick.bind(process);
const { setTimeout, clearTimeout, setImmediate, clearImmediate } = timers;

/** Fake clocks (Vitest's, Sinon's) are subclasses of the `Date` they stand in for, so the real one is at the end of the prototype chain. */
function realDate(): DateConstructor {
  let candidate: DateConstructor = Date;
  for (;;) {
    const parent: unknown = Object.getPrototypeOf(candidate);
    if (typeof parent !== 'function' || parent === Function.prototype) return candidate;
    candidate = parent as DateConstructor; // a superclass of a Date is a Date
  }
}
