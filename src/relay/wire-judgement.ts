import { leftUnused } from '../handshake/observe/connection/client-departure.ts';
import type { Alert } from '../wire/records/alert-record.ts';
import type { Side } from '../wire/tap/capture.ts';
import { hasAlertLength, hasFinishedLength, SealedRecords } from './sealed-records.ts';
import type { WireEvent } from './wire-event.ts';

/** What two peers came to, as far as the wire between them shows. */
export type WireJudgement =
  | { readonly kind: 'accepted'; readonly isRead: boolean }
  | { readonly kind: 'alerted'; readonly alert: Alert; readonly detail?: string }
  /** One end refused without an alert that can be read. */
  | { readonly kind: 'left'; readonly by: Side; readonly how: 'closed' | 'reset'; readonly isRead: boolean; readonly detail?: string }
  /** The connection ended before either end could judge the other. */
  | { readonly kind: 'cut'; readonly by: Side; readonly how: 'closed' | 'reset' }
  /** What passed fits a rejection and an acceptance alike: there is no verdict. */
  | { readonly kind: 'ambiguous'; readonly seen: string }
  /** Nothing is decided. `acceptedAt`: milliseconds since the connection was seen at which silence is acceptance. */
  | { readonly kind: 'open'; readonly acceptedAt?: number };

/** How long a contradiction is waited for, in milliseconds, and the round trip that a late answer may take. */
export interface WireWaits {
  /** After a ticket, TLS 1.2's Finished, or data that may be of the first flight. */
  readonly afterSign: number;
  /** Without any of these. */
  readonly withoutSign: number;
  /** The longer of the relay's round trips to the two ends. */
  readonly roundTrip: number;
}

/**
 * Judges by the first event that decides. Acceptance is the absence of a contradiction, as for an endpoint that is not observed: a server may verify its client after it has completed
 * the handshake, and a TLS 1.2 client its server.
 */
export function judgeWire(events: readonly WireEvent[], waits: WireWaits): WireJudgement {
  const wire = new Wire(waits);
  for (const event of events) {
    const judgement = wire.take(event);
    if (judgement) return judgement;
  }
  return wire.open();
}

class Wire {
  readonly #waits: WireWaits;
  #isTls13 = false;
  #resumed = false;
  /** Whether something that stayed encrypted counts. */
  #isSealed = false;
  #hasServerPresented = false;
  #hasClientPresented = false;
  #clientFinished: number | undefined;
  #serverFinished: number | undefined;
  /** When the server showed that it had completed the handshake. */
  #sign: { readonly atMs: number; readonly words: string } | undefined;
  #hasClientData = false;
  #hasServerData = false;
  /** When data came that the server may have written in its first flight. */
  #earlyData: number | undefined;
  /** The client ended first, after the handshake. */
  #isClientLeaving = false;
  /** The client's last record has the length of a close_notify, and stays encrypted. */
  #isClientClosing = false;
  /** The client said that it closes, or closed, before the server sent a record of the length of an alert. */
  #hasClientLeftFirst = false;
  /** The client had sent data when the server sent its first record after the handshake that is not an alert by its length: a ticket, or an answer. */
  #isDataBeforeTicket = false;
  readonly #answer = new SealedRecords();

  constructor(waits: WireWaits) {
    this.#waits = waits;
  }

  take(event: WireEvent): WireJudgement | undefined {
    switch (event.kind) {
      case 'server-hello':
        this.#isTls13 = event.isTls13;
        this.#resumed = event.resumed;
        return undefined;
      case 'certificate':
        if (event.sentBy === 'server') this.#hasServerPresented = true;
        else this.#hasClientPresented = true;
        return undefined;
      case 'finished':
        return this.#onFinished(event);
      case 'ticket':
        if (event.sentBy === 'server' && this.#isComplete) this.#sign ??= { atMs: event.atMs, words: 'it had sent a session ticket' };
        return undefined;
      case 'data':
        return this.#onData(event);
      case 'alert':
        return { kind: 'alerted', alert: event.alert, ...this.#completedFirst(event.sentBy, 'sent the alert') };
      case 'sealed':
        return this.#onSealed(event);
      case 'sealed-alert':
        this.#isSealed = true; // fatal or close_notify: what follows from it rests on its place
        return this.#onClosing(event.sentBy, 'closed');
      case 'close-notify':
        return this.#onClosing(event.sentBy, 'closed');
      case 'end':
        return this.#onEnd(event.sentBy, event.how);
      case 'client-hello':
      default:
        return undefined;
    }
  }

  /** Nothing has decided so far. */
  open(): WireJudgement {
    if (!this.#isComplete) return { kind: 'open' };
    const { afterSign, withoutSign, roundTrip } = this.#waits;
    const latest = Math.max(this.#clientFinished ?? 0, this.#serverFinished ?? 0, this.#sign?.atMs ?? 0, this.#earlyData ?? 0);
    // A client may verify after the handshake; what it does next shows whether it has accepted.
    const hasSign = this.#sign !== undefined || this.#earlyData !== undefined || !this.#answer.isEmpty;
    const wait = hasSign && !this.#isClientSilent && !this.#answer.mayHaveAlerted ? afterSign : withoutSign;
    return { kind: 'open', acceptedAt: latest + Math.max(wait, 4 * roundTrip) };
  }

  get #isComplete(): boolean {
    return this.#clientFinished !== undefined && (this.#isTls13 || this.#serverFinished !== undefined);
  }

  /** Whether the client may have completed the handshake before it verifies the server: all of TLS 1.2 do, wget and MariaDB's do in TLS 1.3 (measured on 1.21 and 10.11). */
  get #isClientSilent(): boolean {
    return !this.#resumed && !this.#hasClientData;
  }

  /** The same where data of the server proves nothing yet. */
  get #mayClientVerify(): boolean {
    return !this.#isTls13 && this.#isClientSilent;
  }

  #onFinished({ sentBy, atMs }: WireEvent): undefined {
    if (sentBy === 'client') this.#clientFinished ??= atMs;
    else this.#serverFinished ??= atMs;
    // In a resumed handshake of TLS 1.2 the server's goes first, and follows no judgement.
    if (sentBy === 'server' && !this.#isTls13 && this.#clientFinished !== undefined)
      this.#sign = { atMs, words: 'it had sent its Finished' };
  }

  #onData({ sentBy, atMs }: WireEvent): WireJudgement | undefined {
    if (!this.#isComplete) return undefined; // early data, and a server's in its first flight
    if (sentBy === 'client') this.#hasClientData = true;
    else if (!this.#isTls13 || this.#sign !== undefined || atMs - (this.#clientFinished ?? Infinity) >= this.#waits.roundTrip)
      this.#hasServerData = true;
    else this.#earlyData ??= atMs;
    return this.#hasServerData && !this.#mayClientVerify ? this.#accepted() : undefined;
  }

  /** A record of TLS 1.3 that stays encrypted: what it is follows from its length and place. */
  #onSealed({ sentBy, atMs, length }: Extract<WireEvent, { kind: 'sealed' }>): WireJudgement | undefined {
    if (!this.#isTls13) return undefined; // data that a client sent before the server's hello
    this.#isSealed = true;
    const isAlert = hasAlertLength(length);
    if (sentBy === 'client' && !this.#isComplete && isAlert) return this.#left('client', 'closed', sealedAlertWords);
    if (sentBy === 'client') {
      this.#isClientClosing = isAlert;
      if (isAlert && !this.#answer.mayHaveAlerted) this.#hasClientLeftFirst = true;
      this.#onSealedOfClient(length, atMs);
      return undefined;
    }
    this.#hasServerPresented = true;
    if (!this.#isComplete) return isAlert ? this.#left('server', 'closed', sealedAlertWords) : undefined;
    if (!isAlert && !this.#answer.hasLonger) this.#isDataBeforeTicket = this.#hasClientData;
    this.#answer.add(length);
    if (!isAlert) this.#sign ??= { atMs, words: 'it had sent a record that may have been a session ticket' };
    return this.#answer.hasAnswered && this.#hasClientData ? this.#accepted() : undefined;
  }

  /** The flight ends with the Finished, in a record of its own or with the Certificate; what comes after it is data. */
  #onSealedOfClient(length: number, atMs: number): void {
    const isFinished = this.#answer.isEmpty && hasFinishedLength(length);
    if (this.#clientFinished === undefined || isFinished) this.#clientFinished = atMs;
    this.#hasClientData = !isFinished && this.#clientFinished !== atMs;
  }

  /** The end of a stream whose records stay encrypted, after the handshake. */
  #onSealedEnd(by: Side, how: 'closed' | 'reset'): WireJudgement | undefined {
    const isRefused = this.#answer.mayHaveAlerted && !this.#answer.hasAnswered;
    if (by === 'client') {
      this.#isClientLeaving = true;
      if (!this.#answer.mayHaveAlerted) this.#hasClientLeftFirst = true;
      return isRefused && !this.#isClientClosing ? this.#refused() : undefined;
    }
    const hasTicket = this.#answer.hasLonger;
    const isLeaving = this.#isClientLeaving || this.#hasClientLeftFirst;
    if (this.#answer.hasAnswered || (isLeaving && (hasTicket || !isRefused))) return this.#accepted();
    return isRefused ? this.#refused() : this.#left('server', how, undefined);
  }

  /**
   * The server ended the connection with a record of the length of an alert, and had not certainly answered. That is not a refusal where it answers the client's own close_notify, nor after
   * the answer of a server that sends no tickets, in one record or in two of the lengths of tickets: PostgreSQL does both (measured on 15.18).
   */
  #refused(): WireJudgement {
    if (this.#hasClientLeftFirst)
      return { kind: 'ambiguous', seen: 'the client left first, and then the server sent its close_notify or an alert, as one record' };
    if (this.#isDataBeforeTicket)
      return {
        kind: 'ambiguous',
        seen: 'after data of the client the server sent no more than may be tickets, or an answer, and then its close_notify or an alert',
      };
    return this.#left('server', 'closed', sealedAlertWords);
  }

  /** A close_notify, an alert that may be one, or the end of the stream. */
  #onClosing(by: Side, how: 'closed' | 'reset'): WireJudgement | undefined {
    if (!this.#isComplete) return this.#endBeforeCompletion(by, how);
    if (by === 'client') {
      this.#isClientLeaving = true;
      return undefined;
    }
    if (this.#isClientLeaving || this.#hasServerData) return this.#accepted();
    return this.#left('server', how, undefined);
  }

  #onEnd(by: Side, how: 'closed' | 'reset'): WireJudgement | undefined {
    if (by === 'client' && this.#isComplete && this.#leavesUnused) {
      return { kind: 'left', by, how, isRead: !this.#isSealed, detail: leftUnused };
    }
    if (this.#isSealed && this.#isTls13 && this.#isComplete) return this.#onSealedEnd(by, how);
    return this.#onClosing(by, how);
  }

  /** Whether the client that ends here has used the connection for nothing, has not said that it closes, and has not been refused. */
  get #leavesUnused(): boolean {
    if (this.#isClientLeaving || this.#isClientClosing || !this.#isClientSilent) return false;
    return !this.#isTls13 || !(this.#hasServerData || this.#answer.hasAnswered || this.#answer.mayHaveAlerted);
  }

  #endBeforeCompletion(by: Side, how: 'closed' | 'reset'): WireJudgement {
    const canJudge = by === 'server' ? this.#hasClientPresented || this.#clientFinished !== undefined : this.#canClientJudge;
    return canJudge ? this.#left(by, how, undefined) : { kind: 'cut', by, how };
  }

  get #canClientJudge(): boolean {
    return this.#hasServerPresented || this.#serverFinished !== undefined;
  }

  #accepted(): WireJudgement {
    return { kind: 'accepted', isRead: !this.#isSealed };
  }

  #left(by: Side, how: 'closed' | 'reset', words: string | undefined): WireJudgement {
    const first = this.#completedFirst(by, words ?? (how === 'reset' ? 'reset the connection' : 'closed the connection'));
    return { kind: 'left', by, how, isRead: !this.#isSealed, ...(words !== undefined && { detail: `the ${by} ${words}` }), ...first };
  }

  #completedFirst(by: Side, then: string): { readonly detail?: string } {
    if (by !== 'server' || !this.#sign) return {};
    return { detail: `the server completed the handshake (${this.#sign.words}), then ${then}` };
  }
}

const sealedAlertWords = 'sent a record of the length of an alert, which stays encrypted';
