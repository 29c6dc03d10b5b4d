import { writeAdvice } from './file-advice.ts';
import type { ErrorFacts } from './error-facts.ts';

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
  KEY_LOG_UNUSABLE: ({ path, problem }) =>
    `Cannot decrypt a connection by the key log "${path}": ${problem}; have the client or the server write its secrets there (SSLKEYLOGFILE) before it connects`,
  FORWARDED_INVALID: ({ header, problem }) =>
    `Cannot read the forwarded header "${header}": ${problem}; answer 400 to such a request, and check the proxy's configuration`,
  FORWARDED_TOO_LARGE: ({ upstream, octets }) =>
    `Cannot forward the request to "${upstream}": it answered 431, its headers are too large ("${octets}" octets of them name the client); raise maxHeaderSize there, or set chain to false`,
  FORWARDED_UNSENDABLE: ({ problem }) =>
    `Cannot forward the request: ${problem}; choose a format that can carry this certificate, or correct what the client sends`,
  UPSTREAM_ENDED: ({ upstream, when }) =>
    `Cannot forward all of the answer of "${upstream}": it closed the connection ${when}; check the application's log`,
  UPSTREAM_FAILED: ({ upstream, reason }) =>
    `Cannot forward the request to "${upstream}": ${reason}; start the application, or correct the option upstream`,
  UPSTREAM_INVALID: ({ upstream, problem }) =>
    `Cannot forward the answer of "${upstream}": it is not HTTP (${problem}); check that this port speaks plain HTTP/1.1`,
  UPSTREAM_THREW: ({ problem }) => `Cannot answer the request: the handler threw "${problem}"; see the cause of this error`,
  SVID_INVALID: ({ certificate, clause, problem }) =>
    `Cannot use "${certificate}" as an X509-SVID: ${problem} (${clause}); mint it by pki.svid, or correct its issuer`,
  SOCKET_IN_USE: ({ path, problem }) => `Cannot listen on the socket "${path}": ${problem}; choose another path, or leave it out`,
  WORKLOAD_API_FAILED: ({ endpoint, problem }) =>
    `Cannot get an SVID of the Workload API at "${endpoint}": ${problem}; check SPIFFE_ENDPOINT_SOCKET, and that the workload is entitled`,
  TRUST_MISSING: ({ who }) =>
    `Cannot use ${who} without trust anchors: none were given, and Node would trust the public roots; pass trust, or an identity that has anchors`,
  PORT_IN_USE: ({ host, ports }) => `Cannot listen on "${host}" port "${ports}": it is in use; leave port out for a free one`,
  NOT_A_TLS_SERVER: ({ value }) =>
    `Cannot observe "${value}": it is not a TLS server; pass what tls.createServer, https.createServer or http2.createSecureServer returned`,
  NOT_ONE_TLS_SERVER: ({ listening, plain }) =>
    `Cannot observe exactly one TLS server: with TLS "${listening.join(', ') || 'none'}" began to listen, without TLS "${plain.join(', ') || 'none'}"; bind one address (127.0.0.1 in place of localhost), and return a promise or call done once it listens`,
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
  RECORDS_AMBIGUOUS: ({ host, port, seen }) =>
    `Cannot judge the handshake with "${host}:${port}": its encrypted records fit a rejection and an acceptance (${seen}); have the client or the server write a key log, and pass it as keyLogFile`,
  CONNECTION_CUT: ({ host, port, how, seen }) =>
    `Cannot judge the handshake with "${host}:${port}": it ${how} before it could judge the client (${seen}); this is not a TLS rejection, check the server's log, and what is between`,
  ABORTED: ({ host, port, seen }) =>
    `Cannot judge the handshake with "${host}:${port}": the AbortSignal that was passed ended the attempt (${seen}); abort it later, or leave signal out`,
  STARTTLS_REFUSED: ({ host, port, protocol, answer }) =>
    `Cannot start TLS with "${host}:${port}": it answered "${answer}" to the request of "${protocol}" for TLS; this is not a TLS rejection, enable TLS in the server, or correct the port`,
  STARTTLS_FAILED: ({ host, port, protocol, problem, answer }) =>
    `Cannot start TLS with "${host}:${port}": it ${problem}${answer === '' ? '' : ` ("${answer}")`}; this is not a TLS rejection, check that this port speaks "${protocol}", and leave starttls out where TLS comes first`,
  HANDSHAKE_ENDED: ({ step, how }) =>
    `Cannot complete the handshake: at "${step}" ${how}; see the end of this error, and the log of the peer`,
  FLIGHT_EDIT_INVALID: ({ flight, message, problem }) =>
    `Cannot edit "${message}" in the flight "${flight}": ${problem}; name a message that the flight holds, and give it octets that can be encoded`,
  PACKAGE_MISSING: ({ name, install }) =>
    `Cannot load "${name}": it is an optional package that is not installed; run npm install --save-dev ${install}`,
  RUNTIME_UNSUPPORTED: ({ action, runtime, problem, advice }) => `Cannot ${action} on ${runtime}: ${problem}; ${advice}`,
  NO_CONTAINER_ENGINE: ({ dockerHost, reason }) =>
    `Cannot use containers: no engine answers (${dockerHost === '' ? 'DOCKER_HOST is not set' : `DOCKER_HOST is "${dockerHost}"`}; ${reason}); start Docker, Podman or another engine with its API, or set DOCKER_HOST to the address of one`,
  NO_HOST_GATEWAY: ({ host }) =>
    `Cannot let containers reach a server of this process: the engine at "${host}" is on another machine or outside the container of this process, or has no network "bridge"; use TestContainers.exposeHostPorts and host.testcontainers.internal, or listen on an address that its containers can reach`,
  IMAGE_UNAVAILABLE: ({ image, reason }) =>
    `Cannot create a container of "${image}": the engine does not have the image and cannot fetch it (${reason}); check its name, its registry, and the platform`,
  CONTAINER_NOT_READY: ({ image, problem, log }) =>
    `Cannot use the container of "${image}": ${problem}; check its log${log === '' ? ', which is empty or gone' : `:\n${log}`}`,
  CLIENT_CERTIFICATE_NOT_REQUIRED: ({ host, port }) =>
    `Cannot use the service at "${host}:${port}" for mutual TLS: it accepted a client without a certificate; make it require one, or pass attempt where it rejects such a client after the handshake`,
  MATCHER_MISUSE: ({ matcher, expected, received }) => `Cannot use ${matcher} on "${received}": it takes ${expected}`,
};
