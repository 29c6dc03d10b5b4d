import type { BoundPorts, WaitStrategy } from 'testcontainers';
import { pause } from '../clock/pause.ts';
import { after, monotonicNow } from '../clock/real-clock.ts';
import { MtlsFixturesError, asError } from '../errors/index.ts';
import { requireIdentity, requireIntegerIn, requireMilliseconds } from '../options/checks.ts';
import { functionOf, type OptionSchema, requireOptionsOf } from '../options/schema.ts';
import { attemptWithWaits } from '../handshake/attempt/attempt-handshake.ts';
import { identityFromPem } from '../pki/formats/identity-from-pem.ts';
import type { Identity } from '../pki/identity.ts';
import { type EngineContainer, findEngine, lastLines } from './engine/engine.ts';

/** What a client presents and trusts, PEM, as client libraries take it; without key and certificate it presents nothing. */
export interface ClientTls {
  readonly key?: string;
  readonly cert?: string;
  readonly ca: string;
}

/** Where a container is reached, and with which credential. */
export interface ContainerConnection {
  /** Of the engine: `localhost` for one of this machine. */
  readonly host: string;
  /** The port on that host. */
  readonly port: number;
  readonly tls: ClientTls;
}

/** Uses the service once: resolves when the client was accepted, rejects when it was not. */
export type ContainerAttempt = (connection: ContainerConnection) => Promise<unknown>;

/** How to find out that a container is ready. */
export interface MtlsWaitOptions {
  /** A client that the service must accept. */
  readonly identity: Identity;
  /** The container's own port; default the first that is exposed. */
  readonly port?: number;
  /** Default: a TLS handshake, whose verdict has to be `accepted`; needed where a service rejects after the handshake. */
  readonly attempt?: ContainerAttempt;
}

/**
 * A wait strategy: ready means that a valid client was accepted, and one without certificate was not. Rejects with `CLIENT_CERTIFICATE_NOT_REQUIRED` where both were accepted,
 * and with `CONTAINER_NOT_READY` and the container's last lines where it stopped or the startup timeout (60,000 ms unless set) is over.
 */
export function waitForMtls(options: MtlsWaitOptions): WaitStrategy {
  requireOptionsOf(waitSchema, options);
  requireIdentity('identity', options.identity);
  return new MtlsWait(options);
}

const waitSchema = {
  what: 'waitForMtls option',
  own: {
    identity: requireIdentity,
    port: (option: string, value: unknown) => requireIntegerIn(option, value, 1, 65_535),
    attempt: functionOf('(connection) => Promise'),
  },
} satisfies OptionSchema;

class MtlsWait implements WaitStrategy {
  readonly #options: MtlsWaitOptions;
  #startupTimeout: number | undefined;

  constructor(options: MtlsWaitOptions) {
    this.#options = options;
  }

  async waitUntilReady(container: EngineContainer, boundPorts: BoundPorts): Promise<void> {
    const { identity, port, attempt = attemptTls } = this.#options;
    const { info } = await findEngine();
    const address = {
      host: info.containerRuntime.host,
      port: port === undefined ? boundPorts.getFirstBinding() : boundPorts.getBinding(port),
    };
    const attemptValid = (): Promise<unknown> => attempt({ ...address, tls: identity.tls });

    await this.#untilAccepted(container, attemptValid);
    if (await isAccepted(attempt({ ...address, tls: { ca: identity.tls.ca } })))
      throw new MtlsFixturesError('CLIENT_CERTIFICATE_NOT_REQUIRED', address);
    // Control: the service rejected the client without certificate because of that, not because it had stopped.
    await this.#untilAccepted(container, attemptValid);
  }

  async #untilAccepted(container: EngineContainer, attempt: () => Promise<unknown>): Promise<void> {
    const deadline = monotonicNow() + this.getStartupTimeout();
    for (;;) {
      const reason = await rejectionOf(attempt());
      if (reason === undefined) return;
      const { State: state, Config: config } = await container.inspect();
      const problem = state.Running
        ? monotonicNow() > deadline &&
          `it accepted no valid client within ${this.getStartupTimeout()} ms; the last attempt: ${words(reason)}`
        : `it stopped with exit code ${state.ExitCode}`;
      if (problem !== false)
        throw new MtlsFixturesError(
          'CONTAINER_NOT_READY',
          { image: config.Image, problem, log: await lastLines(container) },
          { cause: reason },
        );
      await pause(betweenAttempts);
    }
  }

  withStartupTimeout(milliseconds: number): this {
    requireMilliseconds('startup timeout', milliseconds);
    this.#startupTimeout = milliseconds;
    return this;
  }

  isStartupTimeoutSet(): boolean {
    return this.#startupTimeout !== undefined;
  }

  getStartupTimeout(): number {
    return this.#startupTimeout ?? 60_000;
  }
}

async function attemptTls({ host, port, tls }: ContainerConnection): Promise<void> {
  const handshake = await attemptWithWaits({ host, port }, { trust: tls.ca, ...presented(tls) }, patientWaits);
  if (handshake.verdict === 'rejected') throw new Error(`rejected by the ${handshake.rejectedBy}: ${handshake.reason}`);
}

function presented({ key, cert, ca }: ClientTls): { readonly identity?: Identity } {
  return key !== undefined && cert !== undefined ? { identity: identityFromPem({ key, cert, ca }) } : {};
}

async function isAccepted(attempt: Promise<unknown>): Promise<boolean> {
  return (await rejectionOf(attempt)) === undefined;
}

async function rejectionOf(attempt: Promise<unknown>): Promise<Error | undefined> {
  let cancel: (() => void) | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    cancel = after(mostPerAttempt, () => reject(new Error(`neither accepted nor rejected within ${mostPerAttempt} ms`)));
  });
  try {
    await Promise.race([attempt, tooLong]);
    return undefined;
  } catch (error) {
    return asError(error);
  } finally {
    cancel?.();
  }
}

function words(error: Error): string {
  return error.message === '' ? error.name : error.message;
}

/** Milliseconds. */
const betweenAttempts = 100;
const mostPerAttempt = 10_000;
/** In TLS 1.3 a client is done before the server has verified it: a busy engine rejects late (2 of 20 runs of Redis under load were later than 250 ms). */
const patientWaits = { afterSign: 250, withoutSign: 2000 };
