import type { Reason } from '../../handshake/verdict/reasons/reason.ts';

/** A reason that a scenario expects: one that this library knows, or another of OpenSSL's handshake. */
export type ExpectedReason = Reason | EngineReason;

/** Names of OpenSSL's errors in the handshake (SSL_R_*) and in what it reads (ASN1_R_*, PROV_R_*). */
type EngineReason =
  | 'BAD_RECORD_TYPE'
  | 'CERT_LENGTH_MISMATCH'
  | 'DATA_LENGTH_TOO_LONG'
  | 'DIGEST_CHECK_FAILED'
  | 'EXCESSIVE_MESSAGE_SIZE'
  | 'HEADER_TOO_LONG'
  | 'HTTPS_PROXY_REQUEST'
  | 'HTTP_REQUEST'
  | 'ILLEGAL_PADDING'
  | 'INAPPROPRIATE_FALLBACK'
  | 'INVALID_UTF8STRING'
  | 'NO_APPLICATION_PROTOCOL'
  | 'NO_SHARED_CIPHER'
  | 'NO_SUITABLE_KEY_SHARE'
  | 'NO_SUITABLE_SIGNATURE_ALGORITHM'
  | 'PEER_DID_NOT_RETURN_A_CERTIFICATE'
  | 'PROVIDER_SIGNATURE_FAILURE'
  | 'SEQUENCE_LENGTH_MISMATCH'
  | 'TOO_LONG'
  | 'TOO_MANY_WARN_ALERTS'
  | 'TOO_SMALL'
  | 'UNEXPECTED_MESSAGE'
  | 'UNKNOWN_PROTOCOL'
  | 'UNSUPPORTED_PROTOCOL'
  | 'UTCTIME_IS_TOO_SHORT'
  | 'WRONG_CERTIFICATE_TYPE'
  | 'WRONG_CURVE'
  | 'WRONG_SIGNATURE_TYPE'
  | 'WRONG_TAG'
  | 'WRONG_VERSION_NUMBER';
