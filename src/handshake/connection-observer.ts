import { errorMonitor } from 'node:events';
import type { Socket } from 'node:net';
import type tls from 'node:tls';
import { after } from '../clock/real-clock.ts';
import { alertCode } from '../wire/alerts.ts';
import { alertOf, saidGoodbye, serverAlertRecord, type Alert } from '../wire/alert-record.ts';
import { certificateRewriter } from '../wire/certificate-rewriter.ts';
import { Tap } from '../wire/tap.ts';
import { recordsOf } from '../wire/tls-record.ts';
import { clientAddress } from './client-address.ts';
import type { EndOutcome, EndReport, Evidence, SessionFacts } from './end-report.ts';
import { failedServerOutcome } from './failed-handshake.ts';
import { hiddenReason } from './hidden-reason.ts';
import { describeError } from './node-error.ts';
import { exactChain, presentedChain } from './presented-chain.ts';
import { agreedFacts, partialFacts } from './session-facts.ts';
import { restoreSocketFacts } from './socket-facts.ts';
import { alertForVerifyCode } from './verdict/reasons.ts';
import type { VerifyContext } from './verify-context.ts';
import { type Objection, objectionOf, type VerifyPeer } from './verify-peer.ts';

/** How a server answers clients and what it decides by itself. */
export interface ObserverPolicy {
  readonly rejection: 'alert' | 'silent';
  readonly verifyPeer?: VerifyPeer | undefined;
  /** DER to put into the server's Certificate message in place of its own, the leaf first. */
  certificateMessage(): readonly Uint8Array[] | undefined;
  /** Milliseconds without contradiction after which a completed handshake counts as accepted. */
  readonly quietPeriod: number;
  /** Whether a client of this server's protocol always sends first, as in HTTP: one that accepted and then says nothing did not accept. */
  readonly clientSpeaksFirst: boolean;
  /** What every connection is shown, where that is known: asking the TLS engine costs a hundredth of a handshake. */
  presented(): EndReport['ownChain'];
  /** How peers are verified, where that is known. */
  verifyContext(): VerifyContext | undefined;
}

/**
 * Watches one connection of a TLS server through a tap and the server's events, and reports once how the handshake ended.
 * `route` gets the events that Node emits on the server for this connection and passes on what the user's listeners are to see.
 */
export class ConnectionObserver {
  readonly tap: Tap;
  /** `address:port` of the client, by which an in-process client finds its own connection. */
  readonly remote: string;
  readonly #raw: Socket;
  readonly #policy: ObserverPolicy;
  readonly #verifyContext: VerifyContext | undefined;
  readonly #report: (report: EndReport) => void;
  #tlsSocket: tls.TLSSocket | undefined;
  #session: SessionFacts | undefined;
  #peerChain: EndReport['peerChain'];
  #ownChain: EndReport['ownChain'];
  #accepted = false;
  #clientCompleted = false;
  #done = false;
  #cancelQuiet: (() => void) | undefined;

  constructor(raw: Socket, policy: ObserverPolicy, report: (report: EndReport) => void) {
    this.tap = new Tap(raw, 'client');
    const certificates = policy.certificateMessage();
    this.tap.rewrite = certificates && certificateRewriter('server', certificates, this.tap.capture.secrets);
    this.remote = clientAddress(raw.remoteAddress, raw.remotePort);
    this.#raw = raw;
    this.#policy = policy;
    this.#verifyContext = policy.verifyContext(); // a rotation does not concern connections that are open
    this.#report = report;
    this.tap.once('close', () =>
      setImmediate(() => {
        this.#onClosed();
      }),
    );
  }

  /** An event of the server about this connection; false when the server's own listeners are not to see it. */
  route(event: string | symbol, args: readonly unknown[]): boolean {
    if (event === 'keylog') this.#onKeylog(args[0] as Buffer, args[1] as tls.TLSSocket); // Node's documented arguments, here and below
    else if (event === 'secureConnection') return this.#onSecureConnection(args[0] as tls.TLSSocket);
    else if (event === 'tlsClientError') this.#onTlsClientError(args[0] as NodeJS.ErrnoException, args[1] as tls.TLSSocket);
    return true;
  }

  /** The client's end accepted too: nothing needs to be waited for any more. */
  clientCompleted(): void {
    this.#clientCompleted = true;
    if (this.#accepted) this.#accept('server-observed');
  }

  /** Ends the wait: the server is being closed. */
  abandon(): void {
    if (this.#accepted) this.#accept('quiet');
    else this.#finish({ kind: 'rejected', reason: 'SERVER_CLOSED' }, 'the server was closed during the handshake');
  }

  #onKeylog(line: Buffer, tlsSocket: tls.TLSSocket): void {
    if (this.#done) return;
    this.tap.capture.secrets.add(line);
    if (this.#tlsSocket) return;
    this.#tlsSocket = tlsSocket;
    this.tap.carries(tlsSocket);
    restoreSocketFacts(tlsSocket, this.#raw);
    tlsSocket.prependOnceListener('secure', () => {
      this.#beforeJudgement(tlsSocket);
    });
    tlsSocket.once('secure', () => {
      this.#afterJudgement(tlsSocket);
    });
  }

  /** Runs before Node verifies: a refused socket has lost its peer certificate afterwards. */
  #beforeJudgement(tlsSocket: tls.TLSSocket): void {
    // As bytes: an X509Certificate that is kept costs ten kilobytes.
    this.#peerChain = presentedChain(tlsSocket, { peer: 'client', capture: this.tap.capture })?.map(shared);
    this.#ownChain = this.#policy.presented() ?? ownChainOf(tlsSocket);
    this.#session = agreedFacts(tlsSocket);
  }

  /** Runs after Node verified: the code is known, and nothing of the server's last flight has been written. */
  #afterJudgement(tlsSocket: tls.TLSSocket): void {
    const code = verifyCode(tlsSocket);
    if (!tlsSocket.destroyed || this.#done || code === undefined) return;
    const found = hiddenReason({ code, chain: this.#peerChain, context: this.#verifyContext });
    const detail = found === undefined ? {} : { detail: `Node reported ${code}; the name was found from the certificates` };
    const alert = this.#refuse(alertForVerifyCode(found ?? code));
    this.#finish({ kind: 'rejected', reason: found ?? code, ...detail, ...(alert && { alert }) }, `verification failed with ${code}`);
  }

  #onSecureConnection(tlsSocket: tls.TLSSocket): boolean {
    const code = verifyCode(tlsSocket);
    // A resumed TLS 1.3 session without certificate can be "authorized" (nodejs/node#35317): only a certificate that is there counts.
    const clientAuthenticated = tlsSocket.authorized && this.#peerChain !== undefined;
    this.#session = {
      ...(this.#session ?? agreedFacts(tlsSocket)),
      clientAuthenticated,
      ...(code !== undefined && this.#peerChain && { authorizationError: code }),
    };
    const objection = this.#objection();
    if (objection) {
      const { reason, detail, reported } = objection;
      const alert = this.#refuse(alertCode('access_denied') ?? 49);
      tlsSocket.destroy();
      this.#finish({ kind: 'rejected', reason, detail, ...(alert && { alert }) }, reported);
      return false;
    }
    this.#accepted = true;
    if (this.#clientCompleted) this.#accept('server-observed');
    else this.#awaitEvidence(tlsSocket);
    return true;
  }

  #objection(): Objection | undefined {
    const { verifyPeer } = this.#policy;
    if (!verifyPeer || !this.#peerChain || this.#session?.clientAuthenticated !== true) return undefined;
    return objectionOf(verifyPeer, exactChain(this.#peerChain, { peer: 'client', capture: this.tap.capture }));
  }

  /** Sends a true alert in place of the last flight, unless told to be as silent as Node is. */
  #refuse(code: number): Alert | undefined {
    const { protocol, cipher, resumed } = this.#session ?? { resumed: false };
    // In a resumed TLS 1.2 handshake the server's Finished went first: its write side is encrypted, and a plaintext alert would be wrong.
    const silent = this.#policy.rejection === 'silent' || (resumed && protocol !== 'TLSv1.3');
    if (silent || protocol === undefined || cipher === undefined) return undefined;
    const record = serverAlertRecord(code, { protocol, cipher, secrets: this.tap.capture.secrets });
    if (!record) return undefined;
    this.tap.endWith(record);
    return alertOf(code, 'server');
  }

  /**
   * The server accepted. Whether the client did too shows in what it does next: Node's TLS 1.2 client completes the handshake before
   * it looks at the server's certificate, curl looks at the host name only afterwards (measured); then they leave.
   */
  #awaitEvidence(tlsSocket: tls.TLSSocket): void {
    this.tap.afterInbound = () => {
      if (tlsSocket.bytesRead > 0) this.#accept('application-data');
    };
    tlsSocket.once(errorMonitor, (error: NodeJS.ErrnoException) => {
      const { alertNumber } = describeError(error);
      if (alertNumber !== undefined) this.#finish({ kind: 'alerted', alert: alertOf(alertNumber, 'client') }, describeError(error).text);
    });
    this.#cancelQuiet = after(this.#policy.quietPeriod, () => this.#accept('quiet'), { unref: true });
  }

  #accept(evidence: Evidence): void {
    this.#finish(
      { kind: 'completed', evidence },
      this.#session?.clientAuthenticated === true ? 'secureConnection, authorized' : 'secureConnection',
    );
  }

  #onTlsClientError(error: NodeJS.ErrnoException, tlsSocket: tls.TLSSocket): void {
    if (this.#done) return;
    this.#session ??= partialFacts(tlsSocket, this.tap.capture);
    this.#ownChain ??= this.#policy.presented() ?? ownChainOf(tlsSocket);
    const outcome = failedServerOutcome(error, this.tap, this.#session.cipher, this.tap.capture.secrets);
    // The engine's own alert: Node would reset the connection of a client that is still writing, which loses it (measured with Java 17).
    if (outcome.kind === 'rejected' && outcome.alert && this.#policy.rejection === 'alert') this.tap.endWith(Buffer.alloc(0));
    this.#finish(outcome, `tlsClientError ${describeError(error).text}`);
  }

  #onClosed(): void {
    if (this.#done) return;
    const hasSpoken = this.#accepted && (this.#tlsSocket?.bytesRead ?? 0) > 0; // Node 22 and 24 give http2 its bytes after `afterInbound` (measured)
    const goodbye = this.#clientSaidGoodbye();
    const peerLeft = this.tap.peerLeft ?? (goodbye ? 'end' : undefined);
    const reported = this.#accepted ? 'secureConnection, then close' : 'close';
    if (hasSpoken) this.#accept('application-data');
    else if (peerLeft === undefined && this.#accepted) this.#accept('server-observed'); // the server's own code hung up, after the handshake
    else if (peerLeft === undefined) this.#finish({ kind: 'rejected', reason: 'DESTROYED_BY_SERVER' }, reported);
    else if (this.#accepted && !this.#policy.clientSpeaksFirst && (goodbye || !this.#verifiesLate())) this.#accept('closed');
    else this.#finish({ kind: 'left', how: peerLeft === 'reset' ? 'reset' : 'closed' }, reported);
  }

  /** Where Node ends its side at once, the raw socket has not seen the client leave: its close_notify tells. */
  #clientSaidGoodbye(): boolean {
    const cipher = this.#session?.cipher;
    const { chunks, secrets } = this.tap.capture;
    return saidGoodbye(recordsOf(chunks), 'client', cipher === undefined ? undefined : { cipher, secrets });
  }

  /**
   * In TLS 1.3 the client's Finished is its word that it accepted. In TLS 1.2 it is so for all but clients that verify afterwards,
   * as Node's: those send neither data nor close_notify.
   */
  #verifiesLate(): boolean {
    return this.#session?.protocol !== 'TLSv1.3' && this.#session?.resumed !== true;
  }

  #finish(outcome: EndOutcome, reported: string): void {
    if (this.#done) return;
    this.#done = true;
    this.#cancelQuiet?.();
    this.tap.afterInbound = undefined;
    this.tap.capture.stop();
    this.#report({
      side: 'server',
      outcome,
      reported,
      session: this.#session ?? partialFacts(undefined, this.tap.capture),
      peerChain: this.#peerChain,
      ownChain: this.#ownChain,
      verifyContext: this.#verifyContext,
      capture: this.tap.capture,
      durationMs: this.tap.capture.elapsed(),
    });
    this.#tlsSocket = undefined;
  }
}

function ownChainOf(tlsSocket: tls.TLSSocket): EndReport['ownChain'] {
  const own = tlsSocket.getX509Certificate();
  return own && [shared(own.raw)];
}

/** One copy of what many connections show: the server's own certificate and the issuers. The last few are remembered. */
function shared(der: Uint8Array): Uint8Array {
  const known = lastSeen.find((other) => Buffer.compare(other, der) === 0);
  if (known) return known;
  lastSeen.unshift(der);
  lastSeen.length = Math.min(lastSeen.length, 8);
  return der;
}

const lastSeen: Uint8Array[] = [];

/** Node's verify code. Typed as an Error by @types/node, it is a string at run time (measured on Node 20 to 26). */
function verifyCode(tlsSocket: tls.TLSSocket): string | undefined {
  const error: unknown = tlsSocket.authorizationError;
  return typeof error === 'string' ? error : undefined;
}
