import type { ForwardedMutant } from '../forwarded-application.ts';
import { passportCertHeader } from '../packages.ts';

/** Middleware from npm that reads the header of a proxy. */
export const brokenPackages: readonly ForwardedMutant[] = [
  {
    name: 'passport-cert-header behind Caddy',
    mistake: 'It throws for a certificate that it cannot read, which is answered with 500, and takes Base64 with blanks in it.',
    format: 'caddy',
    caughtBy: ['forwarded-garbage', 'forwarded-value-truncated', 'forwarded-doubled-forged-last', 'forwarded-blank-inside'],
    start: () => passportCertHeader('X-Client-Cert'),
  },
  {
    name: 'passport-cert-header behind HAProxy',
    mistake: 'It does not look at the result of the verification.',
    format: 'haproxy',
    caughtBy: ['forwarded-verify-failed', 'forwarded-verify-absent', 'forwarded-certificate-of-other-ca'],
    start: () => passportCertHeader('X-SSL-CERT'),
  },
];
