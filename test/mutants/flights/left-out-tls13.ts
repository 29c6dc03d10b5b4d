import type { LeftOut } from './left-out.ts';

/** What servers of TLS 1.3 leave out. */
export const leftOutInTls13: readonly LeftOut[] = [
  {
    mistake: 'It takes a Certificate without CertificateVerify.',
    skipped: ['certificate-verify-required'],
    caughtBy: ['client-certificate-verify-left-out'],
  },
  {
    mistake: 'It asks for a certificate, and reads over what the client answers: a Finished alone will do.',
    skipped: ['message-order'],
    asksOnly: true,
    caughtBy: ['client-authentication-left-out', 'client-certificate-left-out', 'client-certificate-verify-left-out'],
  },
  {
    mistake: 'It does not verify the signature of CertificateVerify.',
    skipped: ['certificate-verify-signature'],
    caughtBy: [
      'client-signature-by-another-key',
      'client-signature-empty',
      'client-signature-ecdsa-zero',
      'client-signature-truncated',
      'client-signature-not-der',
      'client-signature-of-another-hash',
      'client-signature-pkcs1-as-pss',
    ],
  },
  {
    mistake: 'It verifies CertificateVerify over any beginning of the transcript.',
    skipped: ['certificate-verify-transcript'],
    caughtBy: ['client-signature-over-empty-transcript', 'client-signature-without-certificate'],
  },
  {
    mistake: 'It takes a CertificateVerify that is signed as a server signs.',
    skipped: ['signature-context'],
    caughtBy: ['client-signature-server-context'],
  },
  {
    mistake: 'It takes every signature scheme that it can verify, whether or not it has offered it.',
    skipped: ['signature-scheme-offered', 'signature-scheme-key'],
    caughtBy: ['client-scheme-pkcs1-in-tls13', 'client-scheme-rsa-md5', 'client-scheme-ecdsa-sha1'],
  },
  {
    mistake: 'It does not compare the scheme with the key.',
    skipped: ['signature-scheme-key'],
    caughtBy: ['client-scheme-of-another-curve', 'client-scheme-of-another-key', 'client-scheme-of-another-rsa-key'],
  },
  {
    mistake: 'It does not verify Finished.',
    skipped: ['finished-mac'],
    caughtBy: ['client-finished-of-server', 'client-finished-without-certificate-verify'],
  },
  {
    mistake: 'It verifies neither Finished nor its length.',
    skipped: ['finished-mac', 'message-shape'],
    caughtBy: ['client-finished-truncated', 'client-finished-padded', 'client-finished-empty'],
  },
  {
    mistake: 'It reads over messages that come again, or that only servers send.',
    skipped: ['message-order'],
    caughtBy: [
      'client-certificate-twice',
      'client-certificate-verify-twice',
      'client-sends-message-of-server',
      'client-sends-hello-in-flight',
      'resumed-session-with-certificate',
    ],
  },
  {
    mistake: 'It takes CertificateVerify before Certificate, and does not miss it behind it.',
    skipped: ['message-order', 'certificate-verify-required'],
    caughtBy: ['client-certificate-verify-before-certificate'],
  },
  {
    mistake: 'It reads over what is not part of the handshake.',
    skipped: ['unexpected-message'],
    caughtBy: ['client-sends-data-before-finished', 'client-sends-end-of-early-data-uninvited'],
  },
  {
    mistake: 'It does not look whether messages fill their lengths.',
    skipped: ['message-shape'],
    caughtBy: ['client-certificate-verify-trailing-octet', 'client-certificate-trailing-octet'],
  },
  {
    mistake: 'It does not compare the context of Certificate with that of its request.',
    skipped: ['certificate-context'],
    caughtBy: ['client-certificate-context-unasked'],
  },
  {
    mistake: 'It takes extensions of certificates that it has not asked for.',
    skipped: ['unsolicited-extension'],
    caughtBy: ['client-certificate-extension-unasked', 'client-certificate-extension-unknown'],
  },
  {
    mistake: 'It takes a raw public key for a certificate, which it then asks no authority for.',
    skipped: ['certificate-type'],
    caughtBy: ['client-raw-public-key-unasked', 'client-raw-public-key-not-selected'],
  },
  {
    mistake: 'It inflates a compressed certificate whatever length it says.',
    skipped: ['compressed-length', 'message-shape'],
    inflates: true,
    caughtBy: ['client-compressed-certificate-wrong-length', 'client-compressed-certificate-too-large'],
  },
  {
    mistake: 'It takes every compression that it knows.',
    skipped: ['compression-offered'],
    inflates: true,
    caughtBy: ['client-compressed-certificate-algorithm-not-offered'],
  },
  {
    mistake: 'It goes on without a certificate where it cannot inflate one.',
    skipped: ['compressed-data', 'certificate-required', 'message-order'],
    inflates: true,
    caughtBy: ['client-compressed-certificate-not-compressed', 'client-compressed-certificate-empty'],
  },
  {
    mistake: 'It reads over a compressed certificate that comes again.',
    skipped: ['message-order'],
    inflates: true,
    caughtBy: ['client-compressed-certificate-twice'],
  },
  {
    mistake: 'It takes a ChangeCipherSpec of any value.',
    skipped: ['change-cipher-spec'],
    caughtBy: ['client-change-cipher-spec-of-two'],
  },
  {
    mistake: 'It does not compare the second ClientHello with the first.',
    skipped: ['second-hello'],
    caughtBy: ['second-hello-other-name', 'second-hello-without-name'],
  },
  {
    mistake: 'It does not verify the binder of a session.',
    skipped: ['psk-binder'],
    caughtBy: ['resumed-session-wrong-binder'],
  },
  {
    mistake: 'It lets the client go back to TLS 1.2 behind a HelloRetryRequest, and resumes its session of TLS 1.3 there.',
    skipped: ['ticket-version'],
    lowers: true,
    caughtBy: ['second-hello-of-tls12-with-session'],
  },
];
