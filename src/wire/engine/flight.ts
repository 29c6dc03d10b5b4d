import type { KeyObject } from 'node:crypto';
import type { handshakeType } from '../registry/handshake-types.ts';
import type { SignatureScheme } from '../registry/names.ts';
import type { Side } from '../tap/capture.ts';
import type { EngineCredential } from './engine-credential.ts';
import type { EngineVersion } from './engine-version.ts';

/** What a flight is made of: handshake messages by the registry's names, and the records that are not handshake messages. */
export type MessageName = keyof typeof handshakeType | 'change_cipher_spec' | 'alert' | 'application_data';

/**
 * What one side sends without waiting for the other. A renegotiation of TLS 1.2 uses the names of the first handshake again.
 * - `hello` and `second-hello` (after a HelloRetryRequest): `[client_hello]`
 * - `client`: TLS 1.3 `[change_cipher_spec, certificate, certificate_verify, finished]`, TLS 1.2 `[certificate, client_key_exchange, certificate_verify,
 *   change_cipher_spec, finished]`; the certificate only where one is asked for, its proof only where there is one; resumed in TLS 1.2
 *   `[change_cipher_spec, finished]`
 * - `hello-retry`: `[hello_retry_request]`, with a change_cipher_spec behind it
 * - `server`: TLS 1.3 `[server_hello, change_cipher_spec, encrypted_extensions, certificate_request, certificate, certificate_verify, finished]`,
 *   TLS 1.2 `[server_hello, certificate, server_key_exchange, certificate_request, server_hello_done]`; resumed in TLS 1.2
 *   `[server_hello, new_session_ticket, change_cipher_spec, finished]`
 * - `server-final`: TLS 1.2 `[new_session_ticket, change_cipher_spec, finished]`
 * - `tickets`: TLS 1.3 `[new_session_ticket]`, after the handshake
 * - `post-handshake`: TLS 1.3; of the server `[certificate_request]`, of the client `[certificate, certificate_verify, finished]`, of either `[key_update]`
 */
export type FlightName = 'hello' | 'second-hello' | 'client' | 'hello-retry' | 'server' | 'server-final' | 'tickets' | 'post-handshake';

/** One message of a flight. It is encoded when it is sent: everything before it has entered the transcript by then. */
export interface FlightMessage {
  readonly name: MessageName;
  /** The body of a handshake message without its four octets of header; the content of any other record. */
  readonly body: (context: FlightContext) => Uint8Array;
  /** Replaces the whole handshake message, header included, for lengths that are wrong. */
  readonly raw?: (context: FlightContext) => Uint8Array;
  /** Octets of each record that the message is cut into, the rest in one more; default one record. */
  readonly fragments?: readonly number[];
  /** In one record with the message before it, and under its keys. */
  readonly joined?: boolean;
  /** Whether the message is left out of the sender's own transcript; default false. */
  readonly outsideTranscript?: boolean;
  /** The keys that its records are protected with, where they are not those of its place. */
  readonly keys?: WriteKeys;
  /** What its records say of themselves, where that is not what such a message says. */
  readonly record?: RecordForm;
}

/** Which keys protect a record: none, those of the handshake, or those of application data. TLS 1.2 has no keys of the handshake of its own. */
export type WriteKeys = 'none' | 'handshake' | 'application';

/** The outward form of a record. */
export interface RecordForm {
  /** The number of the content type; in a protected record of TLS 1.3 that of the inner one. */
  readonly type?: number;
  /** The version of the header, e.g. 0x0301. */
  readonly version?: number;
  /** Octets of padding in a protected record of TLS 1.3 (RFC 8446 5.4). */
  readonly padding?: number;
}

/** What a message may be computed from, as of the time at which it is sent. */
export interface FlightContext {
  readonly side: Side;
  readonly flight: FlightName;
  readonly version: EngineVersion;
  /** 1 for the first handshake of a connection, 2 for its first renegotiation. */
  readonly handshake: number;
  readonly agreed: Agreed;
  readonly credential: EngineCredential | undefined;
  /** The body of the last message of this name that this side sent in this handshake. */
  readonly sent: (name: MessageName) => Buffer | undefined;
  /** The body of the last message of this name that the peer sent in this handshake. */
  readonly received: (name: MessageName) => Buffer | undefined;
  /** The handshake messages so far, headers included, as they entered the transcript. */
  readonly transcript: () => Buffer;
  /** Its hash, by the hash of the cipher suite. */
  readonly transcriptHash: () => Buffer;
  /** What a CertificateVerify of this side signs here (RFC 8446 4.4.3, RFC 5246 7.4.8). */
  readonly signedContent: () => Buffer;
  /** The verify_data of a Finished of this side here (RFC 8446 4.4.4, RFC 5246 7.4.9). */
  readonly verifyData: () => Buffer;
  /** The scheme that this side signs with: the first of its own that its key can make and the peer takes. */
  readonly signatureScheme: () => SignatureScheme;
  /** Signs; the parts that are not given are those of a conforming CertificateVerify. */
  readonly sign: (options?: SignOptions) => Buffer;
}

/** What both sides have agreed on so far. */
export interface Agreed {
  /** By the registry's name, e.g. `TLS_AES_128_GCM_SHA256`. */
  readonly cipherSuite?: string;
  readonly group?: string;
  readonly alpnProtocol?: string;
  readonly resumed: boolean;
  /** TLS 1.2: whether the master secret is bound to the transcript (RFC 7627). */
  readonly extendedMasterSecret?: boolean;
}

/** How a signature is made. */
export interface SignOptions {
  readonly scheme?: SignatureScheme;
  /** The hash to sign with, e.g. `sha1`, where it is not the one of the scheme. */
  readonly hash?: string;
  readonly key?: KeyObject;
  readonly content?: Uint8Array;
}

/** Takes the flight that a conforming peer would send and gives the one to send. */
export type FlightEdit = (messages: readonly FlightMessage[], context: FlightContext) => readonly FlightMessage[];

/** Edits by the flight that they change. */
export type FlightEdits = { readonly [Flight in FlightName]?: FlightEdit };
