import { nextTrafficSecret } from '../../../records/expand-label.ts';
import { hashOfSuite } from '../../../records/protected-record.ts';
import type { Side } from '../../../tap/capture.ts';
import type { Incoming } from '../../channel/incoming.ts';
import { plaintext, type RecordProtection } from '../../channel/record-protection.ts';
import { isHandshakeName } from '../../encode-message.ts';
import type { MessageName, WriteKeys } from '../../flight.ts';
import type { PeerState } from '../../peer-state.ts';
import type { VersionRules } from '../../version-rules.ts';
import { completeBinders } from './binders.ts';
import { signedContentOf } from '../messages/certificate-verify.ts';
import { finishedMac, KeySchedule } from './key-schedule.ts';
import { Tls13Protection } from './tls13-protection.ts';

type BySide = Readonly<Record<Side, Buffer>>;

/** The keys of a connection of TLS 1.3, as far as the handshake has come (RFC 8446 7). */
export class Tls13Rules implements VersionRules {
  /** The pre-shared key that was agreed on, and the hash of its binder: before the keys of the handshake. */
  preSharedKey: Buffer | undefined;
  /** The secret that both shares give; to be set before the ServerHello is sent, or when it came. */
  sharedSecret: Buffer | undefined;
  /** The offered session, whose binder a ClientHello of this side carries. */
  offered: { readonly hash: string; readonly key: Buffer } | undefined;
  resumptionMaster: Buffer | undefined;
  readonly #state: PeerState;
  #schedule: KeySchedule | undefined;
  #handshakeSecrets: BySide | undefined;
  #applicationSecrets: BySide | undefined;
  #write: WriteKeys = 'none';
  #protections: Partial<Record<WriteKeys, RecordProtection>> = { none: plaintext };
  #peerHasFinished = false;
  /** The peer's keys of the application, where it may use them without a Finished. */
  #unfinished: RecordProtection | undefined;

  constructor(state: PeerState) {
    this.#state = state;
  }

  get hash(): string {
    return hashOfSuite(this.#state.agreed.cipherSuite ?? '') ?? 'sha256';
  }

  signedContent(): Buffer {
    return signedContentOf(this.#state.side, this.#transcriptHash());
  }

  verifyData(): Buffer {
    return this.verifyDataOf(this.#state.side);
  }

  /** The verify_data of either side's Finished now; after the handshake that of post-handshake authentication. */
  verifyDataOf(side: Side): Buffer {
    const secrets = this.resumptionMaster ? this.#applicationSecrets : this.#handshakeSecrets;
    if (!secrets) throw new RangeError('there are no keys for a Finished yet');
    return finishedMac(this.hash, secrets[side], this.#transcriptHash());
  }

  keysFor(name: MessageName): WriteKeys {
    return name === 'change_cipher_spec' ? 'none' : this.#write;
  }

  protectionOf(keys: WriteKeys): RecordProtection {
    const protection = this.#protections[keys];
    if (!protection) throw new RangeError(`there are no keys of the kind "${keys}" yet`);
    return protection;
  }

  complete(name: MessageName, octets: Buffer): Buffer {
    if (name !== 'client_hello' || !this.offered) return octets;
    return completeBinders(octets, this.#state.transcript, this.offered);
  }

  sent(name: MessageName): void {
    if (name === 'server_hello') this.enterHandshake();
    if (name === 'finished' && this.#state.side === 'server') this.enterApplication();
    if (name === 'finished' && this.#state.side === 'client') this.leaveHandshake();
    if (name === 'key_update') this.updateKeys(this.#state.side);
  }

  /** Tickets and changes of keys are not (RFC 8446 4.4.1). */
  isInTranscript(name: MessageName): boolean {
    return isHandshakeName(name) && name !== 'new_session_ticket' && name !== 'key_update';
  }

  /** RFC 8446 5, D.4: a change_cipher_spec of one octet means nothing before the peer's Finished; user_canceled only announces an end. */
  isIgnored({ name, body }: Incoming): boolean {
    if (name === 'alert') return true;
    if (name !== 'change_cipher_spec' || this.#peerHasFinished) return false;
    this.#state.channel.require(
      'change-cipher-spec',
      body.equals(Uint8Array.of(1)),
      'a malformed change_cipher_spec came',
      'unexpected_message',
    );
    return true;
  }

  /** Both hellos are in the transcript: the keys of the handshake follow. What the peer sends is read with its own from now on. */
  enterHandshake(): void {
    if (this.#handshakeSecrets || !this.sharedSecret) return;
    const schedule = new KeySchedule(this.hash, this.preSharedKey);
    schedule.addSharedSecret(this.sharedSecret);
    this.#handshakeSecrets = this.#secrets(schedule, 'hs traffic', 'HANDSHAKE_TRAFFIC_SECRET');
    schedule.finish();
    this.#schedule = schedule;
    this.#protections = { ...this.#protections, handshake: this.#protection(this.#handshakeSecrets[this.#state.side]) };
    this.#writeWith('handshake');
    this.#readWith(this.#handshakeSecrets[this.#state.peer]);
  }

  /** The server's Finished is in the transcript: the keys of the application follow. A server writes with them at once, a client reads with them. */
  enterApplication(): void {
    if (this.#applicationSecrets || !this.#schedule) return;
    this.#applicationSecrets = this.#secrets(this.#schedule, 'ap traffic', 'TRAFFIC_SECRET_0');
    this.#log('EXPORTER_SECRET', this.#schedule.derive('exp master', this.#transcriptHash()));
    this.#protections = { ...this.#protections, application: this.#protection(this.#applicationSecrets[this.#state.side]) };
    if (this.#state.side === 'client') return this.readApplication();
    this.#writeWith('application');
    if (!this.#state.skips('finished-required') || !this.#handshakeSecrets) return;
    this.#unfinished = this.#protection(this.#applicationSecrets.client);
    this.#state.channel.readProtection = this.#protection(this.#handshakeSecrets.client, this.#unfinished);
  }

  /** The peer has finished: it sends with the keys of the application from now on. */
  readApplication(): void {
    this.#peerHasFinished = true;
    if (this.#unfinished) this.#state.channel.readProtection = this.#unfinished;
    else if (this.#applicationSecrets) this.#readWith(this.#applicationSecrets[this.#state.peer]);
  }

  /** The client's Finished is in the transcript, or its flight is over without one. */
  leaveHandshake(): void {
    if (this.resumptionMaster || !this.#schedule || !this.#applicationSecrets) return;
    this.resumptionMaster = this.#schedule.derive('res master', this.#transcriptHash());
    this.#writeWith('application');
  }

  /** A KeyUpdate: the keys of one side change (RFC 8446 7.2). */
  updateKeys(side: Side): void {
    if (!this.#applicationSecrets) return;
    const secret = nextTrafficSecret(this.hash, this.#applicationSecrets[side]);
    this.#applicationSecrets = { ...this.#applicationSecrets, [side]: secret };
    if (side === this.#state.peer) return this.#readWith(secret);
    this.#protections = { ...this.#protections, application: this.#protection(secret) };
    this.#writeWith('application');
  }

  #secrets(schedule: KeySchedule, label: string, logLabel: string): BySide {
    const hash = this.#transcriptHash();
    const secrets = { client: schedule.derive(`c ${label}`, hash), server: schedule.derive(`s ${label}`, hash) };
    this.#log(`CLIENT_${logLabel}`, secrets.client);
    this.#log(`SERVER_${logLabel}`, secrets.server);
    return secrets;
  }

  #log(label: string, secret: Buffer): void {
    const { side, options } = this.#state;
    const hello = side === 'client' ? this.#state.sent('client_hello') : this.#state.received('client_hello');
    options.onKeyLog?.(`${label} ${(hello ?? Buffer.alloc(0)).toString('hex', 2, 34)} ${secret.toString('hex')}`);
  }

  #readWith(secret: Buffer): void {
    const { channel } = this.#state;
    channel.require('key-boundary', channel.isAtBoundary, 'a message goes on behind a change of keys', 'unexpected_message');
    channel.readProtection = this.#protection(secret);
  }

  #writeWith(keys: WriteKeys): void {
    this.#write = keys;
    this.#state.channel.writeProtection = this.protectionOf(keys);
  }

  #protection(secret: Buffer, next?: RecordProtection): RecordProtection {
    return new Tls13Protection(this.#state.agreed.cipherSuite ?? '', secret, next);
  }

  #transcriptHash(): Buffer {
    return this.#state.transcript.hash(this.hash);
  }
}
