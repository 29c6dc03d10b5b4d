/** Whether a code is one that Node gives a client's own refusal: the verify codes that it names, and its JavaScript host-name check. */
export function isVerifyCode(code: string): boolean {
  return words.has(code) || code.startsWith('ERR_TLS_CERT_');
}

/** The verify code for which OpenSSL has these words, e.g. `CERT_HAS_EXPIRED` for `certificate has expired`. */
export function verifyCodeOf(message: string): string | undefined {
  return codes.get(message.replace(advice, ''));
}

/** What Node 24 and 26 put after the words of two codes (src/crypto/crypto_common.cc). */
const advice = /; if the root CA is installed locally, try running Node\.js with\s+--use-system-ca$/u;

/**
 * Node's X509 verify names (src/crypto/crypto_common.cc) with the words of X509_verify_cert_error_string, as they are in the OpenSSL 3.5 of
 * Node 22, 24 and 26. `UNSPECIFIED` stands for the rest, each of which has words of its own.
 */
const words: ReadonlyMap<string, string | undefined> = new Map([
  ['UNABLE_TO_GET_ISSUER_CERT', 'unable to get issuer certificate'],
  ['UNABLE_TO_GET_CRL', 'unable to get certificate CRL'],
  ['UNABLE_TO_DECRYPT_CERT_SIGNATURE', "unable to decrypt certificate's signature"],
  ['UNABLE_TO_DECRYPT_CRL_SIGNATURE', "unable to decrypt CRL's signature"],
  ['UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'unable to decode issuer public key'],
  ['CERT_SIGNATURE_FAILURE', 'certificate signature failure'],
  ['CRL_SIGNATURE_FAILURE', 'CRL signature failure'],
  ['CERT_NOT_YET_VALID', 'certificate is not yet valid'],
  ['CERT_HAS_EXPIRED', 'certificate has expired'],
  ['CRL_NOT_YET_VALID', 'CRL is not yet valid'],
  ['CRL_HAS_EXPIRED', 'CRL has expired'],
  ['ERROR_IN_CERT_NOT_BEFORE_FIELD', "format error in certificate's notBefore field"],
  ['ERROR_IN_CERT_NOT_AFTER_FIELD', "format error in certificate's notAfter field"],
  ['ERROR_IN_CRL_LAST_UPDATE_FIELD', "format error in CRL's lastUpdate field"],
  ['ERROR_IN_CRL_NEXT_UPDATE_FIELD', "format error in CRL's nextUpdate field"],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate'],
  ['CERT_CHAIN_TOO_LONG', 'certificate chain too long'],
  ['CERT_REVOKED', 'certificate revoked'],
  ['INVALID_CA', 'invalid CA certificate'],
  ['PATH_LENGTH_EXCEEDED', 'path length constraint exceeded'],
  ['INVALID_PURPOSE', 'unsuitable certificate purpose'],
  ['CERT_UNTRUSTED', 'certificate not trusted'],
  ['CERT_REJECTED', 'certificate rejected'],
  ['HOSTNAME_MISMATCH', 'hostname mismatch'],
  ['UNSPECIFIED', undefined],
]);

const codes: ReadonlyMap<string | undefined, string> = new Map([...words].map(([code, message]) => [message, code]));
