import type { Identity } from '../../../src/index.ts';
import type { SvidSource } from '../../../src/spiffe/index.ts';

/** The updates of a source. */
export interface Updates {
  /** Resolves with the next one that was not taken yet. */
  next(): Promise<void>;
  until(isThere: () => boolean): Promise<void>;
}

/** What a source reports from now on, one by one. */
export function updatesOf(source: SvidSource): Updates {
  let count = 0;
  let taken = 0;
  let notify = (): void => {};
  source.onUpdate(() => {
    count += 1;
    notify();
  });
  const next = async (): Promise<void> => {
    while (count === taken)
      await new Promise<void>((resolve) => {
        notify = resolve;
      });
    taken += 1;
  };
  return {
    next,
    until: async (isThere) => {
      while (!isThere()) await next();
    },
  };
}

/** The identity of a source; undefined while it has none. */
export function identityOf(source: SvidSource): Identity | undefined {
  try {
    return source.identity;
  } catch {
    return undefined;
  }
}
