/** Facts carried by each error code. A new failure starts as a row here. */
export interface ErrorFacts {
  /** An option has a value that it cannot take. */
  OPTION_INVALID: { readonly option: string; readonly value: string; readonly expected: string };
  /** A key algorithm that this library does not know. */
  KEY_ALGORITHM_UNKNOWN: { readonly algorithm: string; readonly known: readonly string[] };
  /** A key algorithm that this Node.js cannot generate. */
  KEY_ALGORITHM_UNAVAILABLE: { readonly algorithm: string; readonly runtime: string; readonly needs: string };
  /** A validity that ends before it begins. */
  DATE_ORDER: { readonly notBefore: string; readonly notAfter: string };
  /** A subject or alternative name that is empty or malformed. */
  NAME_INVALID: { readonly kind: string; readonly value: string; readonly problem: string };
  /** A serial number that RFC 5280 4.1.2.2 forbids: not positive, or longer than 20 octets. */
  SERIAL_NUMBER_INVALID: { readonly value: string };
  /** Text that should be PEM and is not, or holds another kind of object. */
  PEM_INVALID: { readonly what: string; readonly value: string; readonly problem: string };
  /** Bytes that are not a certificate, a CRL or another DER structure. */
  DER_INVALID: { readonly what: string; readonly problem: string };
  /** The password is not the one that a PKCS#12 file was protected with, or the file was changed. */
  PKCS12_PASSWORD_WRONG: object;
  /** A PKCS#12 file without a MAC: neither its password nor its integrity can be verified. */
  PKCS12_MAC_MISSING: object;
  /** A PKCS#12 file that is protected by an algorithm which is not read here. */
  PKCS12_ALGORITHM_UNSUPPORTED: { readonly algorithm: string };
  /** A PKCS#12 file without a private key, such as a truststore. */
  PKCS12_KEY_MISSING: { readonly certificates: number };
  /** A PKCS#12 file with more than one private key. `names`: their friendly names, Java's aliases. */
  PKCS12_SEVERAL_KEYS: { readonly names: readonly string[] };
  /** A PKCS#12 file with a private key alone. */
  PKCS12_CERTIFICATE_MISSING: { readonly key: string };
  /** A private key that is not the one the certificate was issued for. */
  KEY_MISMATCH: { readonly subject: string };
  /** A CA whose path length is used up was asked to sign another CA. */
  CA_PATH_LENGTH: { readonly issuer: string };
  /** A CA was asked to revoke a certificate that another CA issued, or for its status. */
  NOT_THE_ISSUER: { readonly subject: string; readonly issuer: string; readonly authority: string };
  /** A file that would be overwritten. */
  FILE_EXISTS: { readonly path: string };
  /** A file, or the standard output, that cannot be written. */
  WRITE_FAILED: { readonly path: string; readonly reason: string };
  /** A file that cannot be read. */
  READ_FAILED: { readonly path: string; readonly reason: string; readonly advice: string };
  /** A file that was written and cannot be removed. */
  REMOVE_FAILED: { readonly path: string; readonly reason: string };
  /** A layout of symbolic links in a folder that can hold none. */
  LINKS_UNSUPPORTED: { readonly directory: string; readonly reason: string };
  /** Files of `writeFiles` that were to be changed after they had been removed. */
  FILES_REMOVED: { readonly directory: string; readonly action: string };
  /** Files of `writeFiles` that are damaged already. */
  ALREADY_DAMAGED: { readonly path: string; readonly damage: string };
  /** A file that is to be the report of a run, and cannot be read or is another. */
  REPORT_INVALID: { readonly path: string; readonly problem: string };
  /** The report of an earlier run that results are to be compared with, which cannot be read or is not one. */
  BASELINE_INVALID: { readonly path: string; readonly problem: string };
  /** Headers that name a client, in a form that their format does not have. */
  FORWARDED_INVALID: { readonly header: string; readonly problem: string };
  /** A certificate that breaks a rule of X509-SVIDs. */
  SVID_INVALID: { readonly certificate: string; readonly clause: string; readonly problem: string };
  /** A path for a socket at which another server listens, or something else lies. */
  SOCKET_IN_USE: { readonly path: string; readonly problem: string };
  /** A SPIFFE Workload API that gave no SVID. */
  WORKLOAD_API_FAILED: { readonly endpoint: string; readonly problem: string };
  /** A file with the secrets of TLS connections (SSLKEYLOGFILE) that has none of a connection which was relayed. */
  KEY_LOG_UNUSABLE: { readonly path: string; readonly problem: string };
  /** A request whose headers the upstream of a gateway found too large. `octets`: of the lines that name the client. */
  FORWARDED_TOO_LARGE: { readonly upstream: string; readonly octets: number };
  /** A request that a gateway could not send on: its client cannot be named in a header, or Node refuses what the client sent. */
  FORWARDED_UNSENDABLE: { readonly problem: string };
  /** The upstream of a gateway ended its connection too soon. */
  UPSTREAM_ENDED: { readonly upstream: string; readonly when: string };
  /** The upstream of a gateway cannot be reached. */
  UPSTREAM_FAILED: { readonly upstream: string; readonly reason: string };
  /** The upstream of a gateway answered with bytes that are not HTTP. */
  UPSTREAM_INVALID: { readonly upstream: string; readonly problem: string };
  /** The handler that is the upstream of a gateway threw, or rejected. */
  UPSTREAM_THREW: { readonly problem: string };
  /** A serialized PKI that is damaged or of another version. */
  SERIALIZED_PKI_INVALID: { readonly problem: string };
  /** No trust anchors were given; Node would fall back to the public roots. */
  TRUST_MISSING: { readonly who: string };
  /** A port that is taken, or a list of ports of which none is free. */
  PORT_IN_USE: { readonly host: string; readonly ports: string };
  /** `observe` was given something that is not a tls.Server, https.Server or Http2SecureServer. */
  NOT_A_TLS_SERVER: { readonly value: string };
  /** `observeListening` found no TLS server that listens, or several. `listening` and `plain`: the addresses of those with TLS and without. */
  NOT_ONE_TLS_SERVER: { readonly listening: readonly string[]; readonly plain: readonly string[] };
  /** `observe` was called twice for one server. */
  ALREADY_OBSERVED: { readonly url: string };
  /** The server was closed, or is not listening yet. */
  SERVER_NOT_LISTENING: { readonly state: string };
  /** The server did not finish closing within its bound. */
  SERVER_CLOSE_TIMEOUT: { readonly milliseconds: number; readonly open: number };
  /** The server under test could not be started. `advice`: what to do. */
  SERVER_START_FAILED: { readonly problem: string; readonly advice: string };
  /** The server under test of a suite was not ready within its bound. */
  SERVER_START_TIMEOUT: { readonly milliseconds: number };
  /** The server under test of a suite did not serve what is in its files. */
  RELOAD_FAILED: { readonly problem: string };
  /** No handshake came within the bound. */
  NO_HANDSHAKE: { readonly milliseconds: number; readonly url: string; readonly seen: number };
  /** No TCP connection could be made. */
  CONNECT_FAILED: { readonly host: string; readonly port: number; readonly reason: string };
  /** The host name could not be resolved. */
  HOST_NOT_FOUND: { readonly host: string; readonly reason: string };
  /** Neither end judged the handshake within the bound. */
  HANDSHAKE_TIMEOUT: { readonly host: string; readonly port: number; readonly milliseconds: number; readonly seen: string };
  /** The peer answered with bytes that are not TLS. */
  NOT_TLS: { readonly host: string; readonly port: number; readonly received: string };
  /** The peer closed the connection without a single byte of TLS. */
  CLOSED_BEFORE_TLS: { readonly host: string; readonly port: number; readonly how: string };
  /** The connection ended before the peer could judge the client: its last flight had not been written. */
  CONNECTION_OVER: { readonly place: string; readonly how: string };
  NO_ANSWER: { readonly place: string; readonly milliseconds: number };
  CONNECTION_CUT: { readonly host: string; readonly port: number; readonly how: string; readonly seen: string };
  /** A relay that reads no secrets saw records of TLS 1.3 which fit a rejection and an acceptance alike. */
  RECORDS_AMBIGUOUS: { readonly host: string; readonly port: number; readonly seen: string };
  /** The caller's own `AbortSignal` ended the attempt; its reason is the `cause`. */
  ABORTED: { readonly host: string; readonly port: number; readonly seen: string };
  /** The server was asked for TLS in its own protocol and refused. `answer`: its words. */
  STARTTLS_REFUSED: { readonly host: string; readonly port: number; readonly protocol: string; readonly answer: string };
  /** The server did not get to the point where TLS may begin. `problem`: what it did instead; `answer`: its last words. */
  STARTTLS_FAILED: {
    readonly host: string;
    readonly port: number;
    readonly protocol: string;
    readonly problem: string;
    readonly answer: string;
  };
  /** A handshake of the engine for tests ended before it was complete, or its connection did afterwards. `step`: the message awaited or sent. */
  HANDSHAKE_ENDED: { readonly step: string; readonly how: string };
  /** An edit of a flight names a message that the flight does not hold, or makes one that cannot be encoded. `present`: the messages that it holds. */
  FLIGHT_EDIT_INVALID: { readonly flight: string; readonly message: string; readonly problem: string; readonly present: readonly string[] };
  /** An optional package that is not installed. */
  PACKAGE_MISSING: { readonly name: string; readonly install: string };
  /** A runtime on which a verdict would be wrong, or that has no Node.js at all. */
  RUNTIME_UNSUPPORTED: { readonly action: string; readonly runtime: string; readonly problem: string; readonly advice: string };
  /** No Docker-compatible engine answers. */
  NO_CONTAINER_ENGINE: { readonly dockerHost: string; readonly reason: string };
  /** Containers cannot reach servers of this process. */
  NO_HOST_GATEWAY: { readonly host: string };
  /** The engine has no such image, or none for the platform that was asked for, and cannot fetch it. */
  IMAGE_UNAVAILABLE: { readonly image: string; readonly reason: string };
  /** A container that stopped, or did not accept a valid client within its bound. `log`: its last lines. */
  CONTAINER_NOT_READY: { readonly image: string; readonly problem: string; readonly log: string };
  /** A container that accepts a client without a certificate. */
  CLIENT_CERTIFICATE_NOT_REQUIRED: { readonly host: string; readonly port: number };
  /** A matcher was used on a value it cannot judge. */
  MATCHER_MISUSE: { readonly matcher: string; readonly expected: string; readonly received: string };
}
