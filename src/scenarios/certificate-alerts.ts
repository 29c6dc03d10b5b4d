import type { AlertName } from '../wire/alerts.ts';

/**
 * Whether an alert can be an answer to a certificate. RFC 8446 6.2 binds only a few of them, and every stack chooses its own: measured
 * for one unknown CA are unknown_ca (OpenSSL), bad_certificate (Go), certificate_unknown (Java) and access_denied (GnuTLS).
 */
export function answersCertificate(alert: string): boolean {
  return certificateAlerts.has(alert);
}

const certificateAlerts: ReadonlySet<string> = new Set<AlertName>([
  'handshake_failure',
  'no_certificate',
  'bad_certificate',
  'unsupported_certificate',
  'certificate_revoked',
  'certificate_expired',
  'certificate_unknown',
  'illegal_parameter',
  'unknown_ca',
  'access_denied',
  'decode_error',
  'decrypt_error',
  'insufficient_security',
  'bad_certificate_status_response',
  'certificate_required',
]);
