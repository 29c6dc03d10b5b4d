import { inspectCertificate, inspectChain } from '../../../../x509/inspect-certificate.ts';
import { missingCertificateAdvice } from '../missing-certificate.ts';
import type { ReasonRow, Rows } from '../reason-row.ts';
import { messageOf, type Refusal } from '../refusal.ts';
import { leafOf, listed } from '../wording.ts';

/** Reasons of OpenSSL's handshake (SSL_R_*, without ERR_SSL_) that have a next step of their own; there are hundreds more. */
export const engineReasons = {
  PEER_DID_NOT_RETURN_A_CERTIFICATE: { next: missingCertificateAdvice },
  NO_SHARED_CIPHER: { next: noSharedCipher },
  NO_CIPHERS_AVAILABLE: {
    next: ({ judge }) =>
      `the ${judge} has no cipher suite for the TLS versions it is set to: compare its ciphers with its minVersion and maxVersion`,
  },
  NO_SHARED_SIGNATURE_ALGORITHMS: { next: noSharedSignatureScheme },
  NO_SUITABLE_SIGNATURE_ALGORITHM: { next: noSharedSignatureScheme },
  WRONG_SIGNATURE_TYPE: { next: wrongSignature },
  WRONG_CERTIFICATE_TYPE: {
    next: (refusal) =>
      `${leafOf(refusal)} has a key of another type${keyOf(refusal)} than the cipher suite ${refusal.handshake.cipher ?? 'that was agreed on'} requires: use a key of that type`,
  },
  UNKNOWN_CERTIFICATE_TYPE: {
    next: (refusal) =>
      `${leafOf(refusal)} has a type of key${keyOf(refusal)} that the ${refusal.judge} does not know: use ec-p256 or rsa-2048`,
  },
  WRONG_CURVE: {
    next: (refusal) =>
      `${leafOf(refusal)} has a key on a curve${keyOf(refusal)} that the ${refusal.judge} does not accept in ${refusal.handshake.protocol ?? 'TLS'}: ${
        /^ec-p(?:256|384|521)$/u.test(refusal.chain[0]?.keyAlgorithm ?? '')
          ? 'compare ecdhCurve on both sides, which limits the curves of certificates too'
          : 'use a key on P-256, P-384 or P-521'
      }`,
  },
  PROVIDER_SIGNATURE_FAILURE: { next: wrongKey },
  BAD_SIGNATURE: { next: wrongKey },
  NO_SUITABLE_KEY_SHARE: { next: noSharedGroup },
  NO_SUITABLE_GROUPS: { next: noSharedGroup },
  NO_SHARED_GROUPS: { next: noSharedGroup },
  UNSUPPORTED_PROTOCOL: { next: noSharedVersion },
  UNKNOWN_PROTOCOL: { next: noSharedVersion },
  VERSION_TOO_LOW: { next: noSharedVersion },
  WRONG_SSL_VERSION: { next: noSharedVersion },
  NO_PROTOCOLS_AVAILABLE: { next: noSharedVersion },
  INAPPROPRIATE_FALLBACK: {
    next: () =>
      'the client offered a lower version after a failure (TLS_FALLBACK_SCSV), and the server takes a higher one: offer every version at once',
  },
  NO_APPLICATION_PROTOCOL: { next: noSharedApplicationProtocol },
  HTTP_REQUEST: { next: () => 'the client sent a plain HTTP request to the TLS port: use https:// in its URL' },
  HTTPS_PROXY_REQUEST: {
    next: () =>
      'the client sent an HTTP CONNECT to the TLS port, as to a proxy: use the server as the target, or a plain proxy in front of it',
  },
  WRONG_VERSION_NUMBER: {
    next: ({ judge, presenter }) =>
      judge === 'server'
        ? 'the client sent bytes that are not TLS (a plain protocol, or STARTTLS without its first step): connect with TLS'
        : `the ${presenter} sent bytes that are not TLS: its port speaks a plain protocol, or requires STARTTLS first`,
  },
  PACKET_LENGTH_TOO_LONG: {
    next: ({ presenter }) => `the ${presenter} sent bytes that are not TLS records: look at which protocol its port speaks`,
  },
  UNEXPECTED_MESSAGE: { next: outOfOrder },
  CCS_RECEIVED_EARLY: { next: outOfOrder },
  DECRYPTION_FAILED_OR_BAD_RECORD_MAC: {
    next: ({ presenter }) => `a record of the ${presenter} did not decrypt: something on the way changed it, or its encryption is wrong`,
  },
  DIGEST_CHECK_FAILED: {
    next: ({ presenter }) => `the Finished of the ${presenter} does not fit the messages: something on the way changed one of them`,
  },
  UNSAFE_LEGACY_RENEGOTIATION_DISABLED: {
    next: ({ presenter }) => `the ${presenter} does not support secure renegotiation (RFC 5746), which OpenSSL 3 requires: update it`,
  },
  DH_KEY_TOO_SMALL: {
    next: ({ presenter, judge }) =>
      `the Diffie-Hellman group of the ${presenter} is too small for the ${judge}'s security level: use ECDHE, or 2,048 bits (dhparam)`,
  },
  EXCESSIVE_MESSAGE_SIZE: {
    next: (refusal) =>
      `a message of the ${refusal.presenter}, here its Certificate, is longer than OpenSSL accepts (100 kB as a rule): send a smaller certificate and fewer intermediates`,
  },
  CERT_LENGTH_MISMATCH: { next: unreadable },
  LENGTH_MISMATCH: { next: outOfOrder },
  // OpenSSL's ASN.1 decoder (ASN1_R_*), for a certificate that it cannot read.
  TOO_SMALL: { next: unreadable },
  TOO_LONG: { next: unreadable },
  HEADER_TOO_LONG: { next: unreadable },
  WRONG_TAG: { next: unreadable },
  SEQUENCE_LENGTH_MISMATCH: { next: unreadable },
  NOT_ENOUGH_DATA: { next: unreadable },
  ILLEGAL_PADDING: { next: unreadable },
  INVALID_UTF8STRING: { next: unreadable },
  UTCTIME_IS_TOO_SHORT: { next: unreadable },
  GENERALIZEDTIME_IS_TOO_SHORT: { next: unreadable },
  MISSING_VALUE: { next: unreadable },
  BAD_OBJECT_HEADER: { next: unreadable },
  NESTED_ASN1_ERROR: { next: unreadable },
} as const satisfies Rows<ReasonRow>;

/** Where OpenSSL's reason has no row: what the other end said last, which is what the end that refused did not take. */
export function otherEngineReason({ handshake, judge, presenter }: Refusal): string {
  const last = handshake.messages.findLast(({ sentBy, type }) => sentBy === presenter && type !== 'end_of_stream' && type !== 'alert');
  const certificate = messageOf(handshake, presenter, 'certificate');
  const after = last ? `after ${last.type} of the ${presenter}` : `before the ${presenter} sent anything`;
  const advice =
    certificate && certificate.certificates.length > 0
      ? `look at the ${presenter}'s certificate and key by openssl x509 -text and openssl verify, which say more`
      : `compare the settings of both ends with what the reason names`;
  return `OpenSSL's handshake failed on the ${judge}'s side ${after}: ${advice}`;
}

function unreadable({ handshake, presenter, reason }: Refusal): string {
  const sent = messageOf(handshake, presenter, 'certificate')?.certificates ?? [];
  const at = sent.findIndex(({ der }) => !isReadable(der));
  const which = at < 0 ? `a certificate that the ${presenter} sent` : `certificate ${at + 1} of ${sent.length} that the ${presenter} sent`;
  return `${which} cannot be read as DER (${reason ?? 'malformed'}): look at it by openssl asn1parse, and send a well-formed one`;
}

function isReadable(der: Uint8Array): boolean {
  try {
    inspectChain([der]); // DER alone: text is not what was asked for
    return true;
  } catch {
    return false;
  }
}

function outOfOrder(refusal: Refusal): string {
  const last = refusal.handshake.messages.findLast(
    ({ sentBy, type }) => sentBy === refusal.presenter && type !== 'alert' && type !== 'end_of_stream',
  );
  return `the ${refusal.presenter} sent a message that is not allowed at that point, or is malformed${last ? ` (last: ${last.type})` : ''}: look at its TLS library, or at what changes its messages on the way`;
}

function wrongKey(refusal: Refusal): string {
  return `the ${refusal.presenter} did not sign with the private key of ${leafOf(refusal)}: the key is that of another certificate, or the first certificate that it sent is not its own`;
}

function wrongSignature(refusal: Refusal): string {
  const scheme = messageOf(refusal.handshake, refusal.presenter, 'certificate_verify')?.signatureScheme;
  return `the ${refusal.presenter} signed${scheme === undefined ? '' : ` with ${scheme}`}, which does not fit ${leafOf(refusal)}${keyOf(refusal)} or what the ${refusal.judge} accepts: the private key and the certificate must be of one type`;
}

function noSharedCipher(refusal: Refusal): string {
  const offered = usableSuites(refusal);
  const server = serverKey(refusal);
  if (server?.keyUsage?.includes('digitalSignature') === false)
    return `the server's certificate has a keyUsage without digitalSignature, so no cipher suite of TLS 1.2 can use its key (${server.keyAlgorithm}): issue it with digitalSignature`;
  const suits = server && (server.keyAlgorithm.startsWith('rsa') ? /_RSA_|^TLS_(?:AES|CHACHA20)/u : /_ECDSA_|^TLS_(?:AES|CHACHA20)/u);
  if (server && suits && offered.length > 0 && !offered.some((suite) => suits.test(suite)))
    return `the server's key is ${server.keyAlgorithm}, and the client offers cipher suites for other types of key only (${listed(offered, 3)}): use another type of key, or offer cipher suites for this one`;
  const key = server ? ` for the server's key (${server.keyAlgorithm})` : '';
  return `no cipher suite in common${key}; the client offered ${listed(offered, 3) || 'none'}: compare ciphers on both sides, and look whether the server's certificate has a malformed extension, for which OpenSSL uses no suite either`;
}

/** What the client offered, without the suites of TLS 1.3 where one end does not speak that, and without what only looks like a suite. */
function usableSuites({ handshake, contexts }: Refusal): readonly string[] {
  const { cipherSuites = [], versions = [] } = messageOf(handshake, 'client', 'client_hello') ?? {};
  const isTls13 = versions.includes('TLSv1.3') && (contexts.server?.maxVersion ?? 'TLSv1.3') === 'TLSv1.3';
  return cipherSuites.filter((suite) => !suite.endsWith('_SCSV') && (isTls13 || !/^TLS_(?:AES|CHACHA20)/u.test(suite)));
}

function noSharedSignatureScheme(refusal: Refusal): string {
  const { handshake, judge } = refusal;
  const offered = messageOf(handshake, 'client', 'client_hello')?.signatureSchemes ?? [];
  const requested = messageOf(handshake, 'server', 'certificate_request')?.signatureSchemes ?? [];
  const [whose, list] = judge === 'server' ? ['client', offered] : ['server', requested];
  const key = judge === 'server' ? serverKey(refusal)?.keyAlgorithm : undefined;
  const own = key === undefined ? `the ${judge}'s key` : `the ${judge}'s key (${key})`;
  const given = contextText(refusal, 'sigalgs');
  return `no signature scheme in common: ${own}${given === undefined ? '' : ` and its sigalgs (${given})`} and what the ${whose} accepts (${listed(list, 4) || 'not seen'}); use another type of key, or compare sigalgs on both sides`;
}

function noSharedGroup(refusal: Refusal): string {
  const groups = messageOf(refusal.handshake, 'client', 'client_hello')?.groups ?? [];
  return `no key-exchange group in common; the client offered ${listed(groups) || 'none'}: compare ecdhCurve on both sides`;
}

/** The versions of each side, where they have none in common. */
export function noSharedVersion(refusal: Refusal): string {
  const offered = messageOf(refusal.handshake, 'client', 'client_hello')?.versions ?? [];
  const chosen = messageOf(refusal.handshake, 'server', 'server_hello')?.version;
  const client = offered.length > 0 ? `the client offered ${listed(offered)}` : 'the client offered none that was seen';
  const { minVersion, maxVersion } = refusal.contexts.server ?? {};
  const limits = [minVersion && `minVersion ${minVersion}`, maxVersion && `maxVersion ${maxVersion}`].filter(Boolean).join(', ');
  const server =
    chosen === undefined ? `the server takes none of these${limits === '' ? '' : ` (${limits})`}` : `the server chose ${chosen}`;
  return `no TLS version in common: ${client}, and ${server}; compare minVersion and maxVersion on both sides`;
}

/** The application protocols of each side, where they have none in common. */
export function noSharedApplicationProtocol(refusal: Refusal): string {
  const offered = messageOf(refusal.handshake, 'client', 'client_hello')?.alpnProtocols ?? [];
  const known = refusal.contexts.server?.ALPNProtocols;
  const own = Array.isArray(known) ? listed(known.map(String)) : 'others';
  return `no application protocol (ALPN) in common: the client offered ${listed(offered) || 'none'}, and the server takes ${own}; compare ALPNProtocols on both sides`;
}

function contextText({ contexts, judge }: Refusal, option: 'sigalgs'): string | undefined {
  const value = contexts[judge]?.[option];
  return typeof value === 'string' ? listed([value]) : undefined;
}

function keyOf({ chain: [leaf] }: Refusal): string {
  return leaf ? ` (${leaf.keyAlgorithm})` : '';
}

/** The certificate that the server was given: it refuses before it presents it. */
function serverKey({ own: { server = [] } }: Refusal): ReturnType<typeof inspectCertificate> | undefined {
  try {
    return server[0] && inspectCertificate(server[0]);
  } catch {
    return undefined; // presented on purpose: an unreadable certificate
  }
}
