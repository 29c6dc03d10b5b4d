import type { StartedTestContainer } from 'testcontainers';
import { invalidOption, type MtlsFixturesError } from '../errors/index.ts';
import type { Handshake } from '../handshake/verdict/handshake.ts';
import { requireIntegerIn, requireText } from '../options/checks.ts';
import { requireOptionsOf } from '../options/schema.ts';
import { parseRelay, type RelayOptions, relayOptionSchema } from '../relay/relay-options.ts';
import type { Relay } from '../relay/relay.ts';
import { startRelay } from '../relay/start-relay.ts';
import { type HostGateway, hostGateway } from './host-gateway.ts';
import { SharedKeyLog } from './material/shared-key-log.ts';
import { StartedMtlsContainer } from './mtls-container.ts';

/** What {@link MtlsRelay} passes on to `startRelay`. */
export type MtlsRelayOptions = Pick<RelayOptions, 'port' | 'starttls' | 'faults' | 'maxHandshakes'>;

/**
 * A relay of this process between two containers, neither of which is observed: it listens where containers reach this machine (`hostGateway`), passes on to the port that the
 * server's container publishes, and records each handshake. `startRelay()` says what a verdict rests on.
 */
export class MtlsRelay {
  readonly #target: StartedTestContainer;
  #targetPort: number | undefined;
  #names: readonly string[] = [];
  #keyLog: { readonly file?: string } | undefined;
  #options: MtlsRelayOptions = {};

  /** The server's container, which has started and publishes its port. */
  constructor(target: StartedTestContainer) {
    if (typeof (Object(target) as Partial<StartedTestContainer>).getMappedPort !== 'function')
      throw invalidOption('target', target, 'a container that has started'); // whatever else was given
    this.#target = target;
  }

  /** The port that the server speaks TLS on inside its container. Default: the one of the wrapper, where the target is one of this entry point. */
  withTargetPort(port: number): this {
    requireIntegerIn('targetPort', port, 1, 65_535);
    this.#targetPort = port;
    return this;
  }

  /** Names of the server that mean the relay in containers that are given `extraHosts`: a client that is configured for the server's name needs no other, if `port` is the server's too. */
  withNames(...names: string[]): this {
    for (const name of names) requireText('names', name);
    this.#names = names;
    return this;
  }

  /** Shares a key log between the containers and the relay: this file, which is kept, or a temporary one. `keyLogMounts` and `keyLogEnvironment` are for the client's or the server's container. */
  withKeyLog(file?: string): this {
    if (file !== undefined) requireText('keyLogFile', file);
    this.#keyLog = { ...(file !== undefined && { file }) };
    return this;
  }

  /** The relay's port, the text before TLS, faults, how many handshakes are remembered: options of `startRelay`. */
  withOptions(options: MtlsRelayOptions): this {
    requireOptionsOf(optionSchema, options);
    parseRelay({ ...options, to: { port: 1 } }); // refuses the rest, before anything starts
    this.#options = { ...this.#options, ...options };
    return this;
  }

  /** Starts to listen. Throws `OPTION_INVALID`, `PORT_IN_USE`, `NO_HOST_GATEWAY` and `NO_CONTAINER_ENGINE`. */
  async start(): Promise<StartedMtlsRelay> {
    const to = { host: this.#target.getHost(), port: this.#publishedPort() };
    const gateway = await hostGateway();
    const keyLog = this.#keyLog && new SharedKeyLog(this.#keyLog.file);
    try {
      const relay = await startRelay({ ...this.#options, to, host: gateway.bindAddress, ...(keyLog && { keyLogFile: keyLog.file }) });
      return new StartedMtlsRelay({ relay, gateway, names: this.#names, keyLog });
    } catch (error) {
      keyLog?.remove();
      throw error;
    }
  }

  #publishedPort(): number {
    if (this.#targetPort === undefined) {
      if (this.#target instanceof StartedMtlsContainer) return this.#target.getPort();
      throw invalidOption('targetPort', undefined, 'withTargetPort(port), the port that the server speaks TLS on');
    }
    try {
      return this.#target.getMappedPort(this.#targetPort);
    } catch {
      throw invalidOption('targetPort', this.#targetPort, 'a port that the container publishes (withExposedPorts)');
    }
  }
}

/** A relay between containers that listens. Stop it, or hold it with `await using`. */
export class StartedMtlsRelay implements AsyncDisposable {
  /** The name by which containers that have `extraHosts` reach it, on the port of `getPort()`: `host.docker.internal`. For the server's certificate. */
  readonly hostname: string;
  /** For `container.withExtraHosts()` of the client: `hostname`, and what `withNames` was given. */
  readonly extraHosts: HostGateway['extraHost'][];
  /** For `container.withBindMounts()`: the key log, empty without `withKeyLog`. */
  readonly keyLogMounts: { readonly source: string; readonly target: string; readonly mode: 'rw' }[];
  /** For `container.withEnvironment()`: SSLKEYLOGFILE, as curl and GnuTLS read it; empty without `withKeyLog`. */
  readonly keyLogEnvironment: Readonly<Record<string, string>>;
  readonly #relay: Relay;
  readonly #keyLog: { readonly file: string; remove(): void } | undefined;

  /** Called by `start()`. */
  constructor({
    relay,
    gateway,
    names,
    keyLog,
  }: {
    readonly relay: Relay;
    readonly gateway: HostGateway;
    readonly names: readonly string[];
    readonly keyLog: { readonly file: string; remove(): void } | undefined;
  }) {
    const { hostname, extraHost } = gateway;
    this.hostname = hostname;
    this.extraHosts = [extraHost, ...names.map((host) => ({ ...extraHost, host }))];
    this.keyLogMounts = keyLog ? [{ source: keyLog.file, target: keyLogPath, mode: 'rw' }] : [];
    this.keyLogEnvironment = keyLog ? { SSLKEYLOGFILE: keyLogPath } : {};
    this.#relay = relay;
    this.#keyLog = keyLog;
  }

  /** The address by which this process reaches it: the engine's bridge, or the loopback. */
  getHost(): string {
    return this.#relay.host;
  }

  /** Its port, for this process and for containers alike. */
  getPort(): number {
    return this.#relay.port;
  }

  /** The key log on this machine; undefined without `withKeyLog`. */
  get keyLogFile(): string | undefined {
    return this.#keyLog?.file;
  }

  /** The handshakes that have been judged, in the order of their verdicts. */
  get handshakes(): readonly Handshake[] {
    return this.#relay.handshakes;
  }

  /** What there is no verdict about, and what a key log lacked: those of `startRelay`. */
  get problems(): readonly MtlsFixturesError[] {
    return this.#relay.problems;
  }

  /** The next handshake that was not handed out yet. Throws `NO_HANDSHAKE` after `timeout` milliseconds, default 5,000. */
  nextHandshake(options?: { readonly timeout?: number | undefined }): Promise<Handshake> {
    return this.#relay.nextHandshake(options);
  }

  /** Ends every connection, releases the port, and removes the key log unless it was named. */
  async stop(): Promise<void> {
    await this.#relay.close();
    this.#keyLog?.remove();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Inside containers. */
const keyLogPath = '/mtls-keys/keys.txt';

const { port, starttls, faults, maxHandshakes } = relayOptionSchema.own;
const optionSchema = {
  what: 'MtlsRelay option',
  own: { port, starttls, faults, maxHandshakes },
  reserved: {
    to: 'nothing: the container is the target',
    host: 'nothing: it listens where containers reach it',
    exposed: 'nothing: it listens where containers reach it',
    keyLogFile: 'withKeyLog(file)',
  },
};
