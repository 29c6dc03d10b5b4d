import type { DecodedMessage } from '../../wire/decode/decoded-message.ts';
import type { TlsRecord } from '../../wire/records/tls-record.ts';
import type { PeerCertificate } from '../../x509/inspect-certificate.ts';
import type { Judgement } from './judge.ts';

/** What is known of one handshake, as seen from both ends, or from the one end that was observed. */
export interface HandshakeFacts extends Judgement {
  /** `TLSv1.3` or `TLSv1.2`; absent when the handshake ended before a version was agreed on. */
  readonly protocol?: string;
  /** OpenSSL's name of the cipher suite. */
  readonly cipher?: string;
  /** The key-exchange group, e.g. `x25519`, where the wire names it. */
  readonly group?: string | undefined;
  readonly alpn?: string;
  /** The name the client asked for (SNI). */
  readonly servername?: string;
  readonly resumed: boolean;
  /** Whether the server was presented a client certificate and verified it. A resumed session without a certificate never counts. */
  readonly clientAuthenticated: boolean;
  /** Node's verify code where a client certificate failed verification and the server accepted it all the same. */
  readonly authorizationError?: string;
  /** Milliseconds from the connection to the decision. */
  readonly durationMs: number;
  /**
   * What the client's Certificate message held, also when it was refused, with the exact chain; of a resumed session what it was made with. Absent where the
   * client sent none, though it may have had one, and where it cannot be read.
   */
  readonly clientCertificate?: PeerCertificate | undefined;
  /** The same of the server. */
  readonly serverCertificate?: PeerCertificate | undefined;
  /** The TLS records of both directions until the decision. */
  readonly records: readonly TlsRecord[];
  /** When the connection was seen. */
  readonly startedAt: Date;
  /** What both sides said until the decision, decrypted with the connection's own secrets. */
  readonly messages: readonly DecodedMessage[];
}
