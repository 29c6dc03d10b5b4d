import { didYouMean } from '../../options/suggestion.ts';
import { namesByNumber } from '../registry/names-by-number.ts';

/** The name that the TLS registry gives an alert number, e.g. 48 `unknown_ca`; `alert_<number>` where it has none (RFC 8446 6, RFC 5246 7.2). */
export function alertName(code: number): AlertName | `alert_${number}` {
  return nameOf(code) ?? `alert_${code}`;
}

/** The number of an alert, e.g. `certificate_expired` 45; undefined where the registry has no such name. */
export function alertCode(name: string): number | undefined {
  return Object.hasOwn(alertCodes, name) ? alertCodes[name as AlertName] : undefined; // membership was just tested
}

/** Whether this is what an alert is called here: its registered name, or `alert_<number>`. */
export function isAlertName(value: unknown): boolean {
  return typeof value === 'string' && (alertCode(value) !== undefined || /^alert_\d{1,3}$/u.test(value));
}

/** The question to end a message about such a name with, or nothing: `; did you mean "unknown_ca"?`. */
export function alertSuggestion(value: unknown): string {
  return typeof value === 'string' ? didYouMean(value, Object.keys(alertCodes)) : '';
}

/** Alerts by their registered names. */
export type AlertName =
  | 'close_notify'
  | 'unexpected_message'
  | 'bad_record_mac'
  | 'decryption_failed'
  | 'record_overflow'
  | 'decompression_failure'
  | 'handshake_failure'
  | 'no_certificate'
  | 'bad_certificate'
  | 'unsupported_certificate'
  | 'certificate_revoked'
  | 'certificate_expired'
  | 'certificate_unknown'
  | 'illegal_parameter'
  | 'unknown_ca'
  | 'access_denied'
  | 'decode_error'
  | 'decrypt_error'
  | 'too_many_cids_requested'
  | 'export_restriction'
  | 'protocol_version'
  | 'insufficient_security'
  | 'internal_error'
  | 'inappropriate_fallback'
  | 'user_canceled'
  | 'no_renegotiation'
  | 'missing_extension'
  | 'unsupported_extension'
  | 'certificate_unobtainable'
  | 'unrecognized_name'
  | 'bad_certificate_status_response'
  | 'bad_certificate_hash_value'
  | 'unknown_psk_identity'
  | 'certificate_required'
  | 'general_error'
  | 'no_application_protocol'
  | 'ech_required';

const alertCodes: { readonly [Name in AlertName]: number } = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  decryption_failed: 21,
  record_overflow: 22,
  decompression_failure: 30,
  handshake_failure: 40,
  no_certificate: 41,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  too_many_cids_requested: 52,
  export_restriction: 60,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  no_renegotiation: 100,
  missing_extension: 109,
  unsupported_extension: 110,
  certificate_unobtainable: 111,
  unrecognized_name: 112,
  bad_certificate_status_response: 113,
  bad_certificate_hash_value: 114,
  unknown_psk_identity: 115,
  certificate_required: 116,
  general_error: 117,
  no_application_protocol: 120,
  ech_required: 121,
} as const satisfies Readonly<Record<AlertName, number>>;

const nameOf = namesByNumber(alertCodes);
