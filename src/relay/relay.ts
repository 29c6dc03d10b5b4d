import type { AddressInfo, Server } from 'node:net';
import { MtlsFixturesError } from '../errors/index.ts';
import type { HandshakeLog } from '../handshake/observe/handshake-log.ts';
import type { Handshake } from '../handshake/verdict/handshake.ts';
import { reachableAddress } from '../net/addresses.ts';
import { requireMilliseconds } from '../options/checks.ts';
import { type OptionSchema, requireOptionsOf } from '../options/schema.ts';
import { inspectedAs } from '../pki/comparable.ts';

/** A TCP relay between two peers that are not ours; it records their handshakes and changes no octet. `startRelay()` starts one. Close it, or hold it with `await using`. */
export interface Relay extends AsyncDisposable {
  /** The address that it listens on. */
  readonly host: string;
  readonly port: number;
  /** The handshakes that have been judged, in the order of their verdicts. */
  readonly handshakes: readonly Handshake[];
  /** What there is no verdict about, and why; and what a key log lacked: `CONNECTION_CUT`, `RECORDS_AMBIGUOUS`, `NOT_TLS`, `CONNECT_FAILED`, `KEY_LOG_UNUSABLE`. The last 1,000. */
  readonly problems: readonly MtlsFixturesError[];
  /** The next handshake that was not handed out yet. Throws `NO_HANDSHAKE` after `timeout` milliseconds, default 5,000. */
  nextHandshake(options?: { readonly timeout?: number | undefined }): Promise<Handshake>;
  /** Ends every connection and releases the port. */
  close(): Promise<void>;
}

/** What a relay is made of. */
export interface RelayParts {
  readonly server: Server;
  readonly log: HandshakeLog;
  readonly problems: readonly MtlsFixturesError[];
  /** Ends every connection. */
  readonly endConnections: () => void;
}

/** The relay on a server that listens. */
export class TcpRelay implements Relay {
  static {
    inspectedAs(TcpRelay, (relay) => `Relay at ${relay.host}:${relay.port}, ${relay.handshakes.length} handshake(s)`);
  }

  readonly host: string;
  readonly port: number;
  readonly #parts: RelayParts;
  #closing: Promise<void> | undefined;

  constructor(parts: RelayParts) {
    this.#parts = parts;
    const { address, port } = parts.server.address() as AddressInfo; // it listens on a port
    this.host = reachableAddress(address);
    this.port = port;
  }

  get handshakes(): readonly Handshake[] {
    return this.#parts.log.all;
  }

  get problems(): readonly MtlsFixturesError[] {
    return [...this.#parts.problems];
  }

  nextHandshake(options: { readonly timeout?: number | undefined } = {}): Promise<Handshake> {
    requireOptionsOf(nextSchema, options);
    return this.#parts.log.next(options.timeout ?? 5000, `${this.host}:${this.port}`);
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#parts.server.close(() => resolve());
      this.#parts.endConnections();
      this.#parts.log.end(() => new MtlsFixturesError('SERVER_NOT_LISTENING', { state: 'closed' }));
    });
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

const nextSchema: OptionSchema = { what: 'option of nextHandshake', own: { timeout: requireMilliseconds } };
