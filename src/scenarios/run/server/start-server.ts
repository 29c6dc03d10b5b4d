import type net from 'node:net';
import type tls from 'node:tls';
import { after, nextTurn } from '../../../clock/real-clock.ts';
import { MtlsFixturesError, textOf } from '../../../errors/index.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import { observe } from '../../../handshake/observe/observe.ts';
import { requireEndpoint } from '../../../handshake/server/call-options.ts';
import { isObservedServer, observerOf } from '../../../handshake/server/observed-node-server.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { describeErrors } from '../../../handshake/verdict/client-errors/handshake-failure.ts';
import { listen } from '../../../net/listen.ts';
import type { AttemptFunction, ServerConfiguration, StartServer } from '../target.ts';

/** A server that is ready to be tried, configured as the scenario wants it. */
export interface ServerUnderTest {
  readonly target: ObservedServer | Endpoint | AttemptFunction;
  /** Closes what was started for it, or sets back what was changed. */
  close(): Promise<void>;
}

/**
 * Starts a server by the user's function, waits for it for a bound in milliseconds, and observes it where it is Node's. Throws `SERVER_START_FAILED` and
 * `SERVER_START_TIMEOUT`; a server that comes later than its bound is closed.
 */
export async function startServer(start: StartServer, configuration: ServerConfiguration, bound: number): Promise<ServerUnderTest> {
  const starting = callStart(start, configuration);
  let isLate = false;
  const ready = starting.then((started) => readied(started, configuration));
  ready.then((server) => (isLate ? server.close() : undefined)).catch(() => {}); // reported below, or as the time-out
  let cancel: (() => void) | undefined;
  const timedOut = new Promise<never>((_resolve, reject) => {
    cancel = after(bound, () => {
      isLate = true;
      reject(new MtlsFixturesError('SERVER_START_TIMEOUT', { milliseconds: bound }));
    });
  });
  try {
    return await Promise.race([ready, timedOut]);
  } finally {
    cancel?.();
  }
}

/** How long a server may take to start where no hook of a test runner says it, in milliseconds: Vitest's own default for a hook, or the time of an attempt. */
export function startBound(timeout: number): number {
  return Math.max(timeout, usualStartMs);
}

/** Called in a microtask: an error of a `listen` that was not awaited is emitted when all of them have been run, and meets its listener. */
async function callStart(start: StartServer, configuration: ServerConfiguration): Promise<unknown> {
  try {
    return await Promise.resolve().then(() => start(configuration));
  } catch (error) {
    throw failed(`start threw ${describeErrors(error)}`, 'correct what it does with { identity, trust, crl }', error);
  }
}

async function readied(started: unknown, configuration: ServerConfiguration): Promise<ServerUnderTest> {
  if (isObservedServer(started)) return { target: started, close: () => started.close() };
  if (typeof started !== 'object' || started === null) throw unusable(started);
  const server = nodeServerOf(started);
  if (server) return observed(server, started, configuration);
  if (!('host' in started && 'port' in started)) throw unusable(started);
  requireEndpoint(started);
  return { target: started as Endpoint, close: () => closeOwn(started) }; // checked in the line above
}

/** The server itself, or that of an application: `server` of Fastify, `getHttpServer()` of NestJS. */
function nodeServerOf(started: object): tls.Server | undefined {
  if (isNodeServer(started)) return started;
  if ('server' in started && isNodeServer(started.server)) return started.server;
  const { getHttpServer } = started as { readonly getHttpServer?: unknown }; // of NestJS, where it is a function
  if (typeof getHttpServer !== 'function') return undefined;
  const server: unknown = Reflect.apply(getHttpServer, started, []);
  return isNodeServer(server) ? server : undefined;
}

function isNodeServer(value: unknown): value is tls.Server {
  return typeof value === 'object' && value !== null && 'setSecureContext' in value;
}

async function observed(server: tls.Server, started: object, { identity, hosts, ...usual }: ServerConfiguration): Promise<ServerUnderTest> {
  const target = observe(server, { identity, context: contextOf(usual) });
  const credentials = observerOf(target)?.credentials;
  if (credentials && hosts) credentials.namedContexts = new Map(Object.entries(hosts).map(([name, host]) => [name, contextOf(host)]));
  try {
    await makeListen(server);
  } catch (error) {
    await target.close();
    throw error;
  }
  return {
    target,
    close: async () => {
      await target.close(); // first: an application may wait for connections to end
      if (started !== server) await closeOwn(started);
    },
  };
}

function contextOf({ trust, crl }: Pick<ServerConfiguration, 'trust' | 'crl'>): { readonly ca: string; readonly crl?: string[] } {
  return { ca: trust, ...(crl && { crl }) };
}

/** Has a server listen that does not yet. One that has begun to listen without being waited for reports in the next turn that it cannot. */
export async function makeListen(server: net.Server): Promise<void> {
  try {
    if (server.listening) return;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      nextTurn(() => {
        server.off('error', reject);
        resolve();
      });
    });
    if (!server.listening) await listen(server, { host: '127.0.0.1', port: 0 });
  } catch (error) {
    throw failed(`its server does not listen, ${describeErrors(error)}`, 'listen on port 0, or return the server before it listens', error);
  }
}

/** Calls `close` of what a `start` function returned, where it has one. */
export async function closeOwn(started: object): Promise<void> {
  const { close } = started as { readonly close?: unknown }; // as above
  if (typeof close !== 'function') return;
  try {
    await Reflect.apply(close, started, []);
  } catch (error) {
    if (Object(error).code !== 'ERR_SERVER_NOT_RUNNING') throw error; // an application closes its server too, which is closed already
  }
}

function unusable(started: unknown): MtlsFixturesError {
  const value =
    typeof started === 'function' ? 'a function' : typeof started === 'object' && started !== null ? nameOf(started) : textOf(started);
  return failed(
    `start returned "${value}"`,
    'return a TLS server, e.g. https.createServer(options, app), an ObservedServer, an application that has one (Fastify, NestJS), or { host, port, close }',
  );
}

function nameOf(value: object): string {
  const { constructor: made, server } = value as { readonly constructor?: unknown; readonly server?: unknown }; // of whatever came back
  const name =
    typeof made === 'function' && made.name !== '' && made !== Object ? made.name : `{ ${Object.keys(value).slice(0, 5).join(', ')} }`;
  if (typeof server === 'object' && server !== null) return `${name} whose server is not a TLS server`;
  return 'listen' in value && 'close' in value ? `${name}, which is a server without TLS` : name;
}

function failed(problem: string, advice: string, cause?: unknown): MtlsFixturesError {
  return new MtlsFixturesError('SERVER_START_FAILED', { problem, advice }, cause === undefined ? {} : { cause });
}

const usualStartMs = 10_000;
