import type { LeftOut } from './left-out.ts';

/** What servers of TLS 1.2 leave out. */
export const leftOutInTls12: readonly LeftOut[] = [
  {
    mistake: 'It takes a Certificate without CertificateVerify.',
    skipped: ['certificate-verify-required'],
    caughtBy: ['client-certificate-verify-left-out'],
  },
  {
    mistake: 'It asks for a certificate, and does not miss the answer.',
    skipped: ['certificate-required', 'certificate-verify-required'],
    caughtBy: ['client-authentication-left-out'],
  },
  {
    mistake: 'It asks for a certificate, and reads over what the client answers.',
    skipped: ['message-order'],
    asksOnly: true,
    caughtBy: ['client-certificate-left-out', 'client-authentication-left-out', 'client-certificate-verify-left-out'],
  },
  {
    mistake: 'It does not verify the signature of CertificateVerify.',
    skipped: ['certificate-verify-signature'],
    caughtBy: [
      'client-signature-by-another-key',
      'client-signature-empty',
      'client-signature-ecdsa-zero',
      'client-signature-truncated',
      'client-signature-without-certificate',
    ],
  },
  {
    mistake: 'It verifies CertificateVerify over any beginning of the transcript.',
    skipped: ['certificate-verify-transcript'],
    caughtBy: ['client-signature-over-empty-transcript'],
  },
  {
    mistake: 'It takes every signature scheme that it can verify, whether or not it has offered it.',
    skipped: ['signature-scheme-offered', 'signature-scheme-key'],
    caughtBy: ['client-scheme-rsa-md5', 'client-scheme-ecdsa-sha1'],
  },
  {
    mistake: 'It does not compare the scheme with the key.',
    skipped: ['signature-scheme-key'],
    caughtBy: ['client-scheme-of-another-key', 'client-scheme-of-another-rsa-key'],
  },
  {
    mistake: 'It does not verify Finished.',
    skipped: ['finished-mac'],
    caughtBy: ['client-finished-without-certificate-verify', 'client-finished-truncated', 'client-finished-empty'],
  },
  {
    mistake: 'It reads over messages that come again, or that only servers send.',
    skipped: ['message-order'],
    caughtBy: [
      'client-certificate-twice',
      'client-certificate-verify-twice',
      'client-sends-message-of-server',
      'client-sends-hello-in-flight',
    ],
  },
  {
    mistake: 'It takes CertificateVerify anywhere, and does not miss it in its place.',
    skipped: ['message-order', 'certificate-verify-required'],
    caughtBy: ['client-certificate-verify-before-key-exchange'],
  },
  {
    mistake: 'It takes a raw public key for a certificate, which it then asks no authority for.',
    skipped: ['certificate-type'],
    caughtBy: ['client-raw-public-key-unasked', 'client-raw-public-key-not-selected'],
  },
  {
    mistake: 'It takes a ChangeCipherSpec of any value.',
    skipped: ['change-cipher-spec'],
    caughtBy: ['client-change-cipher-spec-of-two'],
  },
  {
    mistake: 'It does not compare the master secret of a session with what the client offers.',
    skipped: ['ticket-extended-master-secret'],
    caughtBy: ['resumed-session-without-extended-master-secret', 'resumed-session-with-extended-master-secret'],
  },
  {
    mistake: 'It resumes a session of TLS 1.3 in TLS 1.2, by a master secret of zeros, and so without the certificate.',
    skipped: ['ticket-version'],
    hasTls13: true,
    caughtBy: ['resumed-session-of-tls13-in-tls12'],
  },
];
