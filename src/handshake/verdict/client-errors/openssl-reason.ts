import { alertCode } from '../../../wire/records/alerts.ts';

/** What a reason of OpenSSL's SSL library says about a handshake. */
export type ReasonKind =
  /** One end judged what the other sent, and refused it. */
  | 'judgement'
  /** What arrived is not TLS: a wrong port, a proxy, a protocol that waits for STARTTLS. */
  | 'not-tls'
  /** Anything else: settings of this end's own that the engine refuses, a connection that was cut, a fault within. */
  | 'other';

/** The kind of a reason by its name, e.g. `BAD_SIGNATURE`; what is not listed judges nothing. */
export function kindOfReason(reason: string): ReasonKind {
  if (judgements.has(reason)) return 'judgement';
  return notTls.has(reason) ? 'not-tls' : 'other';
}

/** The name of a reason in the words of an OpenSSL line: `WRONG_VERSION_NUMBER` for `wrong version number`. */
export function reasonInLine(message: string): string | undefined {
  const words = /(?:^|\s)[0-9A-F]+:error:[0-9A-F]+:SSL routines:[^:]*:([^:]+):/mu.exec(message)?.[1];
  return words
    ?.trim()
    .replaceAll(/[\s-]+/gu, '_')
    .toUpperCase();
}

/** The registered name of the alert in a code such as `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA` or `ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE`. */
export function alertInReason(reason: string): string | undefined {
  const name = /^(?:SSL\/TLS|SSLV3|TLSV1|TLSV13)_(?:ALERT_)?(\w+)$/u.exec(reason)?.[1]?.toLowerCase();
  const registered = name === 'user_cancelled' ? 'user_canceled' : name; // OpenSSL's spelling is not that of RFC 8446
  return registered !== undefined && alertCode(registered) !== undefined ? registered : undefined;
}

/** SSL_R_HTTP_REQUEST and its like (OpenSSL 3.5, ssl/record/methods/tlsany_meth.c and tls_common.c): the first record has no TLS header. */
const notTls: ReadonlySet<string> = new Set([
  'WRONG_VERSION_NUMBER',
  'HTTP_REQUEST',
  'HTTPS_PROXY_REQUEST',
  'UNKNOWN_PROTOCOL',
  'PACKET_LENGTH_TOO_LONG',
]);

/**
 * What the engine says of a message of the peer's (OpenSSL 3.5, ssl/statem and ssl/record). Left out on purpose: names that it also gives to this
 * end's own settings (`CA_MD_TOO_WEAK`, `EE_KEY_TOO_SMALL`: of a peer's certificate they come as verify codes), `NO_CIPHER_MATCH`,
 * `NO_PROTOCOLS_AVAILABLE`, `NO_CIPHERS_AVAILABLE`, `NO_SUITABLE_SIGNATURE_ALGORITHM`, `UNEXPECTED_EOF_WHILE_READING`, `INTERNAL_ERROR`.
 */
const judgements: ReadonlySet<string> = new Set([
  // The certificate and the proof of its key.
  'BAD_ECC_CERT',
  'BAD_RSA_ENCRYPT',
  'BAD_SIGNATURE',
  'CERTIFICATE_VERIFY_FAILED',
  'CERT_LENGTH_MISMATCH',
  'ECC_CERT_NOT_FOR_SIGNING',
  'EMPTY_RAW_PUBLIC_KEY',
  'INVALID_CERTIFICATE_OR_ALG',
  'INVALID_STATUS_RESPONSE',
  'LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED',
  'MISSING_DSA_SIGNING_CERT',
  'MISSING_ECDSA_SIGNING_CERT',
  'MISSING_RSA_CERTIFICATE',
  'MISSING_RSA_ENCRYPTING_CERT',
  'MISSING_RSA_SIGNING_CERT',
  'NO_CERTIFICATES_RETURNED',
  'NO_SHARED_SIGNATURE_ALGORITHMS',
  'NO_VALID_SCTS',
  'PEER_DID_NOT_RETURN_A_CERTIFICATE',
  'PROVIDER_SIGNATURE_FAILURE',
  'SCT_VERIFICATION_FAILED',
  'SIGNATURE_FOR_NON_SIGNING_CERTIFICATE',
  'UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS',
  'UNKNOWN_CERTIFICATE_TYPE',
  'UNKNOWN_PKEY_TYPE',
  'UNSUPPORTED_STATUS_TYPE',
  'WRONG_CERTIFICATE_TYPE',
  'WRONG_RPK_TYPE',
  'WRONG_SIGNATURE_LENGTH',
  'WRONG_SIGNATURE_SIZE',
  'WRONG_SIGNATURE_TYPE',
  // What is negotiated.
  'BAD_DH_VALUE',
  'BAD_ECPOINT',
  'BAD_HRR_VERSION',
  'BAD_KEY_SHARE',
  'BAD_PROTOCOL_VERSION_NUMBER',
  'BINDER_DOES_NOT_VERIFY',
  'CIPHERSUITE_DIGEST_HAS_CHANGED',
  'DH_KEY_TOO_SMALL',
  'DH_PUBLIC_VALUE_LENGTH_IS_WRONG',
  'EXTENSION_NOT_RECEIVED',
  'ILLEGAL_POINT_COMPRESSION',
  'INAPPROPRIATE_FALLBACK',
  'INCONSISTENT_COMPRESSION',
  'INCONSISTENT_EXTMS',
  'INVALID_COMPRESSION_ALGORITHM',
  'MISSING_SIGALGS_EXTENSION',
  'MISSING_PSK_KEX_MODES_EXTENSION',
  'MISSING_SUPPORTED_GROUPS_EXTENSION',
  'MISSING_SUPPORTED_VERSIONS_EXTENSION',
  'NO_CHANGE_FOLLOWING_HRR',
  'NO_APPLICATION_PROTOCOL',
  'NO_SHARED_CIPHER',
  'NO_SHARED_GROUPS',
  'NO_SUITABLE_KEY_SHARE',
  'OLD_SESSION_CIPHER_NOT_RETURNED',
  'OLD_SESSION_COMPRESSION_ALGORITHM_NOT_RETURNED',
  'RENEGOTIATION_ENCODING_ERR',
  'RENEGOTIATION_MISMATCH',
  'REQUIRED_CIPHER_MISSING',
  'SCSV_RECEIVED_WHEN_RENEGOTIATING',
  'SSL_SESSION_VERSION_MISMATCH',
  'UNABLE_TO_FIND_ECDH_PARAMETERS',
  'UNKNOWN_CIPHER_RETURNED',
  'UNKNOWN_KEY_EXCHANGE_TYPE',
  'UNKNOWN_SSL_VERSION',
  'UNSAFE_LEGACY_RENEGOTIATION_DISABLED',
  'UNSOLICITED_EXTENSION',
  'UNSUPPORTED_COMPRESSION_ALGORITHM',
  'UNSUPPORTED_ELLIPTIC_CURVE',
  'UNSUPPORTED_PROTOCOL',
  'UNSUPPORTED_SSL_VERSION',
  'WRONG_CIPHER_RETURNED',
  'WRONG_CURVE',
  'WRONG_SSL_VERSION',
  // Messages and records within TLS.
  'APP_DATA_IN_HANDSHAKE',
  'BAD_CHANGE_CIPHER_SPEC',
  'BAD_COMPRESSION_ALGORITHM',
  'BAD_DECOMPRESSION',
  'BAD_DIGEST_LENGTH',
  'BAD_EARLY_DATA',
  'BAD_EXTENSION',
  'BAD_HANDSHAKE_LENGTH',
  'BAD_HELLO_REQUEST',
  'BAD_KEY_UPDATE',
  'BAD_LEGACY_VERSION',
  'BAD_LENGTH',
  'BAD_PACKET',
  'BAD_PACKET_LENGTH',
  'BAD_RECORD_TYPE',
  'BLOCK_CIPHER_PAD_IS_WRONG',
  'CA_DN_LENGTH_MISMATCH',
  'CCS_RECEIVED_EARLY',
  'CIPHER_CODE_WRONG_LENGTH',
  'COMPRESSED_LENGTH_TOO_LONG',
  'DATA_BETWEEN_CCS_AND_FINISHED',
  'DATA_LENGTH_TOO_LONG',
  'DECRYPTION_FAILED',
  'DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
  'DIGEST_CHECK_FAILED',
  'ENCRYPTED_LENGTH_TOO_LONG',
  'ERROR_IN_RECEIVED_CIPHER_LIST',
  'EXCESSIVE_MESSAGE_SIZE',
  'EXT_LENGTH_MISMATCH',
  'EXTRA_DATA_IN_MESSAGE',
  'GOT_A_FIN_BEFORE_A_CCS',
  'INVALID_CCS_MESSAGE',
  'INVALID_KEY_UPDATE_TYPE',
  'INVALID_MAX_EARLY_DATA',
  'INVALID_RECORD',
  'INVALID_SESSION_ID',
  'LENGTH_MISMATCH',
  'LENGTH_TOO_LONG',
  'LENGTH_TOO_SHORT',
  'MIXED_HANDSHAKE_AND_NON_HANDSHAKE_DATA',
  'NOT_ON_RECORD_BOUNDARY',
  'RECORD_LENGTH_MISMATCH',
  'RECORD_TOO_SMALL',
  'TOO_MANY_KEY_UPDATES',
  'TOO_MANY_WARN_ALERTS',
  'UNEXPECTED_CCS_MESSAGE',
  'UNEXPECTED_MESSAGE',
  'UNEXPECTED_RECORD',
  'UNKNOWN_ALERT_TYPE',
]);
