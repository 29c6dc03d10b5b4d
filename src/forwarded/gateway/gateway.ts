import type { MtlsFixturesError } from '../../errors/index.ts';
import type { ObservedServer } from '../../handshake/server/observed-server.ts';
import type { PeerCertificate } from '../../x509/inspect-certificate.ts';
import type { HeaderLine } from '../format.ts';

/** A mutual-TLS gateway in front of an HTTP application: an `ObservedServer`, of which every request is recorded too. Close it, or hold it with `await using`. */
export interface Gateway extends ObservedServer {
  /** What clients asked for, in the order in which it came, the last `maxRequests` of it. The status and the error of one are there before its client gets the answer. */
  readonly requests: readonly GatewayRequest[];
}

/** One request, as the gateway forwarded it. */
export interface GatewayRequest {
  readonly method: string;
  /** With the query, as the application gets it. */
  readonly path: string;
  /** By which protocol the client sent it. */
  readonly protocol: 'HTTP/1.0' | 'HTTP/1.1' | 'HTTP/2';
  /** The header lines by which the gateway named the client to the application. */
  readonly headers: readonly HeaderLine[];
  /** The client's certificate; undefined for a client without one, and for one that cannot be read. */
  readonly certificate: PeerCertificate | undefined;
  /** Of the answer; 101 once a WebSocket is open. Undefined until there is one, and for a client that left before, or whose connection was cut. */
  readonly status: number | undefined;
  /** Why it is not the application's answer, or not all of it. */
  readonly error: MtlsFixturesError | undefined;
}
