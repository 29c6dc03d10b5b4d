import { alertOf } from '../../records/alert-record.ts';
import { alertCode } from '../../records/alerts.ts';
import { expandTls12Keys, type Tls12Protection } from '../../records/tls12-protection.ts';
import type { PrfHash } from '../../records/tls12-prf.ts';
import { extensionType } from '../../registry/extension-types.ts';
import type { Side } from '../../tap/capture.ts';
import type { Incoming } from '../channel/incoming.ts';
import { plaintext, type RecordProtection } from '../channel/record-protection.ts';
import { isHandshakeName } from '../encode-message.ts';
import type { MessageName, WriteKeys } from '../flight.ts';
import { EngineError } from '../handshake-end.ts';
import type { PeerState } from '../peer-state.ts';
import type { VersionRules } from '../version-rules.ts';
import { type EngineSuite, suiteOf } from './cipher-suites.ts';
import { readServerHello } from './hello.ts';
import { tls12Records } from './record-protection.ts';
import { masterSecret, type Randoms, verifyData } from './secrets.ts';

/** The verify_data of both sides' Finished. */
export type BothVerifyData = Readonly<Record<Side, Buffer>>;

/** The secrets and keys of a connection of TLS 1.2, as far as the handshake has come, and what one handshake leaves to the next. */
export class Tls12Rules implements VersionRules {
  /** What both hellos agree on; undefined before the ServerHello. */
  agreed: { readonly suite: EngineSuite; readonly randoms: Randoms; readonly extended: boolean } | undefined;
  /** The secret of the key exchange. */
  premasterSecret: Buffer | undefined;
  /** Of the handshake that was completed last (RFC 5746 3.1). */
  completed: BothVerifyData | undefined;
  /** The numbers of the signature schemes that the peer takes. */
  peerSchemes: readonly number[] = [];
  /** Application data that came while a renegotiation ran. */
  readonly early: Buffer[] = [];
  readonly #state: PeerState;
  #isRunning = true;
  #sessionHash: Buffer | undefined;
  #masterSecret: Buffer | undefined;
  #hasChangedRead = false;

  constructor(state: PeerState) {
    this.#state = state;
  }

  get hash(): PrfHash {
    return this.agreed?.suite.records.hash ?? 'sha256';
  }

  /** A CertificateVerify signs all messages so far, and not their hash (RFC 5246 7.4.8). */
  signedContent(): Buffer {
    return this.#state.transcript.octets();
  }

  verifyData(): Buffer {
    return this.verifyDataOf(this.#state.side);
  }

  /** The verify_data of either side's Finished after the messages so far. */
  verifyDataOf(sentBy: Side): Buffer {
    return verifyData(this.hash, this.masterSecret(), { sentBy, transcriptHash: this.#state.transcript.hash(this.hash) });
  }

  keysFor(): WriteKeys {
    return this.#state.channel.writeProtection === plaintext ? 'none' : 'application';
  }

  /** There is one kind of keys; before this side has changed to them they are those that it would change to. */
  protectionOf(keys: WriteKeys): RecordProtection {
    if (keys === 'none') return plaintext;
    const { writeProtection } = this.#state.channel;
    return writeProtection === plaintext ? (this.#recordsOf(this.#state.side) ?? plaintext) : writeProtection;
  }

  /** A HelloRequest is not part of any handshake (RFC 5246 7.4.1.1). */
  isInTranscript(name: MessageName): boolean {
    return isHandshakeName(name) && name !== 'hello_request';
  }

  complete(_name: MessageName, octets: Buffer): Buffer {
    return octets;
  }

  sent(name: MessageName): void {
    if (name === 'client_key_exchange') this.keepSessionHash();
    if (name === 'server_hello') this.#takeSentHello();
    if (name !== 'change_cipher_spec') return;
    const records = this.#recordsOf(this.#state.side);
    if (records) this.#state.channel.writeProtection = records;
  }

  /** What may come between the messages of a handshake: warnings; at a client a HelloRequest (RFC 5246 7.4.1.1); in a renegotiation application data. */
  isIgnored({ name, body }: Incoming): boolean {
    if (name === 'alert') {
      if (this.#isRunning && body[1] === alertCode('no_renegotiation')) this.#refuseRenegotiation();
      return true;
    }
    if (!this.#isRunning) return false;
    if (name === 'hello_request') return this.#state.side === 'client';
    if (name !== 'application_data' || !this.completed || this.#hasChangedRead) return false;
    this.early.push(body);
    return true;
  }

  /** The handshake is complete: keeps what a renegotiation has to prove, the verify_data of both sides as they were sent (RFC 5746 3.1). */
  finish(): void {
    const { side } = this.#state;
    const none = Buffer.alloc(0);
    const own = this.#state.sent('finished') ?? none;
    const others = this.#state.received('finished') ?? none;
    this.completed = side === 'client' ? { client: own, server: others } : { client: others, server: own };
    this.stop();
  }

  /** No handshake runs any more: it is complete, or the peer does not want it. */
  stop(): void {
    this.#isRunning = false;
  }

  /** Starts a renegotiation: the keys stay until either side changes them. */
  startAnew(): void {
    this.#state.startAnew();
    this.agreed = undefined;
    this.premasterSecret = undefined;
    this.peerSchemes = [];
    this.#isRunning = true;
    this.#sessionHash = undefined;
    this.#masterSecret = undefined;
    this.#hasChangedRead = false;
  }

  /** The peer has said which schemes it takes. */
  takeSchemes(numbers: readonly number[]): void {
    this.peerSchemes = numbers;
    this.#state.takeSchemes(numbers);
  }

  /** Keeps the hash of the messages up to the ClientKeyExchange, which has just entered the transcript (RFC 7627 3). */
  keepSessionHash(): void {
    this.#sessionHash = this.#state.transcript.hash(this.hash);
  }

  /** Takes the master secret of the session that is resumed. */
  resume(secret: Buffer): void {
    this.#keep(secret);
  }

  /**
   * Made when it is first needed. Where no ClientKeyExchange was sent, the messages so far stand for those up to it; where there was no key exchange at all, the
   * premaster secret is empty.
   */
  masterSecret(): Buffer {
    if (this.#masterSecret) return this.#masterSecret;
    const { extended = false, randoms = noRandoms } = this.agreed ?? {};
    const from = extended ? { sessionHash: this.#sessionHash ?? this.#state.transcript.hash(this.hash) } : randoms;
    return this.#keep(masterSecret(this.hash, this.premasterSecret ?? Buffer.alloc(0), from));
  }

  /** The peer has changed its keys. */
  changeRead({ body }: Incoming): void {
    const { channel, peer } = this.#state;
    channel.require('change-cipher-spec', body.equals(Uint8Array.of(1)), 'a malformed change_cipher_spec came', 'illegal_parameter');
    channel.require('key-boundary', channel.isAtBoundary, 'change_cipher_spec came within a message', 'unexpected_message');
    const records = this.#recordsOf(peer);
    if (records) channel.readProtection = records;
    this.#hasChangedRead = true;
  }

  /** An edit may have changed it, and the client goes by what it was sent. */
  #takeSentHello(): void {
    const hello = readServerHello(this.#state.sent('server_hello') ?? Buffer.alloc(0));
    if (!hello || !this.agreed) return;
    this.agreed = {
      suite: suiteOf(hello.cipherSuite) ?? this.agreed.suite,
      extended: hello.extensions.byType.has(extensionType.extended_master_secret),
      randoms: { ...this.agreed.randoms, serverRandom: hello.random },
    };
  }

  #keep(secret: Buffer): Buffer {
    this.#masterSecret = secret;
    const random = Buffer.from((this.agreed?.randoms ?? noRandoms).clientRandom).toString('hex');
    this.#state.options.onKeyLog?.(`CLIENT_RANDOM ${random} ${secret.toString('hex')}`);
    return secret;
  }

  #recordsOf(side: Side): RecordProtection | undefined {
    const keys: Readonly<Record<Side, Tls12Protection>> | undefined =
      this.agreed && expandTls12Keys(this.agreed.suite.records, this.masterSecret(), this.agreed.randoms);
    return keys && tls12Records(keys[side]);
  }

  #refuseRenegotiation(): never {
    const { channel, peer } = this.#state;
    const code = alertCode('no_renegotiation') ?? 0; // it is in the table
    throw new EngineError({ kind: 'refused', alert: alertOf(code, peer), step: channel.step });
  }
}

const noRandoms: Randoms = { clientRandom: Buffer.alloc(32), serverRandom: Buffer.alloc(32) };
