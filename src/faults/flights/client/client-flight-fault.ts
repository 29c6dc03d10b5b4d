/** The one message in which a client's flight differs from a correct one; each is a scenario of the same id. */
export type ClientFlightFault =
  | 'client-certificate-verify-left-out'
  | 'client-certificate-left-out'
  | 'client-authentication-left-out'
  | 'client-certificate-verify-before-certificate'
  | 'client-certificate-verify-before-key-exchange'
  | 'client-certificate-twice'
  | 'client-certificate-verify-twice'
  | 'client-key-exchange-left-out'
  | 'client-change-cipher-spec-left-out'
  | 'client-change-cipher-spec-before-certificate-verify'
  | 'client-change-cipher-spec-of-two'
  | 'client-sends-message-of-server'
  | 'client-sends-hello-in-flight'
  | 'client-sends-key-update-before-finished'
  | 'client-sends-end-of-early-data-uninvited'
  | 'client-sends-data-before-finished'
  | 'client-compressed-certificate-unasked'
  | 'client-scheme-unknown'
  | 'client-scheme-rsa-md5'
  | 'client-scheme-ecdsa-sha1'
  | 'client-scheme-pkcs1-in-tls13'
  | 'client-scheme-of-another-key'
  | 'client-scheme-of-another-curve'
  | 'client-scheme-of-another-rsa-key'
  | 'client-signature-of-another-hash'
  | 'client-signature-pkcs1-as-pss'
  | 'client-signature-pss-without-salt'
  | 'client-signature-server-context'
  | 'client-signature-without-context'
  | 'client-signature-over-empty-transcript'
  | 'client-signature-without-certificate'
  | 'client-signature-by-another-key'
  | 'client-signature-ecdsa-zero'
  | 'client-signature-empty'
  | 'client-signature-not-der'
  | 'client-signature-truncated'
  | 'client-signature-padded'
  | 'client-certificate-verify-trailing-octet'
  | 'client-certificate-verify-length-beyond'
  | 'client-certificate-verify-empty'
  | 'client-certificate-list-too-long'
  | 'client-certificate-list-too-short'
  | 'client-certificate-entry-too-long'
  | 'client-certificate-entry-empty'
  | 'client-certificate-trailing-octet'
  | 'client-certificate-context-unasked'
  | 'client-certificate-extension-unasked'
  | 'client-certificate-extension-unknown'
  | 'client-compressed-certificate-wrong-length'
  | 'client-compressed-certificate-too-large'
  | 'client-compressed-certificate-not-compressed'
  | 'client-compressed-certificate-empty'
  | 'client-compressed-certificate-algorithm-not-offered'
  | 'client-compressed-certificate-twice'
  | 'client-raw-public-key-unasked'
  | 'client-raw-public-key-not-selected'
  | 'client-finished-truncated'
  | 'client-finished-padded'
  | 'client-finished-empty'
  | 'client-finished-of-server'
  | 'client-finished-in-the-clear'
  | 'client-finished-without-certificate-verify'
  | 'second-hello-other-name'
  | 'second-hello-without-name'
  | 'second-hello-of-tls12-with-session'
  | 'resumed-session-with-certificate'
  | 'resumed-session-wrong-binder'
  | 'resumed-session-without-extended-master-secret'
  | 'resumed-session-with-extended-master-secret'
  | 'resumed-session-of-tls13-in-tls12';

/** Every one of them. */
export const clientFlightFaults: readonly ClientFlightFault[] = [
  'client-certificate-verify-left-out',
  'client-certificate-left-out',
  'client-authentication-left-out',
  'client-certificate-verify-before-certificate',
  'client-certificate-verify-before-key-exchange',
  'client-certificate-twice',
  'client-certificate-verify-twice',
  'client-key-exchange-left-out',
  'client-change-cipher-spec-left-out',
  'client-change-cipher-spec-before-certificate-verify',
  'client-change-cipher-spec-of-two',
  'client-sends-message-of-server',
  'client-sends-hello-in-flight',
  'client-sends-key-update-before-finished',
  'client-sends-end-of-early-data-uninvited',
  'client-sends-data-before-finished',
  'client-compressed-certificate-unasked',
  'client-scheme-unknown',
  'client-scheme-rsa-md5',
  'client-scheme-ecdsa-sha1',
  'client-scheme-pkcs1-in-tls13',
  'client-scheme-of-another-key',
  'client-scheme-of-another-curve',
  'client-scheme-of-another-rsa-key',
  'client-signature-of-another-hash',
  'client-signature-pkcs1-as-pss',
  'client-signature-pss-without-salt',
  'client-signature-server-context',
  'client-signature-without-context',
  'client-signature-over-empty-transcript',
  'client-signature-without-certificate',
  'client-signature-by-another-key',
  'client-signature-ecdsa-zero',
  'client-signature-empty',
  'client-signature-not-der',
  'client-signature-truncated',
  'client-signature-padded',
  'client-certificate-verify-trailing-octet',
  'client-certificate-verify-length-beyond',
  'client-certificate-verify-empty',
  'client-certificate-list-too-long',
  'client-certificate-list-too-short',
  'client-certificate-entry-too-long',
  'client-certificate-entry-empty',
  'client-certificate-trailing-octet',
  'client-certificate-context-unasked',
  'client-certificate-extension-unasked',
  'client-certificate-extension-unknown',
  'client-compressed-certificate-wrong-length',
  'client-compressed-certificate-too-large',
  'client-compressed-certificate-not-compressed',
  'client-compressed-certificate-empty',
  'client-compressed-certificate-algorithm-not-offered',
  'client-compressed-certificate-twice',
  'client-raw-public-key-unasked',
  'client-raw-public-key-not-selected',
  'client-finished-truncated',
  'client-finished-padded',
  'client-finished-empty',
  'client-finished-of-server',
  'client-finished-in-the-clear',
  'client-finished-without-certificate-verify',
  'second-hello-other-name',
  'second-hello-without-name',
  'second-hello-of-tls12-with-session',
  'resumed-session-with-certificate',
  'resumed-session-wrong-binder',
  'resumed-session-without-extended-master-secret',
  'resumed-session-with-extended-master-secret',
  'resumed-session-of-tls13-in-tls12',
];
