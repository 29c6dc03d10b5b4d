import type { EngineSession } from './engine-session.ts';
import type { Agreed, FlightMessage, FlightName } from './flight.ts';
import type { EngineCredential } from './engine-credential.ts';
import type { EngineVersion } from './engine-version.ts';

/** A connection whose handshake has completed on this side. In TLS 1.3 a client's peer may still refuse: the next `read` rejects with that end. */
export interface EngineConnection {
  readonly version: EngineVersion;
  readonly cipherSuite: string;
  readonly agreed: Agreed;
  readonly resumed: boolean;
  /** In DER, the leaf first; those of the session where it is resumed. */
  readonly peerCertificates: readonly Uint8Array[];
  /** The latest one that can be resumed; of TLS 1.3 once a ticket has been read. */
  readonly session: EngineSession | undefined;
  write(bytes: Uint8Array): Promise<void>;
  /** The next application data; undefined at close_notify or at the end of the stream. Rejects with an `EngineError` at every other end. */
  read(): Promise<Buffer | undefined>;
  /** Sends messages under the connection's keys, such as a KeyUpdate. The edit of that flight applies. */
  sendFlight(name: FlightName, messages: readonly FlightMessage[]): Promise<void>;
  /** TLS 1.3, changes the keys of what this side sends; `request`: and asks the peer to change its own (RFC 8446 4.6.3). */
  updateKeys(options?: { readonly request?: boolean }): Promise<void>;
  /** Server: asks the client for its certificate, after the handshake in TLS 1.3 and by a renegotiation in TLS 1.2, and waits for it. */
  requestCertificate(): Promise<readonly Uint8Array[]>;
  /** TLS 1.2: performs another handshake on the connection (RFC 5746). */
  renegotiate(options?: RenegotiationOptions): Promise<void>;
  /** Sends close_notify and ends the stream. */
  close(): Promise<void>;
}

/** What differs from the first handshake. */
export interface RenegotiationOptions {
  readonly servername?: string;
  readonly credential?: EngineCredential;
}
