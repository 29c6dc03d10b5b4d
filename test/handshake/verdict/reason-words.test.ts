import { beforeAll, describe, expect, test } from 'vitest';
import { alertAdvice } from '../../../src/handshake/verdict/reasons/tables/alert-reasons.ts';
import { adviceFor, type VerifyReason } from '../../../src/handshake/verdict/reasons/reasons.ts';
import { type Refusal, refusalBy } from '../../../src/handshake/verdict/reasons/refusal.ts';
import { attemptHandshake, createPki, startTlsServer } from '../../../src/index.ts';
import type { AlertName } from '../../../src/wire/records/alerts.ts';

/** What every next step for a reason says, also where no certificate shows why. */
const verifyWords: Readonly<Record<VerifyReason, RegExp>> = {
  UNABLE_TO_GET_ISSUER_CERT: /trust anchor of the server is an intermediate/u,
  UNABLE_TO_GET_CRL: /no CRL that covers every certificate/u,
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: /signature of a certificate .* cannot be decrypted with its issuer's key/u,
  UNABLE_TO_DECRYPT_CRL_SIGNATURE: /signature of a CRL .* cannot be decrypted/u,
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: /public key of a CA .* cannot be decoded/u,
  CERT_SIGNATURE_FAILURE: /was not made with the key of its issuer/u,
  CRL_SIGNATURE_FAILURE: /signature of a CRL .* was not made with the key of the CA that it names/u,
  CERT_NOT_YET_VALID: /is not yet valid by the server's clock/u,
  CERT_HAS_EXPIRED: /a certificate in the chain .* has expired/u,
  CRL_NOT_YET_VALID: /the CRL .* is valid only from/u,
  CRL_HAS_EXPIRED: /the CRL .* expired, and it was/u,
  ERROR_IN_CERT_NOT_BEFORE_FIELD: /the notBefore date/u,
  ERROR_IN_CERT_NOT_AFTER_FIELD: /the notAfter date/u,
  ERROR_IN_CRL_LAST_UPDATE_FIELD: /the thisUpdate date of a CRL/u,
  ERROR_IN_CRL_NEXT_UPDATE_FIELD: /the nextUpdate date of a CRL/u,
  DEPTH_ZERO_SELF_SIGNED_CERT: /is self-signed, and the server does not trust it/u,
  SELF_SIGNED_CERT_IN_CHAIN: /sent a self-signed root that the server does not trust/u,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: /which the server does not trust and the client did not send/u,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: /which the server does not trust and the client did not send/u,
  CERT_CHAIN_TOO_LONG: /a longer chain than the server verifies/u,
  CERT_REVOKED: /is on a CRL of the server/u,
  INVALID_CA: /is not a CA: issue with a certificate whose basicConstraints/u,
  PATH_LENGTH_EXCEEDED: /allows fewer CAs below it than there are: raise its pathLength/u,
  INVALID_PURPOSE: /is not meant for clientAuth/u,
  CERT_UNTRUSTED: /trust settings .* that do not cover this use/u,
  CERT_REJECTED: /trust settings .* that reject this use/u,
  HOSTNAME_MISMATCH: /host name that OpenSSL was told to check/u,
  UNSPECIFIED: /Node has no name for why .*: ask openssl verify, and give observe\(\) the option context/u,
  PERMITTED_VIOLATION: /is outside what the name constraints/u,
  EXCLUDED_VIOLATION: /is within what the name constraints/u,
  SUBTREE_MINMAX: /has a minimum or maximum/u,
  UNSUPPORTED_CONSTRAINT_TYPE: /a kind that OpenSSL cannot match/u,
  UNSUPPORTED_NAME_SYNTAX: /that a CA above it constrains cannot be read/u,
  UNHANDLED_CRITICAL_EXTENSION: /certificate .* has a critical extension that OpenSSL does not process, so it must refuse it/u,
  KEYUSAGE_NO_CERTSIGN: /lacks keyCertSign/u,
  EE_KEY_TOO_SMALL: /the key of the client's certificate .* is too weak/u,
  CA_KEY_TOO_SMALL: /the key of a CA above .* is too weak/u,
  CA_MD_TOO_WEAK: /too weak a digest .*: sign it with SHA-256/u,
  EC_KEY_EXPLICIT_PARAMS: /with the parameters of its curve/u,
  UNHANDLED_CRITICAL_CRL_EXTENSION: /a CRL .* has a critical extension that OpenSSL does not process: make/u,
  KEYUSAGE_NO_CRL_SIGN: /lacks cRLSign/u,
  KEYUSAGE_NO_DIGITAL_SIGNATURE: /lacks digitalSignature/u,
  PROXY_CERTIFICATES_NOT_ALLOWED: /is a proxy certificate .* which Node does not accept/u,
  PROXY_SUBJECT_NAME_VIOLATION: /the subject of a proxy certificate/u,
  UNNESTED_RESOURCE: /IP address or AS number blocks/u,
  INVALID_NON_CA: /is marked as a CA where a leaf is wanted/u,
  PROXY_PATH_LENGTH_EXCEEDED: /more proxy certificates .* than their path length allows/u,
  INVALID_EXTENSION: /is invalid or contradicts another/u,
  UNSUPPORTED_CONSTRAINT_SYNTAX: /a name constraint .* cannot be read: correct its syntax/u,
  UNABLE_TO_GET_CRL_ISSUER: /does not have the certificate of the CA that issued a CRL/u,
  DIFFERENT_CRL_SCOPE: /is for other certificates than/u,
  CRL_PATH_VALIDATION_ERROR: /the CA that issued a CRL .* cannot be verified itself/u,
  SIGNATURE_ALGORITHM_MISMATCH: /names a signature algorithm that its issuer's type of key cannot make/u,
};

/** Reasons of OpenSSL's handshake and of this library, that share no advice. */
const otherWords: Readonly<Record<string, RegExp>> = {
  PEER_DID_NOT_RETURN_A_CERTIFICATE: /did not send it|presented no certificate/u,
  NO_SHARED_CIPHER: /no cipher suite in common/u,
  NO_CIPHERS_AVAILABLE: /has no cipher suite for the TLS versions/u,
  NO_SHARED_SIGNATURE_ALGORITHMS: /no signature scheme in common/u,
  WRONG_SIGNATURE_TYPE: /the private key and the certificate must be of one type/u,
  WRONG_CERTIFICATE_TYPE: /has a key of another type/u,
  UNKNOWN_CERTIFICATE_TYPE: /has a type of key .* does not know/u,
  WRONG_CURVE: /has a key on a curve/u,
  BAD_SIGNATURE: /did not sign with the private key of/u,
  NO_SHARED_GROUPS: /no key-exchange group in common/u,
  UNSUPPORTED_PROTOCOL: /no TLS version in common/u,
  INAPPROPRIATE_FALLBACK: /TLS_FALLBACK_SCSV/u,
  NO_APPLICATION_PROTOCOL: /no application protocol \(ALPN\) in common/u,
  HTTP_REQUEST: /plain HTTP request/u,
  HTTPS_PROXY_REQUEST: /HTTP CONNECT/u,
  WRONG_VERSION_NUMBER: /sent bytes that are not TLS \(/u,
  PACKET_LENGTH_TOO_LONG: /sent bytes that are not TLS records/u,
  UNEXPECTED_MESSAGE: /a message that is not allowed at that point/u,
  DECRYPTION_FAILED_OR_BAD_RECORD_MAC: /did not decrypt/u,
  DIGEST_CHECK_FAILED: /the Finished of the client does not fit/u,
  UNSAFE_LEGACY_RENEGOTIATION_DISABLED: /secure renegotiation/u,
  DH_KEY_TOO_SMALL: /Diffie-Hellman group .* too small/u,
  EXCESSIVE_MESSAGE_SIZE: /is longer than OpenSSL accepts/u,
  WRONG_TAG: /cannot be read as DER/u,
  ERR_TLS_CERT_ALTNAME_INVALID: /the client asked for/u,
  ERR_TLS_CERT_ALTNAME_FORMAT: /in a form that Node does not read/u,
  APPLICATION_VERIFICATION: /own check \(verifyPeer, checkServerIdentity\) refused it/u,
  CERTIFICATE_UNREADABLE: /this library cannot read it, so the server's verifyPeer was not asked/u,
  HANDSHAKE_TIMEOUT: /handshake timeout ran out/u,
  SERVER_CLOSED: /was closed while the handshake was under way/u,
  DESTROYED_BY_SERVER: /own code ended the connection .* SNICallback/u,
  A_REASON_THAT_IS_NOT_IN_THE_TABLE: /OpenSSL's handshake failed on the server's side/u,
};

/** Alerts that a client and a server send about the other's certificate. */
const certificateAlerts: readonly AlertName[] = [
  'bad_certificate',
  'unsupported_certificate',
  'certificate_revoked',
  'certificate_expired',
  'certificate_unknown',
  'unknown_ca',
  'access_denied',
  'decrypt_error',
  'insufficient_security',
  'bad_certificate_status_response',
];

let byServer: Refusal;
let byClient: Refusal;

beforeAll(async () => {
  const pki = createPki({ name: 'shop' });
  await using server = await startTlsServer({ identity: pki.server() });
  const handshake = await attemptHandshake(server, { identity: pki.client('alice') });
  const context = { ca: pki.anchors };
  const facts = { handshake, ends: {}, reason: undefined, date: (value: Date) => value.toISOString() };
  byServer = { ...refusalBy('server', facts), contexts: { client: undefined, server: context } };
  byClient = { ...refusalBy('client', facts), contexts: { client: context, server: undefined } };
});

describe('of a reason that no certificate shows', () => {
  const words = { ...verifyWords, ...otherWords };

  test.for(Object.keys(words))('%s has a next step of its own', (reason) => {
    const own = adviceFor({ ...byServer, reason });
    const others = Object.keys(words).filter((each) => each !== reason && words[each as keyof typeof words]?.test(own));

    expect(own).toMatch(words[reason as keyof typeof words] ?? /^$/u);
    expect(others.filter((each) => !(isIssuerUnknown(each) && isIssuerUnknown(reason)))).toEqual([]);
    expect(own).not.toMatch(/undefined|\[object|NaN/u);
    expect(own.length).toBeLessThanOrEqual(3 * 190 - 3 * 14);
  });
});

describe('of an alert alone', () => {
  test.for(certificateAlerts)('%s is about the certificate of the end that did not send it', (alert) => {
    const fromServer = alertAdvice(alert, byServer);
    const fromClient = alertAdvice(alert, byClient);

    expect(fromServer).toMatch(/client's certificate "CN=alice"|the client (?:sent|did not send)/u);
    expect(fromServer).not.toMatch(/server's certificate/u);
    expect(fromClient).toMatch(/server's certificate "CN=localhost"|the server (?:sent|did not send)/u);
    expect(fromClient).not.toMatch(/client's certificate|pki\.client\(\)/u);
  });

  test('one that this library has no row for points to the end that sent it', () => {
    expect(alertAdvice('alert_200', byClient)).toBe(
      'the client said only "alert_200": observe the client, or read its log, for the reason',
    );
  });
});

/** OpenSSL says both of the same chains, the second where it has the leaf alone. */
function isIssuerUnknown(reason: string): boolean {
  return reason === 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' || reason === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
}
