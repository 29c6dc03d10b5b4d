import type { MeasuredStack } from './measured-stack.ts';

/**
 * GnuTLS 3.7.9 of Debian 12 and 3.8.13 of Debian sid, by `fixtures/peers/gnutls`; what was known before is in the rows. For a certificate that it cannot take it sends internal_error, and reports for it
 * "Key usage violation in certificate has been detected", "Error in the time fields of certificate", "The DER time encoding is invalid", "Duplicate extension in X.509
 * certificate" or "Unknown Subject Alternative name in X.509 certificate".
 */
export const gnutls: MeasuredStack = {
  stack: 'gnutls',
  client: {
    both: ['ber-indefinite-length'],
    alerts: {
      internal_error: {
        both: ['leaf-not-first', 'ku-no-digital-signature', 'ku-keyagreement-only', 'ku-certsign-only-leaf', 'ca-certificate-as-leaf'],
        'TLSv1.3': ['validity-utctime-offset', 'validity-generalizedtime-fraction', 'validity-malformed-date', 'duplicate-extension'],
      },
    },
  },
  server: {
    both: ['ber-indefinite-length'],
    alerts: {
      internal_error: {
        'TLSv1.3': [
          'leaf-not-first',
          'validity-utctime-offset',
          'validity-generalizedtime-fraction',
          'validity-malformed-date',
          'san-empty-dns',
          'ku-no-digital-signature',
          'ku-keyagreement-only',
          'ku-certsign-only-leaf',
          'ca-certificate-as-leaf',
          'duplicate-extension',
        ],
      },
    },
  },
};
