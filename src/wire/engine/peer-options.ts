import type { AlertName } from '../records/alerts.ts';
import type { SignatureScheme } from '../registry/names.ts';
import type { EngineCredential } from './engine-credential.ts';
import type { EngineSession } from './engine-session.ts';
import type { EngineVersion } from './engine-version.ts';
import type { FlightEdits } from './flight.ts';
import type { PeerCheck } from './peer-check.ts';

/** How either side performs a handshake. */
export interface PeerOptions {
  readonly version: EngineVersion;
  /** A client presents it where the server asks; without one it sends an empty Certificate. */
  readonly credential?: EngineCredential;
  /** The registry's names in the order of preference; default: what OpenSSL 3.5 offers of those that the engine knows. */
  readonly cipherSuites?: readonly string[];
  readonly groups?: readonly string[];
  readonly signatureSchemes?: readonly SignatureScheme[];
  readonly alpnProtocols?: readonly string[];
  readonly edits?: FlightEdits;
  /** TLS 1.3: the algorithms by which certificates may come compressed, and are sent where the peer takes them (RFC 8879). */
  readonly certificateCompression?: readonly ('zlib' | 'brotli' | 'zstd')[];
  /** TLS 1.2; default true (RFC 7627). */
  readonly extendedMasterSecret?: boolean;
  /** Milliseconds that every wait for the peer takes at most; default 5000. */
  readonly timeout?: number;
  /** Gets each line of the connection's key log (RFC 9850), without the line break. */
  readonly onKeyLog?: (line: string) => void;
  /** The checks that this side leaves out, as a broken implementation would; default none. */
  readonly skipped?: ReadonlySet<PeerCheck>;
}

/** How a client performs a handshake. */
export interface ClientOptions extends PeerOptions {
  /** The name of the server_name extension; not sent by default. */
  readonly servername?: string;
  /** Offered for resumption. */
  readonly session?: EngineSession;
  /** Trust anchors in DER; by default the server's signature is verified and its chain is not. */
  readonly trust?: readonly Uint8Array[];
  /** TLS 1.3: whether to offer authentication after the handshake; default false. */
  readonly postHandshakeAuth?: boolean;
}

/** How a server performs a handshake. */
export interface ServerOptions extends PeerOptions {
  readonly credential: EngineCredential;
  /** Whether to send a CertificateRequest; default false. */
  readonly requestCertificate?: boolean;
  /** Whether a client without a certificate is refused; default as `requestCertificate`. */
  readonly requireCertificate?: boolean;
  /** The names of acceptable authorities in DER, for the CertificateRequest. */
  readonly authorities?: readonly Uint8Array[];
  /** Judges the client's certificates, the leaf first: the alert to refuse them with, or nothing. Every chain is accepted by default. */
  readonly checkClient?: (certificates: readonly Uint8Array[]) => AlertName | undefined;
  /** Whether to issue session tickets and to take them back; default false. */
  readonly tickets?: boolean;
  /** TLS 1.3: whether to answer the first ClientHello with a HelloRetryRequest: with a cookie, or for another group; default only where the client sent no usable key share. */
  readonly helloRetry?: boolean | 'group';
}
