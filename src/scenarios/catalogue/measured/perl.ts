import type { MeasuredStack } from './measured-stack.ts';
import { onOpenssl30 } from './on-openssl-3.0.ts';

/**
 * IO::Socket::SSL 2.081 of Perl 5.36 (Debian 12, with OpenSSL 3.0), by `fixtures/peers/perl`, with names verified by the scheme `http`. What is neither about a name, an anchor nor a CRL is OpenSSL's own.
 * It takes any certificate of the trust store as an anchor (X509_V_FLAG_PARTIAL_CHAIN), and `SSL_check_crl` looks at the list for the leaf alone. internal_error is its alert for a wrong name: "hostname
 * verification failed".
 */
export const perl: MeasuredStack = {
  stack: 'perl',
  client: {
    both: [
      ...onOpenssl30.client.both,
      'intermediate-as-anchor',
      'intermediate-as-anchor-sent',
      'leaf-as-anchor',
      'crl-revoked-intermediate',
      'crl-missing-root-crl',
    ],
    'TLSv1.2': onOpenssl30.client['TLSv1.2'],
  },
  server: {
    both: [
      ...onOpenssl30.server.both,
      'intermediate-as-anchor',
      'intermediate-as-anchor-sent',
      'leaf-as-anchor',
      'ip-cn-only',
      'wildcard-partial-label',
      'cn-only',
      'cn-matches-san-ip-only',
      'cn-matches-san-email-only',
      'cn-matches-san-uri-only',
      'cn-multiple-first-matches',
      'san-trailing-dot',
      'san-whitespace',
      'crl-revoked-intermediate',
      'crl-missing-root-crl',
    ],
    'TLSv1.3': onOpenssl30.server['TLSv1.3'],
    alerts: {
      internal_error: {
        both: [
          'wrong-host',
          'wrong-host-subdomain',
          'wrong-host-parent',
          'ip-host-dns-san-text',
          'ip-san-mismatch',
          'ip-san-only-dns-host',
          'ip-san-4in6-mapped',
          'ip-san-bad-length',
          'wrong-case-turkish',
          'ip-host-leading-zero',
          'wildcard-multi-label',
          'wildcard-apex',
          'wildcard-not-leftmost',
          'wildcard-tld',
          'wildcard-bare',
          'wildcard-bare-fqdn',
          'wildcard-double',
          'wildcard-in-a-label',
          'wildcard-matches-ip',
          'cn-matches-san-differs',
          'cn-multiple-last-matches',
          'no-san-no-cn',
          'cn-embedded-nul',
          'cn-u-label',
          'san-embedded-nul',
          'san-leading-dot',
          'san-empty-dns',
          'san-empty-sequence',
          'san-u-label',
          'san-uri-host',
          'san-injected-text',
          'san-injected-ip-text',
          'san-othername-only',
          'empty-subject-no-san',
        ],
      },
    },
  },
};
