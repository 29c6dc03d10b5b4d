import type { Duplex } from 'node:stream';
import { messageOf, MtlsFixturesError } from '../../errors/index.ts';
import { type SignatureScheme, signatureSchemes } from '../registry/names.ts';
import type { Side } from '../tap/capture.ts';
import type { Incoming } from './channel/incoming.ts';
import { MessageChannel } from './channel/message-channel.ts';
import { RecordBatch } from './channel/record-batch.ts';
import { defaultSignatureSchemes, fitsKey } from './crypto/signature-schemes.ts';
import { makeSignature } from './crypto/signatures.ts';
import { contentTypeOf, encodeMessage, isHandshakeName } from './encode-message.ts';
import type { EngineCredential } from './engine-credential.ts';
import type { Agreed, FlightContext, FlightEdit, FlightMessage, FlightName, MessageName, SignOptions } from './flight.ts';
import type { PeerCheck } from './peer-check.ts';
import type { PeerOptions } from './peer-options.ts';
import { Transcript } from './transcript.ts';
import type { VersionRules } from './version-rules.ts';

/** One side of a connection: what it sent and received, and what follows from that. The same for both versions. */
export class PeerState<Rules extends VersionRules = VersionRules> {
  readonly side: Side;
  readonly options: PeerOptions;
  readonly channel: MessageChannel;
  readonly rules: Rules;
  transcript = new Transcript();
  agreed: Agreed = { resumed: false };
  credential: EngineCredential | undefined;
  /** The numbers of the schemes that the peer takes; none before it has said so. */
  #peerSchemes: readonly number[] = [];
  #handshake = 1;
  #sent = new Map<MessageName, Buffer>();
  #received = new Map<MessageName, Buffer>();
  #ignored = 0;
  #putBack: Incoming | undefined;

  constructor(stream: Duplex, setUp: PeerSetUp<Rules>) {
    const { side, options, rules } = setUp;
    this.side = side;
    this.options = options;
    this.credential = options.credential;
    this.rules = rules(this);
    const { version, timeout = defaultTimeout, skipped = nothing } = options;
    this.channel = new MessageChannel(stream, { side, version, timeout, skipped });
  }

  get peer(): Side {
    return this.side === 'client' ? 'server' : 'client';
  }

  get schemes(): readonly SignatureScheme[] {
    return this.options.signatureSchemes ?? defaultSignatureSchemes();
  }

  /** The peer has said by their numbers which schemes it takes. */
  takeSchemes(numbers: readonly number[]): void {
    this.#peerSchemes = numbers;
  }

  /** What both sides have agreed on now. */
  agree(parameters: Partial<Agreed>): void {
    this.agreed = { ...this.agreed, ...parameters };
  }

  /** Goes on from another transcript. */
  useTranscript(transcript: Transcript): void {
    this.transcript = transcript;
  }

  /** Whether a check is left out. */
  skips(check: PeerCheck): boolean {
    return this.options.skipped?.has(check) === true;
  }

  /** Another handshake on the same connection: a renegotiation. */
  startAnew(): void {
    this.#handshake += 1;
    this.transcript = new Transcript();
    this.agreed = { resumed: false };
    this.#peerSchemes = [];
    this.#sent = new Map();
    this.#received = new Map();
  }

  sent(name: MessageName): Buffer | undefined {
    return this.#sent.get(name);
  }

  received(name: MessageName): Buffer | undefined {
    return this.#received.get(name);
  }

  /** The next message of the peer, which has to be one of these; the first is the one that a step names. It is not part of the transcript before `accept`. */
  async expect(...names: readonly [MessageName, ...MessageName[]]): Promise<Incoming> {
    for (;;) {
      const message = this.#putBack ?? (await this.channel.receive(`${this.peer} ${names[0]}`));
      this.#putBack = undefined;
      if (this.#isIgnored(message)) continue;
      if (names.some((name) => name === message.name)) return message;
      this.#refuseUnexpected(message, names);
    }
  }

  /** The same for a message that an implementation without this check does not miss: nothing where `next` comes in its place, which the next `expect` gets. */
  async expectUnlessSkipped(check: PeerCheck, name: MessageName, next: MessageName): Promise<Incoming | undefined> {
    const message = this.skips(check) ? await this.expect(name, next) : await this.expect(name);
    if (message.name === name) return message;
    this.putBack(message);
    return undefined;
  }

  /** The next `expect` gets this message again. */
  putBack(message: Incoming): void {
    this.#putBack = message;
  }

  /** Takes a message of the peer into the transcript. */
  accept(message: Incoming): void {
    if (message.name.startsWith('handshake_')) return;
    this.#received.set(message.name as MessageName, message.body); // what else the name may be was just tested
    if (this.rules.isInTranscript(message.name as MessageName)) this.transcript.add(message.octets);
  }

  /** Sends a flight, edited where an edit is given for it. */
  async sendFlight(flight: FlightName, messages: readonly FlightMessage[]): Promise<void> {
    await this.#send(flight, messages, this.options.edits?.[flight]);
  }

  /** Sends application data, which no edit changes. */
  async sendData(bytes: Uint8Array): Promise<void> {
    await this.#send('post-handshake', [{ name: 'application_data', body: () => bytes }]);
  }

  async #send(flight: FlightName, messages: readonly FlightMessage[], edit?: FlightEdit): Promise<void> {
    const context = this.#context(flight);
    try {
      const edited = edit?.(messages, context) ?? messages;
      const batch = new RecordBatch();
      for (const message of edited) this.#put(message, context, batch);
      await this.channel.write(encodable({ context, edited }, undefined, () => batch.finish()));
    } catch (error) {
      this.channel.end(); // an edit that cannot be made: the peer is not left waiting
      throw error;
    }
  }

  #put(message: FlightMessage, context: FlightContext, batch: RecordBatch): void {
    const { name } = message;
    const keys = message.keys ?? this.rules.keysFor(name);
    encodable({ context, edited: [message] }, name, () => {
      const encoded = encodeMessage(message, context);
      const octets = message.raw ? encoded : this.rules.complete(name, encoded);
      batch.add({ ...message, octets, type: contentTypeOf(name), protection: this.rules.protectionOf(keys) });
      this.#sent.set(name, isHandshakeName(name) ? octets.subarray(4) : octets);
      if (this.rules.isInTranscript(name) && message.outsideTranscript !== true) this.transcript.add(octets);
      this.rules.sent(name);
    });
  }

  #context(flight: FlightName): FlightContext {
    const signatureScheme = (): SignatureScheme => this.#signatureScheme();
    return {
      side: this.side,
      flight,
      version: this.options.version,
      handshake: this.#handshake,
      agreed: this.agreed,
      credential: this.credential,
      sent: (name) => this.#sent.get(name),
      received: (name) => this.#received.get(name),
      transcript: () => this.transcript.octets(),
      transcriptHash: () => this.transcript.hash(this.rules.hash),
      signedContent: () => this.rules.signedContent(),
      verifyData: () => this.rules.verifyData(),
      signatureScheme,
      sign: (options) => this.#sign(options),
    };
  }

  #sign({ scheme = this.#signatureScheme(), hash, key, content }: SignOptions = {}): Buffer {
    const signer = key ?? this.credential?.privateKey;
    if (!signer) throw new RangeError('there is no key to sign with');
    return makeSignature({ scheme, key: signer, content: content ?? this.rules.signedContent(), ...(hash !== undefined && { hash }) });
  }

  /** The first of its own schemes that its key can make and the peer takes; where there is none, one that its key can make. */
  #signatureScheme(): SignatureScheme {
    const key = this.credential?.privateKey;
    const possible = key ? this.schemes.filter((scheme) => fitsKey(scheme, key, this.options.version)) : [];
    return possible.find((scheme) => this.#peerSchemes.includes(signatureSchemes[scheme])) ?? possible[0] ?? 'rsa_pss_rsae_sha256';
  }

  /** What means nothing may come a number of times, and not for ever. */
  #isIgnored(message: Incoming): boolean {
    if (!this.rules.isIgnored(message)) return false;
    this.#ignored += 1;
    if (this.#ignored > mostIgnored) this.channel.fail('too many records came that mean nothing', 'unexpected_message');
    return true;
  }

  #refuseUnexpected(message: Incoming, names: readonly MessageName[]): void {
    const isOfHandshake = placed.has(message.name);
    this.channel.require(
      isOfHandshake ? 'message-order' : 'unexpected-message',
      false,
      `${message.name} came in place of ${names.join(' or ')}`,
      'unexpected_message',
    );
    this.accept(message); // an implementation that reads over a message still counts it
  }
}

/** What a state is made of. */
export interface PeerSetUp<Rules extends VersionRules> {
  readonly side: Side;
  readonly options: PeerOptions;
  readonly rules: (state: PeerState) => Rules;
}

/** Says which message of which flight cannot be encoded. */
function encodable<T>(
  { context, edited }: { readonly context: FlightContext; readonly edited: readonly FlightMessage[] },
  name: MessageName | undefined,
  encode: () => T,
): T {
  try {
    return encode();
  } catch (error) {
    if (error instanceof MtlsFixturesError) throw error;
    const present = edited.map((message) => message.name);
    const facts = { flight: context.flight, message: name ?? present.join(', '), problem: messageOf(error), present };
    throw new MtlsFixturesError('FLIGHT_EDIT_INVALID', facts, { cause: error });
  }
}

const nothing: ReadonlySet<PeerCheck> = new Set();
const defaultTimeout = 5000;
const mostIgnored = 32;
/** The messages that a handshake of the two versions has. */
const placed: ReadonlySet<string> = new Set<MessageName>([
  'hello_request',
  'client_hello',
  'server_hello',
  'hello_retry_request',
  'new_session_ticket',
  'encrypted_extensions',
  'certificate',
  'compressed_certificate',
  'server_key_exchange',
  'certificate_request',
  'server_hello_done',
  'certificate_verify',
  'client_key_exchange',
  'finished',
]);
