import type { Incoming } from '../channel/incoming.ts';
import type { EngineConnection } from '../engine-connection.ts';
import type { EngineSession } from '../engine-session.ts';
import type { EngineVersion } from '../engine-version.ts';
import type { Agreed, FlightMessage, FlightName } from '../flight.ts';
import { EngineError } from '../handshake-end.ts';
import { invalidOption, type MtlsFixturesError } from '../../../errors/index.ts';
import type { ClientOptions } from '../peer-options.ts';
import { keyUpdate, readKeyUpdate } from './messages/key-update.ts';
import { answerCertificateRequest, type ClientAuthentication } from './post-handshake-auth.ts';
import { readTicket } from './messages/tickets.ts';
import type { Tls13State } from './tls13-state.ts';

/** What a connection of TLS 1.3 is opened with. */
export interface OpenedWith {
  readonly peerCertificates: readonly Uint8Array[];
  readonly options: ClientOptions;
  /** Server: how it asks for a certificate after the handshake. */
  readonly authentication?: ClientAuthentication;
}

/** A connection of TLS 1.3 after its handshake. */
export class Tls13Connection implements EngineConnection {
  readonly version: EngineVersion = 'TLSv1.3';
  readonly #state: Tls13State;
  readonly #options: ClientOptions;
  readonly #authentication: ClientAuthentication | undefined;
  /** Application data that came while another message was awaited. */
  readonly #early: Buffer[] = [];
  #peerCertificates: readonly Uint8Array[];
  #session: EngineSession | undefined;
  #isOver = false;

  constructor(state: Tls13State, { peerCertificates, options, authentication }: OpenedWith) {
    this.#state = state;
    this.#options = options;
    this.#peerCertificates = peerCertificates;
    this.#authentication = authentication;
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
    return this.#peerCertificates;
  }

  get session(): EngineSession | undefined {
    return this.#session;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#state.sendData(bytes);
  }

  async read(): Promise<Buffer | undefined> {
    const early = this.#early.shift();
    if (early) return early;
    while (!this.#isOver) {
      const message = await this.#next();
      if (message?.name === 'application_data') return message.body;
    }
    return undefined;
  }

  async sendFlight(name: FlightName, messages: readonly FlightMessage[]): Promise<void> {
    await this.#state.sendFlight(name, messages);
  }

  async updateKeys({ request = false }: { readonly request?: boolean } = {}): Promise<void> {
    await this.sendFlight('post-handshake', [keyUpdate(request)]);
  }

  async requestCertificate(): Promise<readonly Uint8Array[]> {
    if (!this.#authentication) throw unsupported('a connection whose client offered post-handshake authentication');
    const data = (bytes: Buffer): void => void this.#early.push(bytes);
    this.#peerCertificates = await this.#authentication.request(this.#state, data);
    return this.#peerCertificates;
  }

  renegotiate(): Promise<void> {
    return Promise.reject(unsupported('a connection of TLS 1.2'));
  }

  async close(): Promise<void> {
    if (!this.#isOver) await this.#state.channel.alert('close_notify');
    this.#isOver = true;
    this.#state.channel.end();
  }

  /** The next message, after what has to be done about it; undefined where the peer has closed the connection. */
  async #next(): Promise<Incoming | undefined> {
    try {
      const ofServer = this.#state.side === 'client' ? (['new_session_ticket', 'certificate_request'] as const) : [];
      const message = await this.#state.expect('application_data', 'key_update', ...ofServer);
      await this.#answer(message);
      return message;
    } catch (error) {
      if (!(error instanceof EngineError) || error.end.kind !== 'closed') throw error;
      this.#isOver = true;
      return undefined;
    }
  }

  async #answer(message: Incoming): Promise<void> {
    const state = this.#state;
    if (message.name === 'key_update') await readKeyUpdate(state, message);
    if (message.name === 'new_session_ticket')
      this.#session = readTicket(state, message, { ...this.#options, peerCertificates: this.#peerCertificates });
    if (message.name === 'certificate_request') await answerCertificateRequest(state, message, this.#options);
  }
}

function unsupported(expected: string): MtlsFixturesError {
  return invalidOption('connection', 'TLSv1.3', expected);
}
