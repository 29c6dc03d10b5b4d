import type { Socket } from 'node:net';
import type tls from 'node:tls';
import { after } from '../../clock/real-clock.ts';
import { decodePem } from '../../asn1/pem.ts';
import { MtlsFixturesError } from '../../errors/index.ts';
import { alertOf, alertOnTheWire } from '../../wire/records/alert-record.ts';
import type { Capture } from '../../wire/tap/capture.ts';
import { certificateRewriter } from '../../wire/rewrite/certificate-rewriter.ts';
import { Tap } from '../../wire/tap/tap.ts';
import { looksLikeTls, recordsOf } from '../../wire/records/tls-record.ts';
import type { TrafficSecrets } from '../../wire/records/traffic-secrets.ts';
import { AcceptanceWatch } from './acceptance-watch.ts';
import type { ParsedAttempt } from './attempt-options.ts';
import { connectTls, notTls, refusedOptions } from './connect-tls.ts';
import type { EndOutcome, EndReport, Evidence } from '../verdict/end-report.ts';
import { hiddenReason } from '../verdict/reasons/hidden-reason.ts';
import { describeError, isConnectionError, opensslReason } from '../verdict/client-errors/node-error.ts';
import { chainAfterVerification, exactChain, presentedChain } from '../verdict/presented-chain.ts';
import { hasUnusualCurve, makePeerCertificateSafe } from './peer-certificate.ts';
import { partialFacts } from '../verdict/session-facts.ts';
import { type Objection, objectionOf } from '../verdict/verify-peer.ts';

/**
 * The client's end of one handshake over a connected socket. `report` settles once, with what this end knows: with `awaitEvidence`
 * only when the server's acceptance has shown, otherwise as soon as the client itself has judged.
 */
export class ClientEnd {
  readonly report: Promise<EndReport>;
  readonly #attempt: ParsedAttempt;
  readonly #tap: Tap;
  /** Where the server is not observed: its acceptance has to show. */
  readonly #watch: AcceptanceWatch | undefined;
  readonly #tlsSocket: tls.TLSSocket;
  readonly #afterwards: Promise<string>;
  #reportAfterwards: (words: string) => void = () => {};
  #settle: (report: EndReport) => void = () => {};
  #fail: (error: MtlsFixturesError) => void = () => {};
  #done = false;
  #peerChain: readonly Uint8Array[] | undefined;

  constructor(
    raw: Socket,
    attempt: ParsedAttempt,
    { awaitEvidence, keep }: { readonly awaitEvidence: boolean; readonly keep: ((tlsSocket: tls.TLSSocket) => void) | undefined },
  ) {
    this.#attempt = attempt;
    this.report = new Promise((resolve, reject) => {
      this.#settle = resolve;
      this.#fail = reject;
    });
    this.#afterwards = new Promise((resolve) => {
      this.#reportAfterwards = resolve;
    });
    this.#tap = new Tap(raw, 'server');
    const { certificateMessage } = attempt;
    this.#tap.rewrite = certificateMessage && certificateRewriter('client', certificateMessage, this.#tap.capture.secrets);
    this.#watch = awaitEvidence
      ? new AcceptanceWatch(this.#tap, attempt.waits, (evidence) => {
          this.#complete(evidence);
        })
      : undefined;
    this.#tlsSocket = connectTls(this.#tap, attempt);
    makePeerCertificateSafe(this.#tlsSocket, () => this.#mayCrashNode());
    keep?.(this.#tlsSocket);
    this.#listen();
  }

  /** What passed so far: the server's end is found by the hello in it. */
  get capture(): Capture {
    return this.#tap.capture;
  }

  /** What has been seen so far, for the message of a time-out. */
  get seen(): string {
    const records = recordsOf(this.#tap.capture.chunks).filter(({ sentBy }) => sentBy === 'server');
    return records.length === 0 ? 'the server sent nothing' : `the server sent ${records.length} record(s), last "${records.at(-1)?.type}"`;
  }

  /** The same report with what the client's API said after it had accepted: the alert or the end of stream by which it noticed a refusal. */
  async aftermath(report: EndReport): Promise<EndReport> {
    const words = await Promise.race([
      this.#afterwards,
      new Promise<string>((resolve) => after(aftermathMs, () => resolve('nothing'), { unref: true })),
    ]);
    return { ...report, reported: `${report.reported}, then ${words}` };
  }

  /** Sends close_notify, and closes the connection if the server does not answer. */
  close(): void {
    this.#watch?.stop();
    if (this.#tlsSocket.destroyed) return;
    this.#tlsSocket.resume();
    this.#tlsSocket.end();
    after(closeNotifyMs, () => this.#tlsSocket.destroy(), { unref: true });
  }

  /** Closes the connection at once. */
  destroy(): void {
    this.#watch?.stop();
    this.#tlsSocket.destroy();
  }

  #listen(): void {
    const tlsSocket = this.#tlsSocket;
    this.#tap.carries(tlsSocket);
    tlsSocket.on('keylog', (line) => {
      this.#tap.capture.secrets.add(line);
    });
    // Before Node's own verification: a refused socket has lost its peer certificate afterwards.
    tlsSocket.prependOnceListener('secure', () => {
      this.#peerChain = presentedChain(tlsSocket, { peer: 'server', capture: this.#tap.capture });
    });
    tlsSocket.once('secureConnect', () => {
      this.#onSecureConnect();
    });
    tlsSocket.on('error', (error) => {
      this.#onError(error);
    });
    tlsSocket.once('end', () => {
      this.#onLeft();
    });
    tlsSocket.once('close', () => {
      this.#onLeft();
    });
  }

  #onSecureConnect(): void {
    this.#peerChain ??= chainAfterVerification(this.#tlsSocket);
    const objection = this.#objection();
    if (objection) {
      const { reason, detail, reported } = objection;
      this.#finish({ kind: 'rejected', reason, detail }, reported);
      this.#tlsSocket.destroy();
      return;
    }
    this.#tlsSocket.resume(); // an unread socket never learns that the server left
    // In TLS 1.3 `secureConnect` comes before the server has judged the client (measured): acceptance has to show otherwise.
    if (this.#watch) this.#watch.begin(this.#tlsSocket);
    else this.#complete('client-observed');
  }

  /** The callback is asked about a server that was verified alone, as a server's is. */
  #objection(): Objection | undefined {
    const { verifyPeer } = this.#attempt;
    if (!verifyPeer || !this.#peerChain || !this.#tlsSocket.authorized) return undefined;
    return objectionOf(verifyPeer, exactChain(this.#peerChain, { peer: 'server', capture: this.#tap.capture }));
  }

  /** Whether a certificate of the chain that Node is about to look at, a trusted root included, has a key that crashes it; so too where the chain is not known. */
  #mayCrashNode(): boolean {
    const roots = decodePem([this.#attempt.connectOptions.ca].flat().join('\n')).map(({ der }) => der);
    return this.#peerChain === undefined || hasUnusualCurve([...this.#peerChain, ...roots]);
  }

  #complete(evidence: Evidence): void {
    this.#finish({ kind: 'completed', evidence }, evidence === 'client-observed' ? 'secureConnect' : `secureConnect, then ${evidence}`);
  }

  #onError(error: Error): void {
    const { code, alertNumber, text } = describeError(error);
    if (this.#done) this.#reportAfterwards(text);
    if (alertNumber !== undefined) {
      this.#finish({ kind: 'alerted', alert: alertOf(alertNumber, 'server'), ...this.#completedFirst('sent the alert') }, text);
      return;
    }
    const received = this.#receivedBytes();
    // OpenSSL refuses a record for its version, which RFC 8446 5.1 ignores: the alert in it came first.
    const odd = code === 'ERR_SSL_WRONG_VERSION_NUMBER' ? alertOnTheWire(recordsOf(this.#tap.capture.chunks), 'server') : undefined;
    if (odd) {
      this.#finish({ kind: 'alerted', alert: odd }, text);
      return;
    }
    if (received.length > 0 && !looksLikeTls(received)) {
      this.#throw(notTls(this.#attempt, received, error));
      return;
    }
    if (isConnectionError(error)) {
      this.#onLeft(text);
      return;
    }
    if (!this.#hasWritten()) {
      this.#throw(refusedOptions(error));
      return;
    }
    // The error of an application's own check, e.g. what `checkServerIdentity` returned, need not have a code.
    const ownReason = opensslReason(code) ?? code ?? 'APPLICATION_VERIFICATION';
    const alert = alertOnTheWire(recordsOf(this.#tap.capture.chunks), 'client', this.#keys());
    const verification = { code: ownReason, chain: this.#peerChain, context: this.#attempt.connectOptions, words: error.message };
    const reason = hiddenReason(verification) ?? ownReason;
    this.#finish({ kind: 'rejected', reason, detail: error.message, ...(alert && { alert }) }, text);
  }

  #onLeft(reported = 'end of stream, no error'): void {
    if (this.#done) {
      this.#reportAfterwards(reported);
      return;
    }
    const alert = alertOnTheWire(recordsOf(this.#tap.capture.chunks), 'server', this.#keys());
    const how = this.#tap.peerLeft === 'reset' ? 'reset' : 'closed';
    const didWhat = how === 'reset' ? 'reset the connection' : 'closed the connection';
    if (alert) this.#finish({ kind: 'alerted', alert, ...this.#completedFirst('sent the alert') }, reported);
    else if (this.#watch?.provenByData === true) this.#complete('application-data');
    else if (this.#watch && this.#receivedBytes().length === 0)
      this.#throw(new MtlsFixturesError('CLOSED_BEFORE_TLS', { ...this.#endpoint(), how: didWhat }));
    else if (this.#watch?.wasJudgeable === false)
      this.#throw(new MtlsFixturesError('CONNECTION_CUT', { ...this.#endpoint(), how: didWhat, seen: this.seen }));
    else this.#finish({ kind: 'left', how, ...this.#completedFirst(didWhat) }, reported);
  }

  /** A server that verifies its clients after the handshake refuses one that it has completed the handshake with. */
  #completedFirst(then: string): { readonly detail?: string } {
    const completion = this.#watch?.completion;
    return completion === undefined ? {} : { detail: `the server completed the handshake (${completion}), then ${then}` };
  }

  #hasWritten(): boolean {
    return this.#tap.capture.chunks.some(({ sentBy }) => sentBy === 'client');
  }

  #keys(): { cipher: string; secrets: TrafficSecrets } | undefined {
    const cipher = this.#tlsSocket.getCipher()?.name;
    return cipher === undefined ? undefined : { cipher, secrets: this.#tap.capture.secrets };
  }

  #receivedBytes(): Uint8Array {
    return this.#tap.capture.chunks.find(({ sentBy }) => sentBy === 'server')?.bytes ?? new Uint8Array(0);
  }

  #endpoint(): { host: string; port: number } {
    return { host: this.#attempt.host, port: this.#attempt.port };
  }

  #throw(error: MtlsFixturesError): void {
    this.#done = true;
    this.#watch?.stop();
    this.#fail(error);
  }

  #finish(outcome: EndOutcome, reported: string): void {
    if (this.#done) return;
    this.#done = true;
    this.#watch?.stop();
    const { capture } = this.#tap;
    const durationMs = capture.elapsed();
    const session = partialFacts(this.#tlsSocket, capture);
    capture.stop();
    const peerChain = this.#peerChain;
    const { ownChain, ownAnchors } = this.#attempt;
    this.#settle({
      side: 'client',
      outcome,
      reported,
      session,
      peerChain: () => peerChain,
      ownChain,
      ownAnchors,
      verifyContext: this.#attempt.connectOptions,
      capture,
      durationMs,
    });
  }
}

const closeNotifyMs = 500;
/** How long a refused client is waited for until it notices, in milliseconds: on loopback it takes one. */
const aftermathMs = 500;
