import type tls from 'node:tls';
import type { EndReport } from './end-report.ts';
import type { VerifyContext } from './verify-context.ts';
import type { VerifyPeer } from './verify-peer.ts';

/** How a server answers clients and what it decides by itself. */
export interface ObserverPolicy {
  readonly rejection: 'alert' | 'silent';
  readonly verifyPeer?: VerifyPeer | undefined;
  /** DER to put into the server's Certificate message in place of its own, the leaf first. */
  certificateMessage(): readonly Uint8Array[] | undefined;
  /** Milliseconds without contradiction after which a completed handshake counts as accepted; undefined for the usual ones. */
  readonly clientQuietPeriod: number | undefined;
  /** Whether a client of this server's protocol always sends first, as in HTTP: one that accepted and then says nothing did not accept. */
  readonly clientSpeaksFirst: boolean;
  /** What every connection is shown, where that is known: asking the TLS engine costs a hundredth of a handshake. */
  presented(): EndReport['ownChain'];
  /** PEM of the anchors that came with it, where they are known. */
  anchors(): string | undefined;
  /** How peers are verified, where that is known. */
  verifyContext(): VerifyContext | undefined;
}

/** Who hears what an observed connection comes to. */
export interface ObserverHooks {
  /** The server of the user's. */
  readonly server: tls.Server;
  report(report: EndReport): void;
  /** The server's side accepted; the client's is waited for. */
  accepted(): void;
  /** Whether an attempt of this process is at the other end. */
  isAttempt(): boolean;
}
