import { writeAdvice } from './file-advice.ts';

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
  /** A serialized PKI that is damaged or of another version. */
  SERIALIZED_PKI_INVALID: { readonly problem: string };
  /** No trust anchors were given; Node would fall back to the public roots. */
  TRUST_MISSING: { readonly who: string };
  /** A port that is taken, or a list of ports of which none is free. */
  PORT_IN_USE: { readonly host: string; readonly ports: string };
  /** `observe` was given something that is not a tls.Server, https.Server or Http2SecureServer. */
  NOT_A_TLS_SERVER: { readonly value: string };
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
  /** An optional package that is not installed. */
  PACKAGE_MISSING: { readonly name: string; readonly install: string };
  /** A runtime on which a verdict would be wrong, or that has no Node.js at all. */
  RUNTIME_UNSUPPORTED: { readonly action: string; readonly runtime: string; readonly problem: string; readonly advice: string };
  /** No Docker-compatible engine answers. */
  NO_CONTAINER_ENGINE: { readonly dockerHost: string; readonly reason: string };
  /** Containers cannot reach servers of this process. */
  NO_HOST_GATEWAY: { readonly host: string };
  /** A container that stopped, or did not accept a valid client within its bound. `log`: its last lines. */
  CONTAINER_NOT_READY: { readonly image: string; readonly problem: string; readonly log: string };
  /** A container that accepts a client without a certificate. */
  CLIENT_CERTIFICATE_NOT_REQUIRED: { readonly host: string; readonly port: number };
  /** A matcher was used on a value it cannot judge. */
  MATCHER_MISUSE: { readonly matcher: string; readonly expected: string; readonly received: string };
}

/** The message of one error: "Cannot <action>: <state>; <what to do>". */
export function sentence<C extends keyof ErrorFacts>(code: C, facts: ErrorFacts[C]): string {
  return sentences[code](facts);
}

const sentences: { readonly [C in keyof ErrorFacts]: (facts: ErrorFacts[C]) => string } = {
  OPTION_INVALID: ({ option, value, expected }) => `Cannot use ${option} "${value}": expected ${expected}`,
  KEY_ALGORITHM_UNKNOWN: ({ algorithm, known }) =>
    `Cannot generate a key of "${algorithm}": it is not a known key algorithm; use one of ${known.join(', ')}`,
  KEY_ALGORITHM_UNAVAILABLE: ({ algorithm, runtime, needs }) =>
    `Cannot use a key of "${algorithm}": ${runtime} does not support it; run on ${needs} or later, or choose another algorithm`,
  DATE_ORDER: ({ notBefore, notAfter }) =>
    `Cannot issue a certificate: its notAfter "${notAfter}" is before its notBefore "${notBefore}"; swap or correct them`,
  NAME_INVALID: ({ kind, value, problem }) => `Cannot use the ${kind} "${value}": ${problem}`,
  SERIAL_NUMBER_INVALID: ({ value }) =>
    `Cannot use the serial number "${value}": it is not a positive integer of at most 20 octets; leave it out for a random one`,
  PEM_INVALID: ({ what, value, problem }) => `Cannot read the ${what} "${value}": ${problem}; pass PEM text`,
  DER_INVALID: ({ what, problem }) => `Cannot read the ${what}: ${problem}; check that the bytes are whole and unaltered`,
  PKCS12_PASSWORD_WRONG: () =>
    'Cannot read the PKCS#12 file: the password is wrong, or the file was changed (its MAC differs); pass the password that it was exported with',
  PKCS12_MAC_MISSING: () =>
    'Cannot read the PKCS#12 file: it has no MAC, so that neither password nor content can be verified; export it with one (openssl pkcs12 -export without -nomac)',
  PKCS12_ALGORITHM_UNSUPPORTED: ({ algorithm }) =>
    `Cannot read the PKCS#12 file: it is protected by "${algorithm}", which is not read here; export it with AES (openssl pkcs12 -legacy -in old.p12 -nodes, then openssl pkcs12 -export)`,
  PKCS12_KEY_MISSING: ({ certificates }) =>
    `Cannot make an identity of the PKCS#12 file: it holds no private key, and "${certificates}" certificate(s); pass a keystore, or trust the certificates of a truststore as PEM`,
  PKCS12_SEVERAL_KEYS: ({ names }) =>
    `Cannot make an identity of the PKCS#12 file: it holds ${names.length} private keys (${names.map((name) => `"${name}"`).join(', ')}); export one of them alone (keytool -importkeystore -srcalias)`,
  PKCS12_CERTIFICATE_MISSING: ({ key }) =>
    `Cannot make an identity of the PKCS#12 file: its private key "${key}" comes without a certificate; export both together`,
  KEY_MISMATCH: ({ subject }) =>
    `Cannot pair the private key with the certificate of "${subject}": their public keys differ; pass the key that the certificate was issued for`,
  CA_PATH_LENGTH: ({ issuer }) => `Cannot sign a CA with "${issuer}": its path length is used up; raise pathLength on an ancestor`,
  NOT_THE_ISSUER: ({ subject, issuer, authority }) =>
    `Cannot revoke "${subject}" or state its status as "${authority}": it was issued by "${issuer}"; call the method of that authority`,
  FILE_EXISTS: ({ path }) => `Cannot write "${path}": it already exists; choose another place, or remove it`,
  WRITE_FAILED: ({ path, reason }) => `Cannot write "${path}": ${reason}; ${writeAdvice(reason)}`,
  READ_FAILED: ({ path, reason, advice }) => `Cannot read "${path}": ${reason}; ${advice}`,
  REMOVE_FAILED: ({ path, reason }) => `Cannot remove "${path}": ${reason}; remove it by hand, it may hold a private key`,
  LINKS_UNSUPPORTED: ({ directory, reason }) =>
    `Cannot use the layout "kubernetes" in "${directory}": its file system made no symbolic link (${reason}); choose a folder elsewhere, or the layout "files"`,
  FILES_REMOVED: ({ directory, action }) =>
    `Cannot ${action} the files in "${directory}": they have been removed; call writeFiles again, and remove them last`,
  ALREADY_DAMAGED: ({ path, damage }) =>
    `Cannot damage "${path}" or another file beside it: one is damaged already ("${damage}"); call restore() first`,
  REPORT_INVALID: ({ path, problem }) =>
    `Cannot read the report "${path}": ${problem}; pass the jsonFile of mtls-fixtures/reporter, of the same version`,
  BASELINE_INVALID: ({ path, problem }) =>
    `Cannot compare with the baseline "${path}": ${problem}; pass the jsonFile of an earlier run of this version`,
  SERIALIZED_PKI_INVALID: ({ problem }) =>
    `Cannot restore the PKI: ${problem}; pass what pki.serialize() returned, from the same version of mtls-fixtures`,
  TRUST_MISSING: ({ who }) =>
    `Cannot use ${who} without trust anchors: none were given, and Node would trust the public roots; pass trust, or an identity that has anchors`,
  PORT_IN_USE: ({ host, ports }) => `Cannot listen on "${host}" port "${ports}": it is in use; leave port out for a free one`,
  NOT_A_TLS_SERVER: ({ value }) =>
    `Cannot observe "${value}": it is not a TLS server; pass what tls.createServer, https.createServer or http2.createSecureServer returned`,
  ALREADY_OBSERVED: ({ url }) => `Cannot observe "${url}" again: it is already observed; use the ObservedServer of the first call`,
  SERVER_NOT_LISTENING: ({ state }) => `Cannot reach the server: it is "${state}"; use it between listen and close`,
  SERVER_START_FAILED: ({ problem, advice }) => `Cannot start the server under test: ${problem}; ${advice}`,
  SERVER_START_TIMEOUT: ({ milliseconds }) =>
    `Cannot start the server under test: start or target did not settle within "${milliseconds}" ms; check what it waits for, or raise the suite's timeout`,
  RELOAD_FAILED: ({ problem }) =>
    `Cannot reload the server under test: ${problem}; check that it reads its files again when reload is called, or when they change, and raise within where it needs longer`,
  SERVER_CLOSE_TIMEOUT: ({ milliseconds, open }) =>
    `Cannot close the server: ${open} connection(s) are still open after "${milliseconds}" ms; close the sockets that the test holds`,
  NO_HANDSHAKE: ({ milliseconds, url, seen }) =>
    `Cannot return a handshake: none ended at "${url}" within "${milliseconds}" ms (${seen} before); check that the client connects to this port`,
  CONNECT_FAILED: ({ host, port, reason }) =>
    `Cannot connect to "${host}:${port}": ${reason}; this is not a TLS rejection, start the server or correct the port`,
  HOST_NOT_FOUND: ({ host, reason }) => `Cannot resolve "${host}": ${reason}; this is not a TLS rejection, correct the host name`,
  HANDSHAKE_TIMEOUT: ({ host, port, milliseconds, seen }) =>
    `Cannot judge the handshake with "${host}:${port}": neither end decided within "${milliseconds}" ms (${seen}); raise timeout or check the peer`,
  NOT_TLS: ({ host, port, received }) =>
    `Cannot perform a handshake with "${host}:${port}": it answered "${received}", which is not TLS; check the port and whether it needs STARTTLS`,
  CLOSED_BEFORE_TLS: ({ host, port, how }) =>
    `Cannot judge the handshake with "${host}:${port}": it ${how} before it sent any TLS; check the server's log, it may not be ready`,
  CONNECTION_OVER: ({ place, how }) =>
    `Cannot exchange bytes with ${place}: the connection is over, ${how}; see handshake.verdict and connection.closed, and open another one`,
  NO_ANSWER: ({ place, milliseconds }) =>
    `Cannot exchange bytes with ${place}: no answer came within ${milliseconds} ms; raise timeout, or see whether "until" can be true`,
  CONNECTION_CUT: ({ host, port, how, seen }) =>
    `Cannot judge the handshake with "${host}:${port}": it ${how} before it could judge the client (${seen}); this is not a TLS rejection, check the server's log, and what is between`,
  ABORTED: ({ host, port, seen }) =>
    `Cannot judge the handshake with "${host}:${port}": the AbortSignal that was passed ended the attempt (${seen}); abort it later, or leave signal out`,
  STARTTLS_REFUSED: ({ host, port, protocol, answer }) =>
    `Cannot start TLS with "${host}:${port}": it answered "${answer}" to the request of "${protocol}" for TLS; this is not a TLS rejection, enable TLS in the server, or correct the port`,
  STARTTLS_FAILED: ({ host, port, protocol, problem, answer }) =>
    `Cannot start TLS with "${host}:${port}": it ${problem}${answer === '' ? '' : ` ("${answer}")`}; this is not a TLS rejection, check that this port speaks "${protocol}", and leave starttls out where TLS comes first`,
  PACKAGE_MISSING: ({ name, install }) =>
    `Cannot load "${name}": it is an optional package that is not installed; run npm install --save-dev ${install}`,
  RUNTIME_UNSUPPORTED: ({ action, runtime, problem, advice }) => `Cannot ${action} on ${runtime}: ${problem}; ${advice}`,
  NO_CONTAINER_ENGINE: ({ dockerHost, reason }) =>
    `Cannot use containers: no engine answers (${dockerHost === '' ? 'DOCKER_HOST is not set' : `DOCKER_HOST is "${dockerHost}"`}; ${reason}); start Docker, Podman or another engine with its API, or set DOCKER_HOST to the address of one`,
  NO_HOST_GATEWAY: ({ host }) =>
    `Cannot let containers reach a server of this process: the engine at "${host}" is on another machine or outside the container of this process, or has no network "bridge"; use TestContainers.exposeHostPorts and host.testcontainers.internal, or listen on an address that its containers can reach`,
  CONTAINER_NOT_READY: ({ image, problem, log }) =>
    `Cannot use the container of "${image}": ${problem}; check its log${log === '' ? ', which is empty or gone' : `:\n${log}`}`,
  CLIENT_CERTIFICATE_NOT_REQUIRED: ({ host, port }) =>
    `Cannot use the service at "${host}:${port}" for mutual TLS: it accepted a client without a certificate; make it require one, or pass attempt where it rejects such a client after the handshake`,
  MATCHER_MISUSE: ({ matcher, expected, received }) => `Cannot use ${matcher} on "${received}": it takes ${expected}`,
};
