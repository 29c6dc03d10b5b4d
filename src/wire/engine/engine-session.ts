import type { EngineVersion } from './engine-version.ts';

/** What a client keeps of a connection to resume it. */
export interface EngineSession {
  readonly version: EngineVersion;
  readonly cipherSuite: string;
  /** TLS 1.3: the pre-shared key; TLS 1.2: the master secret. */
  readonly secret: Buffer;
  /** What the server gave to be shown again; empty where a session of TLS 1.2 is known by its id alone. */
  readonly ticket: Buffer;
  /** TLS 1.2: the session id of the ServerHello. */
  readonly sessionId?: Buffer;
  /** TLS 1.3: what is added to the ticket's age. */
  readonly ageAdd?: number;
  readonly lifetimeSeconds: number;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly servername?: string;
  readonly alpnProtocol?: string;
  readonly extendedMasterSecret?: boolean;
  /** The server's certificates, which a resumed handshake does not repeat. */
  readonly peerCertificates: readonly Uint8Array[];
}
