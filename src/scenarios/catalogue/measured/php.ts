import type { MeasuredStack } from './measured-stack.ts';
import { onOpenssl30 } from './on-openssl-3.0.ts';

/**
 * The streams of PHP 8.2 (Debian 12, with OpenSSL 3.0), by `fixtures/peers/php`; they read no CRL. OpenSSL verifies chains of up to nine CAs (`verify_depth`), and PHP itself the name, after the handshake: it
 * compares an address with dNSNames and the common name too, and takes wildcards as patterns.
 */
export const php: MeasuredStack = {
  stack: 'php',
  client: {
    both: [...onOpenssl30.client.both, 'chain-depth-12'],
    'TLSv1.2': onOpenssl30.client['TLSv1.2'],
  },
  server: {
    both: [
      ...onOpenssl30.server.both,
      'ip-host-dns-san-text',
      'ip-cn-only',
      'wildcard-partial-label',
      'wildcard-tld',
      'wildcard-bare',
      'wildcard-in-a-label',
      'wildcard-matches-ip',
      'cn-only',
      'cn-matches-san-ip-only',
      'cn-matches-san-email-only',
      'cn-multiple-first-matches',
      'san-trailing-dot',
      'chain-depth-12',
    ],
    'TLSv1.3': onOpenssl30.server['TLSv1.3'],
  },
};
