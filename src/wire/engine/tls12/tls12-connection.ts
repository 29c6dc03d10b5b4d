import { invalidOption } from '../../../errors/index.ts';
import type { EngineConnection, RenegotiationOptions } from '../engine-connection.ts';
import type { EngineSession } from '../engine-session.ts';
import type { EngineVersion } from '../engine-version.ts';
import type { Agreed, FlightMessage, FlightName } from '../flight.ts';
import { EngineError } from '../handshake-end.ts';
import type { Incoming } from '../channel/incoming.ts';
import type { PeerState } from '../peer-state.ts';
import type { Tls12Rules } from './tls12-rules.ts';

/** What the latest handshake of a connection gave. */
export interface HandshakeResult {
  readonly peerCertificates: readonly Uint8Array[];
  readonly session?: EngineSession | undefined;
}

/** How one side performs another handshake; `request` is the peer's message that asked for it, if it did. */
export type Renegotiate = (options: RenegotiationOptions, request?: Incoming) => Promise<HandshakeResult>;

/** A connection of TLS 1.2 after its first handshake. */
export class Tls12Connection implements EngineConnection {
  readonly version: EngineVersion = 'TLSv1.2';
  readonly #state: PeerState;
  readonly #rules: Tls12Rules;
  readonly #renegotiate: Renegotiate;
  #result: HandshakeResult;
  #isOver = false;

  constructor(
    { state, rules }: { readonly state: PeerState; readonly rules: Tls12Rules },
    result: HandshakeResult,
    renegotiate: Renegotiate,
  ) {
    this.#state = state;
    this.#rules = rules;
    this.#result = result;
    this.#renegotiate = renegotiate;
  }

  get agreed(): Agreed {
    return this.#state.agreed;
  }

  get cipherSuite(): string {
    return this.agreed.cipherSuite ?? '';
  }

  get resumed(): boolean {
    return this.agreed.resumed;
  }

  get peerCertificates(): readonly Uint8Array[] {
    return this.#result.peerCertificates;
  }

  get session(): EngineSession | undefined {
    return this.#result.session;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#state.sendData(bytes);
  }

  /** A renegotiation that the peer asks for meanwhile is performed. */
  async read(): Promise<Buffer | undefined> {
    while (!this.#isOver) {
      const early = this.#rules.early.shift();
      if (early) return early;
      const message = await this.#next();
      if (message?.name === 'application_data') return message.body;
    }
    return undefined;
  }

  async sendFlight(name: FlightName, messages: readonly FlightMessage[]): Promise<void> {
    await this.#state.sendFlight(name, messages);
  }

  updateKeys(): Promise<void> {
    const expected = 'a connection of TLS 1.3';
    return Promise.reject(invalidOption('connection', this.version, expected));
  }

  async requestCertificate(): Promise<readonly Uint8Array[]> {
    await this.renegotiate();
    return this.peerCertificates;
  }

  async renegotiate(options: RenegotiationOptions = {}): Promise<void> {
    await this.#perform(options);
  }

  async close(): Promise<void> {
    if (!this.#isOver) await this.#state.channel.alert('close_notify');
    this.#isOver = true;
    this.#state.channel.end();
  }

  async #perform(options: RenegotiationOptions, request?: Incoming): Promise<void> {
    this.#rules.startAnew();
    try {
      this.#result = await this.#renegotiate(options, request);
    } finally {
      this.#rules.stop();
    }
  }

  /** The next message, after what has to be done about it; undefined where the peer has closed the connection. */
  async #next(): Promise<Incoming | undefined> {
    try {
      const message = await this.#state.expect('application_data', this.#state.side === 'client' ? 'hello_request' : 'client_hello');
      if (message.name !== 'application_data') await this.#perform({}, message);
      return message;
    } catch (error) {
      if (!(error instanceof EngineError) || error.end.kind !== 'closed') throw error;
      this.#isOver = true;
      return undefined;
    }
  }
}
