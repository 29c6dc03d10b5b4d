import type { MeasuredStack } from './measured-stack.ts';
import { onOpenssl30 } from './on-openssl-3.0.ts';

/**
 * The openssl 3.0.1 of Ruby 3.1 (Debian 12, with OpenSSL 3.0), by `fixtures/peers/ruby`. What is not about a name is OpenSSL's own. Ruby itself verifies the name: it compares one of a single label as it is
 * written, takes an address for a dNSName or a common name too, and `*` may be a part of a label. internal_error comes with a NoMethodError: an empty first label ends the verification of the name.
 */
export const ruby: MeasuredStack = {
  stack: 'ruby',
  client: {
    both: onOpenssl30.client.both,
    'TLSv1.2': onOpenssl30.client['TLSv1.2'],
  },
  server: {
    both: [
      ...onOpenssl30.server.both,
      'host-case-insensitive',
      'ip-host-dns-san-text',
      'ip-cn-only',
      'wildcard-partial-label',
      'wildcard-tld',
      'wildcard-matches-ip',
      'cn-only',
      'cn-matches-san-email-only',
      'cn-matches-san-uri-only',
      'cn-multiple-last-matches',
      'cn-multiple-first-matches',
    ],
    'TLSv1.3': onOpenssl30.server['TLSv1.3'],
    alerts: {
      internal_error: {
        both: ['san-leading-dot'],
      },
    },
  },
};
