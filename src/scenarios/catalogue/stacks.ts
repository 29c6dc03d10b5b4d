import type { Stack } from './scenario.ts';

/** What each stack is; one that is missing does not compile. */
export const stackNames: Readonly<Record<Stack, string>> = {
  node: 'Node.js 24 and 26, with OpenSSL 3.5',
  'node-22': "Node.js 22, with OpenSSL's security level 1",
  openssl: 'OpenSSL of any version',
  'openssl-3.0': 'OpenSSL 3.0',
  'openssl-3.5': 'OpenSSL 3.5',
  'openssl-3.6': 'OpenSSL 3.6',
  'openssl-strict': 'OpenSSL 3.0 with -x509_strict',
  gnutls: 'GnuTLS of any version',
  'gnutls-3.7': 'GnuTLS 3.7',
  'gnutls-3.8': 'GnuTLS 3.8',
  go: 'crypto/tls of any version of Go',
  'go-1.19': 'crypto/tls of Go 1.19',
  'go-1.26': 'crypto/tls of Go 1.26',
  java: 'JSSE of Java 17 and 25',
  bun: 'BoringSSL in Bun',
  deno: 'rustls in Deno',
  curl: 'curl with OpenSSL',
  wolfssl: 'wolfSSL 5.5',
  mbedtls: 'Mbed TLS 2.28, which has no TLS 1.3',
  rustls: 'rustls 0.23 with ring',
  nss: 'NSS 3.87 with its own verifier',
  erlang: 'Erlang/OTP 25',
  php: 'the streams of PHP 8.2, on OpenSSL',
  ruby: 'the openssl of Ruby 3.1, on OpenSSL',
  perl: 'IO::Socket::SSL 2.081 of Perl, on OpenSSL',
};

/** Every stack. */
export const stacks: readonly Stack[] = Object.keys(stackNames) as Stack[]; // the keys of that record
