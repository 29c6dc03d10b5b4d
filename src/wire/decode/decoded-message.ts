import type { AlertName } from '../records/alerts.ts';
import type { Side } from '../tap/capture.ts';
import type { CertificateCompression } from './messages/inflate-certificate.ts';

/** One thing that one side said, in words: told apart by `type`. Names are those of IANA's registries, hexadecimal where they have none. */
export type DecodedMessage = MessageContent & {
  readonly sentBy: Side;
  /** Milliseconds since the connection was seen, at the last byte of the record that completed it. */
  readonly atMs: number;
  /** Whether it travelled encrypted. */
  readonly encrypted: boolean;
  /** What is odd about it. */
  readonly note?: string;
};

/** What a message says, apart from who sent it when. */
export type MessageContent =
  | ClientHelloMessage
  | ServerHelloMessage
  | HelloRetryRequestMessage
  | EncryptedExtensionsMessage
  | CertificateRequestMessage
  | CertificateMessage
  | CertificateStatusMessage
  | CertificateVerifyMessage
  | ServerKeyExchangeMessage
  | ClientKeyExchangeMessage
  | NewSessionTicketMessage
  | KeyUpdateMessage
  | BareMessage
  | OtherHandshakeMessage
  | AlertMessage
  | ApplicationDataMessage
  | EncryptedMessage
  | UnreadableMessage
  | EndOfStreamMessage;

/** A ClientHello (RFC 8446 4.1.2). Lists are in the client's order; what it did not send is empty. */
export interface ClientHelloMessage {
  readonly type: 'client_hello';
  /** Of supported_versions, or else the legacy version alone. */
  readonly versions: readonly string[];
  /** Lower-case hexadecimal, 64 digits. */
  readonly random: string;
  /** The legacy session id in hexadecimal: one that a TLS 1.2 client wants to resume, or one that TLS 1.3 makes up. */
  readonly sessionId: string;
  readonly cipherSuites: readonly string[];
  readonly groups: readonly string[];
  readonly signatureSchemes: readonly string[];
  /** Of signature_algorithms_cert: for the signatures in certificates, where they differ. */
  readonly certificateSignatureSchemes: readonly string[];
  readonly servername?: string;
  readonly alpnProtocols: readonly string[];
  /** The groups that it sent a key for. */
  readonly keyShares: readonly string[];
  /** The TLS 1.2 extension: `empty` says that the client takes tickets, `offered` that it brings one. */
  readonly sessionTicket: 'absent' | 'empty' | 'offered';
  /** How many pre-shared keys of TLS 1.3 it offers: sessions to resume, as a rule. */
  readonly pskIdentities: number;
  readonly pskModes: readonly string[];
  /** Whether it announces data before the handshake is done. */
  readonly earlyData: boolean;
  /** The extensions in order. */
  readonly extensions: readonly string[];
}

/** A ServerHello (RFC 8446 4.1.3). */
export interface ServerHelloMessage {
  readonly type: 'server_hello';
  readonly version: string;
  readonly random: string;
  /** In TLS 1.2 the client's own, where the server resumes the session. */
  readonly sessionId: string;
  readonly cipherSuite: string;
  /** The group of its key share; TLS 1.2 names it in the ServerKeyExchange. */
  readonly group?: string;
  /** The number of the pre-shared key that the server took, from 0: the session is resumed. TLS 1.3. */
  readonly selectedPsk?: number;
  /** TLS 1.2; in TLS 1.3 it is in the EncryptedExtensions. */
  readonly alpnProtocol?: string;
  readonly extensions: readonly string[];
}

/** A HelloRetryRequest (RFC 8446 4.1.4): the server asks for another ClientHello. */
export interface HelloRetryRequestMessage {
  readonly type: 'hello_retry_request';
  readonly version: string;
  readonly cipherSuite: string;
  /** The group that it wants a key share of. */
  readonly group?: string;
  readonly hasCookie: boolean;
  readonly extensions: readonly string[];
}

/** EncryptedExtensions (RFC 8446 4.3.1). */
export interface EncryptedExtensionsMessage {
  readonly type: 'encrypted_extensions';
  readonly alpnProtocol?: string;
  readonly extensions: readonly string[];
}

/** A CertificateRequest (RFC 8446 4.3.2, RFC 5246 7.4.4). */
export interface CertificateRequestMessage {
  readonly type: 'certificate_request';
  /** The acceptable CAs in the server's order; none means any. */
  readonly authorities: readonly RequestedAuthority[];
  readonly signatureSchemes: readonly string[];
  readonly certificateSignatureSchemes: readonly string[];
  /** TLS 1.2 only, e.g. `ecdsa_sign`. */
  readonly certificateTypes: readonly string[];
  /** TLS 1.3 only. */
  readonly extensions: readonly string[];
}

/** A distinguished name that a CertificateRequest names. */
export interface RequestedAuthority {
  /** `O=Example, CN=Root` style text, as in inspected certificates; absent where it cannot be read. */
  readonly text?: string;
  readonly der: Uint8Array;
}

/** A Certificate (RFC 8446 4.4.2, RFC 5246 7.4.2), as it was sent: in that order, with what it lacks lacking. */
export interface CertificateMessage {
  readonly type: 'certificate';
  /** The end's own certificate first. None: a client has none to show. */
  readonly certificates: readonly SentCertificate[];
  /** How it was compressed, where it was (RFC 8879). */
  readonly compression?: CertificateCompression;
}

/** One entry of a Certificate. */
export interface SentCertificate {
  /** The bytes as sent, whether or not they are DER. */
  readonly der: Uint8Array;
  /** TLS 1.3 only. */
  readonly extensions: readonly string[];
  /** The OCSP response stapled to it, as sent. TLS 1.3; in TLS 1.2 it is a CertificateStatus. */
  readonly ocspResponse?: Uint8Array;
}

/** A CertificateStatus of TLS 1.2 (RFC 6066 8). */
export interface CertificateStatusMessage {
  readonly type: 'certificate_status';
  readonly ocspResponse: Uint8Array;
}

/** A CertificateVerify (RFC 8446 4.4.3, RFC 5246 7.4.8). */
export interface CertificateVerifyMessage {
  readonly type: 'certificate_verify';
  /** Absent before TLS 1.2. */
  readonly signatureScheme?: string;
}

/** A ServerKeyExchange of TLS 1.2 (RFC 5246 7.4.3, RFC 8422 5.4). */
export interface ServerKeyExchangeMessage {
  readonly type: 'server_key_exchange';
  /** `other` for what is not looked into, e.g. pre-shared keys. */
  readonly keyExchange: 'ecdhe' | 'dhe' | 'other';
  /** The curve, or the size of the prime, e.g. `2048 bits`. */
  readonly group?: string;
  /** Absent where it is not signed, and before TLS 1.2. */
  readonly signatureScheme?: string;
}

/** A ClientKeyExchange of TLS 1.2 (RFC 5246 7.4.7). */
export interface ClientKeyExchangeMessage {
  readonly type: 'client_key_exchange';
  /** Octets of the public key or of the encrypted secret, with their length in front. */
  readonly length: number;
}

/** A NewSessionTicket (RFC 8446 4.6.1, RFC 5077 3.3). The ticket itself is left out. */
export interface NewSessionTicketMessage {
  readonly type: 'new_session_ticket';
  readonly lifetimeSeconds: number;
  /** Octets of the ticket; 0 in TLS 1.2 says that the server sends none after all. */
  readonly ticketLength: number;
  /** TLS 1.3 only. */
  readonly extensions: readonly string[];
}

/** A KeyUpdate (RFC 8446 4.6.3). */
export interface KeyUpdateMessage {
  readonly type: 'key_update';
  /** Whether the other side is to change its key too. */
  readonly isRequested: boolean;
}

/** A message of which there is nothing to say but that it was sent. */
export interface BareMessage {
  readonly type: 'hello_request' | 'server_hello_done' | 'end_of_early_data' | 'finished' | 'change_cipher_spec';
}

/** A handshake message that this library does not look into. */
export interface OtherHandshakeMessage {
  readonly type: 'other_handshake';
  /** The registry's name, e.g. `supplemental_data`, or its number. */
  readonly name: string;
  readonly length: number;
}

/** An alert (RFC 8446 6). */
export interface AlertMessage {
  readonly type: 'alert';
  /** As it was sent; TLS 1.3 says to ignore it. */
  readonly level: 'warning' | 'fatal' | 'unknown';
  /** The registry's name, e.g. `certificate_expired`; `alert_<number>` for one without. */
  readonly name: AlertName | `alert_${number}`;
  readonly code: number;
}

/** A record of application data. */
export interface ApplicationDataMessage {
  readonly type: 'application_data';
  /** Octets of the data. */
  readonly length: number;
}

/** A record that stayed encrypted; the note says why. */
export interface EncryptedMessage {
  readonly type: 'encrypted';
  /** The record's content type. In TLS 1.3 it is always `application_data`, whatever is within. */
  readonly recordType: 'change_cipher_spec' | 'alert' | 'handshake' | 'application_data' | 'heartbeat';
  /** Octets of the encrypted fragment. */
  readonly length: number;
}

/** Bytes that are not what they should be; the note says in which respect. */
export interface UnreadableMessage {
  readonly type: 'unreadable';
  /** What they should have been: a message, e.g. `client_hello`, a record, e.g. `alert`, or `not-tls`. */
  readonly of: string;
  readonly length: number;
}

/** One side's end of the TCP stream: given by the caller, since it is not in the records. */
export interface EndOfStreamMessage {
  readonly type: 'end_of_stream';
  readonly how: 'end' | 'reset';
  /**
   * `close_notify`: this side sent one. `alert`: an error of either side went before, after which none is sent (RFC 8446 6.2).
   * `truncated`: neither. `unknown`: the last that one of them said could not be read.
   */
  readonly after: 'close_notify' | 'alert' | 'truncated' | 'unknown';
}
