import type tls from 'node:tls';
import type { EndReport } from '../verdict/end-report.ts';
import type { Attempt } from './attempt.ts';
import type { VerifyContext } from '../verdict/verify-context.ts';
import type { VerifyPeer } from '../verdict/verify-peer.ts';

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
  /** The same for one name, where the server's own code chooses by names and that is known. */
  namedContext(servername: string | undefined): VerifyContext | undefined;
}

/** What an observed connection belongs to. */
export interface ObserverHooks {
  /** The server of the user's. */
  readonly server: tls.Server;
  /** Called once for each handshake of the connection. */
  report(report: EndReport): void;
  /** The attempt of this process at the other end, where there is one. */
  attempt(): Attempt | undefined;
}
