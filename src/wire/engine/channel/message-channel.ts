import type { Duplex } from 'node:stream';
import { after, monotonicNow, nextTurn } from '../../../clock/real-clock.ts';
import { alertOf } from '../../records/alert-record.ts';
import { alertCode, type AlertName } from '../../records/alerts.ts';
import { recordHeaderLength, RecordSplitter } from '../../records/record-splitter.ts';
import { looksLikeTls } from '../../records/tls-record.ts';
import { contentType } from '../../registry/content-types.ts';
import type { Side } from '../../tap/capture.ts';
import type { EngineVersion } from '../engine-version.ts';
import { EngineError, type HandshakeEnd, type Step } from '../handshake-end.ts';
import type { PeerCheck } from '../peer-check.ts';
import { ByteInput } from './byte-input.ts';
import { type Incoming, IncomingMessages } from './incoming.ts';
import { plaintext, type RecordProtection } from './record-protection.ts';

/** How a channel is set up. */
export interface ChannelOptions {
  readonly side: Side;
  readonly version: EngineVersion;
  readonly timeout: number;
  readonly skipped: ReadonlySet<PeerCheck>;
}

/** The messages of a connection, through its records. Every way in which it can end is an {@link EngineError}. */
export class MessageChannel {
  readProtection: RecordProtection = plaintext;
  writeProtection: RecordProtection = plaintext;
  readonly #stream: Duplex;
  readonly #options: ChannelOptions;
  readonly #input: ByteInput;
  readonly #splitter = new RecordSplitter();
  readonly #records: Buffer[] = [];
  readonly #messages = new IncomingMessages();
  #step: Step;
  #sawTls = false;
  #end: HandshakeEnd | undefined;

  constructor(stream: Duplex, options: ChannelOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#input = new ByteInput(stream);
    this.#step = options.side === 'client' ? 'server server_hello' : 'client client_hello';
  }

  /** What is awaited, or was sent last. */
  get step(): Step {
    return this.#step;
  }

  /** Whether no octet of a handshake message waits: only there may the peer's keys change (RFC 8446 5.1). */
  get isAtBoundary(): boolean {
    return this.#messages.isEmpty;
  }

  /** The next message of the peer, which has to come within the timeout however it is cut. A fatal alert and every other end is thrown. */
  async receive(step: Step): Promise<Incoming> {
    if (this.#end) throw new EngineError(this.#end);
    this.#step = step;
    const deadline = monotonicNow() + this.#options.timeout;
    for (;;) {
      const message = this.#messages.take() ?? this.#read(await this.#nextRecord(deadline));
      if (message) return message;
    }
  }

  /**
   * Sends bytes that are records already. A peer that has left is found by the next read: what it sent is read before, for a write that fails destroys a socket with
   * what was not read yet.
   */
  async write(records: Uint8Array): Promise<void> {
    for (let turn = 0; turn < 2; turn += 1) await new Promise<void>((resolve) => nextTurn(resolve)); // the first may be the one whose events are being handled
    if (this.#stream.destroyed || this.#stream.writableEnded || records.length === 0) return;
    if (this.#stream.write(records)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        cancel();
        for (const event of ['drain', 'close', 'error']) this.#stream.off(event, done);
        resolve();
      };
      const cancel = after(this.#options.timeout, done);
      for (const event of ['drain', 'close', 'error']) this.#stream.once(event, done);
    });
  }

  /** Requires something of the peer, unless this check is left out. */
  require(check: PeerCheck, holds: boolean, problem: string, alert: AlertName): void {
    if (!holds && !this.#options.skipped.has(check)) this.fail(problem, alert);
  }

  /** Ends the connection for what the peer did: sends the alert and throws. */
  fail(problem: string, alert: AlertName): never {
    return this.#leave({ kind: 'wrong-answer', problem, alert, step: this.#step }, alert);
  }

  /** Sends an alert. */
  async alert(name: AlertName): Promise<void> {
    await this.write(this.#sealedAlert(name));
  }

  /** Ends this side's part of the stream; what the peer still sends is read and not kept. */
  end(): void {
    if (!this.#stream.writableEnded && !this.#stream.destroyed) this.#stream.end();
    this.#input.discard();
    after(this.#options.timeout, () => this.#stream.destroy(), { unref: true });
  }

  #leave(end: HandshakeEnd, alert?: AlertName): never {
    this.#end ??= end;
    if (alert && !this.#stream.writableEnded && !this.#stream.destroyed) this.#stream.write(this.#sealedAlert(alert));
    this.end();
    throw new EngineError(end);
  }

  #sealedAlert(name: AlertName): Buffer {
    const level = name === 'close_notify' || name === 'user_canceled' || name === 'no_renegotiation' ? 1 : 2;
    return this.writeProtection.seal(contentType.alert, Uint8Array.of(level, alertCode(name) ?? 0)); // an AlertName has a number
  }

  async #nextRecord(deadline: number): Promise<Buffer> {
    for (;;) {
      const record = this.#records.shift();
      if (record) return record;
      const chunk = await this.#input.next(deadline - monotonicNow());
      if (chunk === 'closed') this.#leave({ kind: 'closed', closeNotify: false, step: this.#step });
      if (chunk === 'reset') this.#leave({ kind: 'reset', step: this.#step });
      if (chunk === 'silent') this.#leave({ kind: 'silent', milliseconds: this.#options.timeout, step: this.#step });
      if (!this.#sawTls && !looksLikeTls(chunk))
        this.#leave({ kind: 'not-tls', received: chunk.toString('latin1', 0, 40), step: this.#step });
      this.#sawTls = true;
      this.#records.push(...this.#splitter.push(chunk));
      this.#boundPending();
    }
  }

  /** A record that announces more than it may is refused before the rest comes. */
  #boundPending(): void {
    const { pending } = this.#splitter;
    if (pending.length >= recordHeaderLength && this.#records.length === 0) this.#boundRecord(pending);
  }

  #boundRecord(record: Buffer): void {
    const length = record.readUInt16BE(3);
    const most = this.readProtection.largestFragment;
    this.require('record-length', length <= most, `a record of ${length} octets came, where ${most} are allowed`, 'record_overflow');
  }

  #read(record: Buffer): Incoming | undefined {
    this.#boundRecord(record);
    const opened = isPlainAlert(record) ? plaintext.open(record) : this.readProtection.open(record);
    if ('problem' in opened) this.fail(opened.problem, opened.alert);
    const { type, content } = opened;
    this.require('record-length', content.length <= 2 ** 14, `a record holds ${content.length} octets`, 'record_overflow');
    if (type === contentType.alert) return this.#alert(content);
    if (this.#messages.hasPartial && type !== contentType.handshake)
      this.require('interleaved-record', false, 'another record came within a handshake message', 'unexpected_message');
    const body = Buffer.from(content);
    if (type === contentType.change_cipher_spec) return { name: 'change_cipher_spec', body, octets: body };
    if (type === contentType.application_data) return { name: 'application_data', body, octets: body };
    if (type !== contentType.handshake) this.fail(`a record of the content type ${type} came`, 'unexpected_message');
    this.require('empty-record', content.length > 0, 'a handshake record without content came', 'unexpected_message');
    const excess = this.#messages.push(content);
    if (excess !== undefined) this.fail(`a handshake message announces ${excess} octets`, 'illegal_parameter');
    return this.#messages.take();
  }

  /** TLS 1.3 takes every alert as fatal but two; TLS 1.2 goes by the level (RFC 8446 6, RFC 5246 7.2). */
  #alert(content: Uint8Array): Incoming | undefined {
    const [level, code] = content;
    if (content.length !== 2 || level === undefined || code === undefined) this.fail('an alert without two octets came', 'decode_error');
    if (code === alertCode('close_notify')) this.#leave({ kind: 'closed', closeNotify: true, step: this.#step });
    const isWarning = this.#options.version === 'TLSv1.3' ? code === alertCode('user_canceled') : level === 1;
    const body = Buffer.from(content);
    if (isWarning || this.#options.skipped.has('alert-level')) return { name: 'alert', body, octets: body };
    const sentBy = this.#options.side === 'client' ? 'server' : 'client';
    return this.#leave({ kind: 'refused', alert: alertOf(code, sentBy), step: this.#step });
  }
}

/** An alert of a peer that has no keys, or not these: two octets are too few to be protected. */
function isPlainAlert(record: Buffer): boolean {
  return record[0] === contentType.alert && record.length === recordHeaderLength + 2;
}
