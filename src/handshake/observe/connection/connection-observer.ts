import type { Socket } from 'node:net';
import type tls from 'node:tls';
import { after, nextTurn } from '../../../clock/real-clock.ts';
import { alertCode } from '../../../wire/records/alerts.ts';
import type { Alert } from '../../../wire/records/alert-record.ts';
import { Capture } from '../../../wire/tap/capture.ts';
import { certificateRewriter } from '../../../wire/rewrite/certificate-rewriter.ts';
import { Tap } from '../../../wire/tap/tap.ts';
import { hasClientSpoken, hasSentCloseNotify, leftOutcome, leftUnused, silenceBound, verifiesLate } from './client-departure.ts';
import type { EndOutcome, EndReport, Evidence, SessionFacts } from '../../verdict/end-report.ts';
import { endedByProgram, failedServerOutcome, failureAfterHandshake } from '../../verdict/failed-handshake.ts';
import { hiddenReason } from '../../verdict/reasons/hidden-reason.ts';
import { describeError } from '../../verdict/client-errors/node-error.ts';
import type { Attempt } from '../attempt.ts';
import type { ObserverHooks, ObserverPolicy } from '../observer-policy.ts';
import { ownChainOf, shared } from './own-chain.ts';
import { acceptedFacts, FailedJudgement, objectionToClient, presentedByClient } from './client-chain.ts';
import { countHellos, renegotiatedFacts } from './renegotiation.ts';
import { agreedFacts, partialFacts, verifyCode } from '../../verdict/session-facts.ts';
import { refuseClient } from './refuse-client.ts';
import { restoreSocketFacts } from './socket-facts.ts';
import { alertForVerifyCode } from '../../verdict/reasons/reasons.ts';
import type { VerifyContext } from '../../verdict/verify-context.ts';

/**
 * Watches one connection of a TLS server through a tap and the server's events, and reports how the handshake ended: once, and once more for each renegotiation.
 * `route` gets the events that Node emits on the server for this connection and passes on what the user's listeners are to see.
 */
export class ConnectionObserver {
  readonly tap: Tap;
  readonly #raw: Socket;
  #policy: ObserverPolicy;
  #verifyContext: VerifyContext | undefined;
  readonly #hooks: ObserverHooks;
  #tlsSocket: tls.TLSSocket | undefined;
  #session: SessionFacts | undefined;
  #peerChain: NonNullable<EndReport['peerChain']> = () => undefined;
  #ownChain: EndReport['ownChain'];
  #accepted = false;
  #done = false;
  /** Handshakes that were complete on the server's side. */
  #completed = 0;
  /** What the engine said before the client had sent anything. */
  #earlyError: NodeJS.ErrnoException | undefined;
  /** There was time to read what the client had sent, had it sent something. */
  #hasListened = false;
  /** The server's own code destroyed the connection before that: what the client has sent is not known. One that is only ended is still read. */
  #turnedAway = false;
  #cancelQuiet: (() => void) | undefined;

  constructor(raw: Socket, policy: ObserverPolicy, hooks: ObserverHooks) {
    this.tap = new Tap(raw, 'client');
    this.#raw = raw;
    this.#hooks = hooks;
    this.#policy = policy;
    this.decideBy(policy);
    this.tap.onEndedByProgram = (error) => this.#onEnded(error);
    nextTurn(() => nextTurn(() => (this.#hasListened = true)));
    this.tap.once('close', () => {
      this.#turnedAway = !this.#hasListened && this.tap.endedByProgram !== undefined && this.tap.peerLeft === undefined;
      nextTurn(() => this.#onClosed());
    });
  }

  /** Another policy than the one it was made with: before anything of the server's has been sent. */
  decideBy(policy: ObserverPolicy): void {
    this.#policy = policy;
    this.#verifyContext = policy.verifyContext(); // a rotation does not concern connections that are open
    const certificates = policy.certificateMessage();
    this.tap.rewrite = certificates && certificateRewriter('server', certificates, this.tap.capture.secrets);
  }

  /** Whether the TLS socket of this connection is known. */
  get hasMet(): boolean {
    return this.#tlsSocket !== undefined;
  }

  /** Node has made the TLS socket of this connection: from here on it answers as over the raw socket. */
  meet(tlsSocket: tls.TLSSocket): void {
    if (this.#tlsSocket) return;
    this.#tlsSocket = tlsSocket;
    this.tap.carries(tlsSocket);
    const watch = {
      secure: (judge: () => void): void => this.#onSecure(tlsSocket, judge),
      failed: (error: Error): void => this.#onError(error),
      ended: (error: Error | undefined): void => this.#onEnded(error),
      presented: () => this.#peerChain(),
    };
    restoreSocketFacts(tlsSocket, { raw: this.#raw, tap: this.tap, server: this.#hooks.server, watch });
  }

  /** An event of the server about this connection; false when the server's own listeners are not to see it. */
  route(event: string | symbol, args: readonly unknown[]): boolean {
    // Node's documented arguments, here and below.
    if (event === 'keylog') this.tap.capture.secrets.add(args[0] as Buffer);
    else if (event === 'secureConnection') return this.#onSecureConnection(args[0] as tls.TLSSocket);
    else if (event === 'tlsClientError') this.#onTlsClientError(args[0] as NodeJS.ErrnoException, args[1] as tls.TLSSocket);
    return true;
  }

  /** Ends the wait: the server is being closed. */
  abandon(): void {
    if (this.#accepted) this.#accept('quiet');
    else if (hasClientSpoken(this.tap.capture))
      this.#finish({ kind: 'rejected', reason: 'SERVER_CLOSED' }, 'the server was closed during the handshake');
    else this.#done = true;
  }

  #onSecure(tlsSocket: tls.TLSSocket, judge: () => void): void {
    const isFirst = this.#completed === 0;
    if (!isFirst) this.#beginAgain();
    this.#completed += 1;
    this.#beforeJudgement(tlsSocket, isFirst);
    judge();
    this.#afterJudgement(tlsSocket, isFirst);
    if (!isFirst && !this.#done && !tlsSocket.destroyed) this.#onAccepted(tlsSocket);
  }

  /** Runs before Node verifies: a refused socket has lost its peer certificate afterwards. */
  #beforeJudgement(tlsSocket: tls.TLSSocket, isFirst: boolean): void {
    const { capture } = this.tap;
    const again = isFirst ? undefined : renegotiatedFacts(tlsSocket, capture);
    const session = again?.session ?? agreedFacts(tlsSocket);
    this.#session = session;
    this.#verifyContext = this.#policy.namedContext(session.servername) ?? this.#verifyContext;
    const chainAgain = again?.peerChain?.map(shared);
    this.#peerChain = again ? () => chainAgain : presentedByClient(tlsSocket, { session, capture });
    this.#ownChain = this.#policy.presented() ?? ownChainOf(tlsSocket);
  }

  /** Runs after Node verified: the code is known, and nothing of the server's last flight has been written. */
  #afterJudgement(tlsSocket: tls.TLSSocket, isFirst: boolean): void {
    const code = verifyCode(tlsSocket);
    if (!tlsSocket.destroyed || this.#done || code === undefined) return;
    const found = hiddenReason(new FailedJudgement(code, { chain: this.#peerChain, context: this.#verifyContext }));
    const detail = found === undefined ? {} : { detail: `Node reported ${code}; the name was found from the certificates` };
    const alert = isFirst ? this.#refuse(alertForVerifyCode(found ?? code)) : undefined; // a renegotiation has keys of its own
    this.#finish({ kind: 'rejected', reason: found ?? code, ...detail, ...(alert && { alert }) }, `verification failed with ${code}`);
  }

  #onSecureConnection(tlsSocket: tls.TLSSocket): boolean {
    const chain = tlsSocket.authorized ? this.#peerChain : undefined;
    const objection = objectionToClient(this.#policy.verifyPeer, chain, this.tap.capture);
    if (objection) {
      const { reason, detail, reported } = objection;
      const alert = this.#refuse(alertCode('access_denied') ?? 49);
      tlsSocket.destroy();
      this.#finish({ kind: 'rejected', reason, detail, ...(alert && { alert }) }, reported);
      return false;
    }
    this.#onAccepted(tlsSocket);
    return true;
  }

  #onAccepted(tlsSocket: tls.TLSSocket): void {
    const known = { session: this.#session ?? agreedFacts(tlsSocket), chain: this.#peerChain, isFirst: this.#completed <= 1 };
    this.#session = acceptedFacts(tlsSocket, known);
    this.#accepted = true;
    this.tap.isSettled = true;
    const attempt = this.#hooks.attempt();
    if (attempt?.hasClientAccepted === true) this.#accept('server-observed');
    else this.#awaitEvidence(tlsSocket, attempt);
  }

  /**
   * The server accepted. Whether the client did too shows in what it does next: Node's TLS 1.2 client completes the handshake before
   * it looks at the server's certificate, curl and wget look at the host name only afterwards (measured); then they leave. An attempt of this process says so itself.
   */
  #awaitEvidence(tlsSocket: tls.TLSSocket, attempt: Attempt | undefined): void {
    const onClientAccepted = (): void => {
      if (this.#accepted) this.#accept('server-observed');
    };
    void attempt?.clientAccepted.then(onClientAccepted);
    const before = tlsSocket.bytesRead;
    this.tap.afterInbound = () => {
      if (tlsSocket.bytesRead > before) this.#accept('application-data');
    };
    this.#cancelQuiet = after(silenceBound(this.#policy, this.tap.capture), () => this.#accept('quiet'), { unref: true });
  }

  #refuse(code: number): Alert | undefined {
    return refuseClient(code, { tap: this.tap, rejection: this.#policy.rejection, session: this.#session });
  }

  #accept(evidence: Evidence, detail?: string): void {
    this.#finish(
      { kind: 'completed', evidence, ...(detail !== undefined && { detail }) },
      this.#session?.clientAuthenticated === true ? 'secureConnection, authorized' : 'secureConnection',
    );
  }

  #onTlsClientError(error: NodeJS.ErrnoException, tlsSocket: tls.TLSSocket): void {
    if (this.#done) return;
    if (!hasClientSpoken(this.tap.capture)) {
      this.#earlyError = error;
      return;
    }
    this.#session ??= partialFacts(tlsSocket, this.tap.capture);
    this.#ownChain ??= this.#policy.presented() ?? ownChainOf(tlsSocket);
    const outcome = failedServerOutcome(error, this.tap, this.#session.cipher);
    // The engine's own alert: Node would reset the connection of a client that is still writing, which loses it (measured with Java 17).
    if (outcome.kind === 'rejected' && outcome.alert && this.#policy.rejection === 'alert') this.tap.endWith(Buffer.alloc(0));
    this.#finish(outcome, `tlsClientError ${describeError(error).text}`);
  }

  /** An error of the socket, once the handshake is complete: what the engine refuses then is the server's refusal, whatever the client does next. */
  #onError(error: Error): void {
    if (this.#completed === 0 || (!this.#accepted && !this.#done)) return; // `tlsClientError` reports it
    const outcome = failureAfterHandshake(error, this.tap.capture);
    if (!outcome) return;
    if (countHellos(this.tap.capture) > this.#completed) this.#beginAgain(); // it was a renegotiation that failed
    this.#finish(outcome, `error ${describeError(error).text}`);
  }

  /** Who ends a connection is who acts first: the server's own code, unless the client has left and Node answers. */
  #onEnded(error: Error | undefined): void {
    if (this.#done || !this.#accepted || this.tap.peerLeft !== undefined || hasSentCloseNotify(this.tap.capture, this.#session)) return;
    const words = error ? `: ${describeError(error).text}` : '';
    if ((this.#tlsSocket?.bytesRead ?? 0) > 0) this.#accept('application-data');
    else this.#accept('server-observed', `the server's own code then ended the connection${words}`);
  }

  #onClosed(): void {
    if (this.#done) return;
    const hasSpoken = this.#accepted && (this.#tlsSocket?.bytesRead ?? 0) > 0; // Node 22 and 24 give http2 its bytes after `afterInbound` (measured)
    const isClosing = hasSentCloseNotify(this.tap.capture, this.#session);
    const { endedByProgram: ended, peerLeft = isClosing ? 'end' : undefined } = this.tap;
    const reported = this.#accepted ? 'secureConnection, then close' : 'close';
    if (hasSpoken) this.#accept('application-data');
    else if (this.#accepted && peerLeft === undefined) this.#onEnded(undefined);
    else if (this.#accepted && !this.#policy.clientSpeaksFirst && (isClosing || !verifiesLate(this.#session)))
      this.#accept('closed', isClosing || this.#session?.resumed === true ? undefined : leftUnused);
    else if (!hasClientSpoken(this.tap.capture) && !this.#turnedAway && !(ended && this.#hooks.attempt())) this.#done = true; // a health check: no handshake
    else if (this.#earlyError)
      this.#finish(failedServerOutcome(this.#earlyError, this.tap, undefined), `tlsClientError ${describeError(this.#earlyError).text}`);
    else if (ended || peerLeft === undefined) this.#finish(endedByProgram(ended?.error), reported);
    else this.#finish(leftOutcome(peerLeft, this.#accepted && !isClosing), reported);
  }

  /** A renegotiation: a handshake of its own, by whose hello the client has accepted the one before. */
  #beginAgain(): void {
    if (!this.#done && this.#accepted) this.#accept('server-observed');
    this.#done = false;
    this.#accepted = false;
    this.#session = undefined;
    this.#peerChain = () => undefined;
  }

  #finish(outcome: EndOutcome, reported: string): void {
    if (this.#done) return;
    this.#done = true;
    this.#cancelQuiet?.();
    this.tap.afterInbound = undefined;
    const { capture } = this.tap;
    const mayRenegotiate = outcome.kind === 'completed' && this.#session?.protocol !== 'TLSv1.3';
    if (mayRenegotiate) this.tap.capture = new Capture(capture);
    capture.stop();
    this.#hooks.report({
      side: 'server',
      outcome,
      reported,
      session: this.#session ?? partialFacts(undefined, capture),
      peerChain: this.#peerChain,
      ownChain: this.#ownChain,
      ownAnchors: this.#policy.anchors(),
      verifyContext: this.#verifyContext,
      capture,
      durationMs: capture.elapsed(),
    });
  }
}
