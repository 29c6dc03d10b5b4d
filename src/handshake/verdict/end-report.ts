import type { Alert } from '../../wire/records/alert-record.ts';
import type { Capture, Side } from '../../wire/tap/capture.ts';
import type { VerifyContext } from './verify-context.ts';

/** What one end of a connection knows of its handshake. Two of these, or one, make a `Handshake`. */
export interface EndReport {
  readonly side: Side;
  readonly outcome: EndOutcome;
  /** What this end's own API said, so that people recognize it: `tlsClientError ECONNRESET "socket hang up"`. */
  readonly reported: string;
  readonly session: SessionFacts;
  /** The peer's certificate as this end received it, with its chain as far as Node shows it. DER, the leaf first; read when it is asked for. */
  readonly peerChain?: () => readonly Uint8Array[] | undefined;
  /** This end's own certificate, where it presented one, with its chain as far as that is known. */
  readonly ownChain?: readonly Uint8Array[] | undefined;
  /** PEM of the anchors that came with this end's own certificate, where they are known: for the next step of a refusal. */
  readonly ownAnchors?: string | undefined;
  /** How this end verifies its peers, where that is known: for the next step of a refusal. */
  readonly verifyContext?: VerifyContext | undefined;
  readonly capture: Capture;
  readonly durationMs: number;
}

/** What both ends report of one handshake, or the one that was observed. */
export interface Ends {
  readonly server?: EndReport;
  readonly client?: EndReport;
}

/** How it ended, seen from one end. */
export type EndOutcome =
  /** `detail`: what happened then, e.g. that the server's own code ended the connection. */
  | { readonly kind: 'completed'; readonly evidence: Evidence; readonly detail?: string }
  | { readonly kind: 'rejected'; readonly reason: string; readonly alert?: Alert; readonly detail?: string }
  /** `detail`: how far the peer had come before, where the wire shows it. `evidence`: where it is not the alert, or the end of the stream, itself. */
  | { readonly kind: 'alerted'; readonly alert: Alert; readonly detail?: string; readonly evidence?: Evidence }
  | { readonly kind: 'left'; readonly how: 'closed' | 'reset'; readonly detail?: string; readonly evidence?: Evidence };

/** How a verdict is known; docs/evidence.md says what each kind proves and what it does not. */
export type Evidence =
  /** The server's own judgement was observed (and the client's, where the client was ours). */
  | 'server-observed'
  /** The client's own judgement was observed. */
  | 'client-observed'
  /** Application data arrived from the peer that can have been written after the handshake was complete. */
  | 'application-data'
  /** A TLS 1.3 session ticket arrived, and no contradiction within the wait. Many servers send it before they verify the client. */
  | 'session-ticket'
  /** The server's Finished of TLS 1.2 arrived, and no contradiction within the wait. Many servers send it before they verify the client. */
  | 'server-finished'
  /** The peer sent a fatal alert. */
  | 'alert'
  /** The peer closed the connection without an alert; of an accepted handshake: properly, after it was complete. */
  | 'closed'
  /** The peer reset the connection. */
  | 'reset'
  /** A relay read the handshake: decrypted with the secrets of a key log, or in the clear, as TLS 1.2 has it up to the Finished. */
  | 'decrypted'
  /** A relay could not read what decided: it follows from the lengths and the order of encrypted records. */
  | 'record-shape'
  /** Nothing contradicted within the wait, and nothing spoke for it either: the weakest evidence of acceptance. */
  | 'quiet';

/** What the two ends agreed on, as far as the handshake came. */
export interface SessionFacts {
  readonly protocol?: string;
  readonly cipher?: string;
  readonly alpn?: string;
  readonly servername?: string;
  readonly resumed: boolean;
  /** Server only: a client certificate was presented and verified. */
  readonly clientAuthenticated?: boolean;
  /** Server only: Node's verify code where verification failed and the server accepted all the same. */
  readonly authorizationError?: string;
}
