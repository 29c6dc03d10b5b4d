import { describe, expect, test } from 'vitest';
import { alertInReason, kindOfReason, reasonInLine } from '../../../../src/handshake/verdict/client-errors/openssl-reason.ts';

describe('what judges', () => {
  test.for([
    'BAD_SIGNATURE',
    'DIGEST_CHECK_FAILED',
    'DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
    'DH_KEY_TOO_SMALL',
    'INAPPROPRIATE_FALLBACK',
    'NO_SHARED_CIPHER',
    'PEER_DID_NOT_RETURN_A_CERTIFICATE',
    'UNEXPECTED_MESSAGE',
    'UNSAFE_LEGACY_RENEGOTIATION_DISABLED',
    'UNSUPPORTED_PROTOCOL',
    'WRONG_CERTIFICATE_TYPE',
    'WRONG_CIPHER_RETURNED',
    'WRONG_SIGNATURE_TYPE',
  ])('%s', (reason) => {
    expect(kindOfReason(reason)).toBe('judgement');
  });
});

describe('what does not', () => {
  test.for([
    ['WRONG_VERSION_NUMBER', 'not-tls'],
    ['HTTP_REQUEST', 'not-tls'],
    ['HTTPS_PROXY_REQUEST', 'not-tls'],
    ['PACKET_LENGTH_TOO_LONG', 'not-tls'],
    ['NO_CIPHER_MATCH', 'other'],
    ['NO_CIPHERS_AVAILABLE', 'other'],
    ['NO_PROTOCOLS_AVAILABLE', 'other'],
    ['NO_SUITABLE_SIGNATURE_ALGORITHM', 'other'],
    ['CA_MD_TOO_WEAK', 'other'],
    ['EE_KEY_TOO_SMALL', 'other'],
    ['UNEXPECTED_EOF_WHILE_READING', 'other'],
    ['INTERNAL_ERROR', 'other'],
    ['A_REASON_OF_A_LATER_OPENSSL', 'other'],
  ] as const)('%s is %s', ([reason, kind]) => {
    expect(kindOfReason(reason)).toBe(kind);
  });
});

test.for([
  ['TLSV1_ALERT_UNKNOWN_CA', 'unknown_ca'],
  ['SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'handshake_failure'],
  ['SSLV3_ALERT_CERTIFICATE_REVOKED', 'certificate_revoked'],
  ['TLSV13_ALERT_CERTIFICATE_REQUIRED', 'certificate_required'],
  ['TLSV1_UNRECOGNIZED_NAME', 'unrecognized_name'],
  ['TLSV1_ALERT_USER_CANCELLED', 'user_canceled'],
  ['BAD_SIGNATURE', undefined],
  ['TLSV1_NO_SUCH_ALERT', undefined],
] as const)('the reason %s names the alert %s', ([reason, alert]) => {
  expect(alertInReason(reason)).toBe(alert);
});

test('the reason in a line of the error queue has the name that Node would give it', () => {
  expect(
    reasonInLine('write EPROTO 4053B1B70E7F0000:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:f.c:1:\n'),
  ).toBe('WRONG_VERSION_NUMBER');
  expect(reasonInLine('wrong version number')).toBeUndefined();
});
