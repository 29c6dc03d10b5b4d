/** The scenarios about client certificates that OCSP alone says something of. */
export const ocspIds = [
  'ocsp-client-revoked',
  'ocsp-client-stale',
  'ocsp-client-forged',
  'ocsp-client-wrong-issuer',
  'ocsp-client-other-certificate',
  'ocsp-client-unknown',
  'ocsp-client-responder-down',
] as const;
