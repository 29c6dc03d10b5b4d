/**
 * Does some work that a signal may end: then it is cleaned up, and the signal ends the command as it ends other programs, so that a shell sees why (128 and its number). Node runs listeners
 * between two turns of its event loop only: work that takes long has to wait for one now and then.
 */
export async function interruptible<Result>(cleanUp: () => void, work: () => Promise<Result>): Promise<Result> {
  const end = (signal: NodeJS.Signals): void => {
    forget();
    cleanUp();
    process.kill(process.pid, signal);
  };
  const forget = (): void => {
    for (const signal of signals) process.off(signal, end);
  };
  for (const signal of signals) process.on(signal, end);
  try {
    return await work();
  } finally {
    forget();
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
