import type { Socket } from 'node:net';
import { afterAwake } from '../clock/after-awake.ts';
import { after } from '../clock/real-clock.ts';
import { MtlsFixturesError } from '../errors/index.ts';
import { usualWaits } from '../handshake/attempt/acceptance-watch.ts';
import type { EndOutcome, EndReport } from '../handshake/verdict/end-report.ts';
import { LazyHandshake, type Recorded } from '../handshake/verdict/lazy-handshake.ts';
import { roundTrip } from '../handshake/verdict/quiet-period.ts';
import { decodeHandshake } from '../wire/decode/decode-handshake.ts';
import type { DecodedMessage } from '../wire/decode/decoded-message.ts';
import type { StreamEnd } from '../wire/decode/stream-end.ts';
import { clientHelloOf } from '../wire/hello/hello.ts';
import { looksLikeTls, recordsOf } from '../wire/records/tls-record.ts';
import { Capture, type Side } from '../wire/tap/capture.ts';
import { startOfTls } from './clear-text.ts';
import type { KeyLogFiles } from './key-log-files.ts';
import { pipeStream } from './piped-stream.ts';
import type { RelayFaults } from './relay-options.ts';
import { sessionOnWire } from './session-on-wire.ts';
import { wireEvents } from './wire-event.ts';
import { judgeWire, type WireJudgement } from './wire-judgement.ts';

/** What a connection is relayed with. */
export interface ConnectionParts {
  readonly near: Socket;
  readonly far: Socket;
  readonly target: { readonly host: string; readonly port: number };
  readonly keyLogs: KeyLogFiles;
  readonly faults: RelayFaults;
  /** Whether text in the clear comes before TLS. */
  readonly startsInClear: boolean;
  /** Called once: the handshake, or why there is no judgement; with what the key logs lack. */
  readonly judged: (outcome: Recorded | MtlsFixturesError, lacks: MtlsFixturesError | undefined) => void;
}

/** One connection between two peers that are not ours: passes its octets on, and judges its handshake by what passes. */
export class RelayedConnection {
  readonly #parts: ConnectionParts;
  readonly #ends: StreamEnd[] = [];
  readonly #capture = new Capture();
  #isTls: boolean;
  #done = false;
  /** Whether the secrets are waited for, or have been. */
  #keys: 'not awaited' | 'awaited' | 'settled' = 'not awaited';
  /** One side does not speak TLS. */
  #isOdd = false;
  #isComplete = false;
  #hasClientData = false;
  #cancel: (() => void) | undefined;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#isTls = !parts.startsInClear;
    const { near, far, faults } = parts;
    pipeStream(near, far, this.#watch('client'), faults.client);
    pipeStream(far, near, this.#watch('server'), faults.server);
  }

  /** The relay is being closed. */
  close(): void {
    this.#cancel?.();
    this.#done = true;
    this.#parts.near.destroy();
    this.#parts.far.destroy();
  }

  #watch(sentBy: Side): { passed: (bytes: Buffer) => void; ended: (how: 'closed' | 'reset') => void } {
    return {
      passed: (bytes) => {
        if (!this.#done) this.#onPassed(sentBy, bytes);
      },
      ended: (how) => {
        if (this.#done) return;
        this.#ends.push({ sentBy, how: how === 'reset' ? 'reset' : 'end', atMs: this.#capture.elapsed() });
        this.#judge();
      },
    };
  }

  #onPassed(sentBy: Side, bytes: Buffer): void {
    const start = this.#isTls ? 0 : sentBy === 'client' ? startOfTls(bytes) : -1;
    if (start < 0) return;
    this.#isTls = true;
    const hadRoom = !this.#capture.isFullOf(sentBy);
    this.#capture.add(sentBy, bytes.subarray(start));
    if (hadRoom && this.#mayDecide(sentBy, bytes)) this.#judge();
  }

  /** Whether this can change anything: reading all that passed again for each piece would take longer and longer. */
  #mayDecide(sentBy: Side, bytes: Uint8Array): boolean {
    this.#isOdd ||= this.#capture.chunks.length <= 2 && !looksLikeTls(bytes);
    if (this.#isOdd) return false;
    if (sentBy === 'server' || !this.#isComplete) return true;
    // Of what the client sends after the handshake the first piece says that there is some.
    const isFirst = !this.#hasClientData;
    this.#hasClientData = true;
    return isFirst;
  }

  #judge(): void {
    if (this.#keys === 'awaited') return;
    this.#cancel?.();
    const records = recordsOf(this.#capture.chunks);
    const random = clientHelloOf(records)?.random;
    this.#addSecrets(random);
    const messages = decodeHandshake(records, { keyLog: this.#capture.secrets.keyLog, ends: this.#ends });
    const judgement = judgeWire(wireEvents(messages), { ...usualWaits, roundTrip: this.#roundTrip });
    if (judgement.kind !== 'open') this.#decide(judgement, messages, random);
    else if (judgement.acceptedAt !== undefined) {
      this.#isComplete = true;
      const left = Math.max(0, judgement.acceptedAt - this.#capture.elapsed());
      this.#cancel = afterAwake(left, () => this.#decide({ kind: 'accepted', isRead: isRead(messages) }, messages, random));
    } else if (this.#ends.length === 2) this.#fail('client', 'closed');
  }

  /** The secrets of this connection that the peers have logged by now. */
  #addSecrets(random: string | undefined): void {
    const { secrets } = this.#capture;
    const known = secrets.keyLog;
    for (const line of random === undefined ? [] : this.#parts.keyLogs.linesOf(random))
      if (!known.includes(line)) secrets.add(Buffer.from(`${line}\n`, 'latin1'));
  }

  get #roundTrip(): number {
    const { chunks } = this.#capture;
    return Math.max(roundTrip(chunks, 'client') ?? 0, roundTrip(chunks, 'server') ?? 0);
  }

  /** A peer may write its secrets a little later than what they decrypt: they are waited for, once. */
  #decide(judgement: Exclude<WireJudgement, { kind: 'open' }>, messages: readonly DecodedMessage[], random: string | undefined): void {
    const { keyLogs } = this.#parts;
    const lacksKeys = !keyLogs.isEmpty && !isRead(messages);
    if (lacksKeys && this.#keys === 'not awaited') {
      this.#keys = 'awaited';
      this.#cancel = after(keysWaitMs, () => {
        this.#keys = 'settled';
        this.#judge();
      });
      return;
    }
    const lacks = lacksKeys && random !== undefined ? keyLogs.problem(random) : undefined;
    if (judgement.kind === 'cut') this.#fail(judgement.by, judgement.how, lacks);
    else if (judgement.kind === 'ambiguous') this.#failAmbiguously(judgement.seen, lacks);
    else this.#finish(judgement, messages, lacks);
  }

  #finish(judgement: ClearJudgement, messages: readonly DecodedMessage[], lacks: MtlsFixturesError | undefined): void {
    this.#done = true;
    const capture = this.#capture;
    const report: EndReport = {
      side: judgement.kind === 'left' && judgement.by === 'client' ? 'server' : 'client',
      outcome: outcomeOf(judgement),
      reported: 'not observed: a relay saw what passed',
      session: sessionOnWire(messages),
      capture,
      durationMs: capture.elapsed(),
    };
    capture.stop();
    this.#parts.judged(new LazyHandshake({ [report.side]: report }), lacks);
  }

  #failAmbiguously(seen: string, lacks: MtlsFixturesError | undefined): void {
    this.#done = true;
    this.#capture.stop();
    this.#parts.judged(new MtlsFixturesError('RECORDS_AMBIGUOUS', { ...this.#parts.target, seen }), lacks);
  }

  /** No judgement. A connection without an octet of the client's has no handshake to judge. */
  #fail(by: Side, how: 'closed' | 'reset', lacks?: MtlsFixturesError): void {
    this.#done = true;
    this.#cancel?.();
    const { chunks } = this.#capture;
    const ofClient = chunks.find(({ sentBy }) => sentBy === 'client')?.bytes;
    if (!ofClient) return;
    const { target } = this.#parts;
    const ofServer = chunks.find(({ sentBy }) => sentBy === 'server')?.bytes;
    const odd = [ofClient, ofServer].find((bytes) => bytes && !looksLikeTls(bytes));
    const didWhat = how === 'reset' ? 'reset the connection' : 'closed the connection';
    const seen = `the ${by} ended it after ${recordsOf(chunks).length} record(s)`;
    if (odd)
      this.#parts.judged(
        new MtlsFixturesError('NOT_TLS', { ...target, received: Buffer.from(odd.subarray(0, 32)).toString('latin1') }),
        lacks,
      );
    else this.#parts.judged(new MtlsFixturesError('CONNECTION_CUT', { ...target, how: didWhat, seen }), lacks);
  }
}

/** One that is a verdict. */
type ClearJudgement = Exclude<WireJudgement, { kind: 'open' | 'cut' | 'ambiguous' }>;

function outcomeOf(judgement: ClearJudgement): EndOutcome {
  if (judgement.kind === 'alerted') return { ...judgement, evidence: 'decrypted' };
  const evidence = judgement.isRead ? 'decrypted' : 'record-shape';
  if (judgement.kind === 'accepted') return { kind: 'completed', evidence };
  const { how, detail } = judgement;
  return { kind: 'left', how, evidence, ...(detail !== undefined && { detail }) };
}

/** Whether the handshake could be read: in TLS 1.2 it is in the clear up to the Finished. */
function isRead(messages: readonly DecodedMessage[]): boolean {
  const isTls13 = messages.some((message) => message.type === 'server_hello' && message.version === 'TLSv1.3');
  return !isTls13 || !messages.some((message) => message.type === 'encrypted' && message.recordType === 'application_data');
}

const keysWaitMs = 250;
