import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type net from 'node:net';
import { after } from '../../clock/real-clock.ts';
import { MtlsFixturesError, requireJudgingRuntime } from '../../errors/index.ts';
import { nodeTls } from '../../options/engine.ts';
import type { ObservedServer } from '../server/observed-server.ts';
import { type ObserveOptions, parsePolicy } from '../server/server-options.ts';
import { observe } from './observe.ts';

/** Starts a server by the user's own code: returns a promise, or calls `done` as a callback of Node's, or takes no argument and has called `listen` when it returns. */
export type StartListening = (done: (error?: Error | null) => void) => unknown;

/**
 * Observes the TLS server that `start` makes listen, for frameworks that do not expose it: the server of `@grpc/grpc-js`, a microservice of NestJS. It is found by Node's diagnostics channel
 * `net.server.listen`, among all that listens within this call. Rejects with what `start` threw, `NOT_ONE_TLS_SERVER` and `ALREADY_OBSERVED`; then what had begun to listen is closed.
 */
export async function observeListening(start: StartListening, options: ObserveOptions = {}): Promise<ObservedServer> {
  requireJudgingRuntime('observe a server');
  parsePolicy(options);
  const within = new AsyncLocalStorage<true>();
  const found = new FoundServers(options);
  const isOurs = (server: net.Server): boolean => within.getStore() === true || found.has(server);
  const unsubscribers = Object.entries(found.listeners).map(([event, listener]) => {
    const onMessage = (message: unknown): void => {
      const { server } = message as { readonly server: net.Server }; // documented for each event of this channel
      if (isOurs(server)) listener(server);
    };
    subscribe(`tracing:net.server.listen:${event}`, onMessage);
    return () => unsubscribe(`tracing:net.server.listen:${event}`, onMessage);
  });
  try {
    await within.run(true, () => started(start));
    return await found.observed();
  } catch (error) {
    await found.close();
    throw error;
  } finally {
    for (const stop of unsubscribers) stop();
  }
}

function started(start: StartListening): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const result = start((error) => (error ? reject(error) : resolve(undefined)));
    if (isThenable(result)) Promise.resolve(result).then(resolve, reject);
    else if (start.length === 0) resolve(result);
  });
}

/** The servers that called `listen`, each TLS server observed before a client can reach it. */
class FoundServers {
  /** By the events of the channel. */
  readonly listeners = {
    asyncStart: (server: net.Server): void => this.#onStart(server),
    asyncEnd: (server: net.Server): void => this.#onEnd(server),
    error: (server: net.Server): void => this.#onEnd(server),
  } as const;
  readonly #options: ObserveOptions;
  readonly #starting = new Set<net.Server>();
  readonly #plain = new Set<net.Server>();
  readonly #observed = new Map<net.Server, ObservedServer>();
  #failure: MtlsFixturesError | undefined;
  #onSettled: () => void = () => {};

  constructor(options: ObserveOptions) {
    this.#options = options;
  }

  has(server: net.Server): boolean {
    return this.#starting.has(server);
  }

  /** The one TLS server that listens. */
  async observed(): Promise<ObservedServer> {
    if (this.#starting.size > 0) await this.#settled();
    if (this.#failure !== undefined) throw this.#failure;
    const listening = [...this.#observed].filter(([server]) => server.listening).map(([, observed]) => observed);
    const [only, ...others] = listening;
    if (only && others.length === 0) return only;
    throw new MtlsFixturesError('NOT_ONE_TLS_SERVER', {
      listening: listening.map(({ server }) => placeOf(server)),
      plain: [...this.#plain].filter((server) => server.listening).map(placeOf),
    });
  }

  /** A server that is closed at once, and one whose host has no address, have no second event (measured on Node 22.12 and 26.10): hence the bound. */
  #settled(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = after(startBoundMs, resolve);
      this.#onSettled = () => {
        cancel();
        resolve();
      };
    });
  }

  async close(): Promise<void> {
    for (const server of this.#plain) server.close();
    await Promise.all([...this.#observed.values()].map((observed) => observed.close()));
  }

  #onStart(server: net.Server): void {
    this.#starting.add(server);
    if (!(server instanceof nodeTls().Server)) {
      this.#plain.add(server);
      return;
    }
    try {
      if (!this.#observed.has(server)) this.#observed.set(server, observe(server, this.#options));
    } catch (error) {
      this.#failure ??= error as MtlsFixturesError; // that of observe; thrown here it would be the process's uncaught exception
    }
  }

  #onEnd(server: net.Server): void {
    this.#starting.delete(server);
    if (this.#starting.size === 0) this.#onSettled();
  }
}

const startBoundMs = 5000;

function placeOf(server: net.Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') return address ?? 'no address';
  return address.family === 'IPv6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
