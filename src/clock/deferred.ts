/** A promise that is settled from outside: `Promise.withResolvers`, which Node 20 does not have. Node 20 is not supported, and the demo still runs on it. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value | PromiseLike<Value>) => void;
  readonly reject: (reason?: unknown) => void;
}

/** A new one, not settled yet. */
export function deferred<Value = void>(): Deferred<Value> {
  let settle: Omit<Deferred<Value>, 'promise'> | undefined;
  const promise = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (!settle) throw new Error('a promise calls its executor at once'); // the language says so
  return { promise, ...settle };
}
