/**
 * The checks that a peer can leave out, for the mutants that prove the scenarios: each is what a broken implementation would not look at.
 * - `certificate-required`: a client without a certificate is refused where one is required, and a server without one always
 * - `certificate-verify-required`: a certificate is followed by its proof of possession
 * - `certificate-verify-signature`: the signature of CertificateVerify (ServerKeyExchange in TLS 1.2) is verified
 * - `certificate-verify-transcript`: it is over this transcript; without the check one over any transcript of this side counts
 * - `signature-scheme-offered`: the scheme is one of those that this side announced
 * - `signature-scheme-key`: the scheme fits the key of the certificate
 * - `signature-context`: the signature is made for the side that sends it (RFC 8446 4.4.3)
 * - `finished-required`, `finished-mac`: the Finished comes, and its MAC is right
 * - `message-order`: messages come in their place, and once
 * - `unexpected-message`: a message that has no place here is refused; without the check it is read over
 * - `message-shape`: a message fills its length, and its fields fill theirs
 * - `compression-offered`, `compressed-length`, `compressed-data`: of a compressed certificate its algorithm is one that was announced, it has the length that it says, and what
 *   cannot be inflated is not taken for one without certificates
 * - `certificate-type`: what a client presents is a certificate, not a raw public key (RFC 7250)
 * - `certificate-context`: the context of a Certificate is that of its request
 * - `duplicate-extension`, `unsolicited-extension`: extensions come once, and only those that were offered
 * - `key-boundary`: no message goes over a change of keys (RFC 8446 5.1)
 * - `change-cipher-spec`: one comes where it has to, in its shape, and only there
 * - `empty-record`, `record-length`, `interleaved-record`: records that hold nothing, or too much, or come within a message are refused
 * - `hello-version`, `hello-cipher-suite`, `hello-group`, `hello-compression`, `hello-session-id`: the peer chooses among what was offered
 * - `downgrade`: the random of the ServerHello does not say that the version was lowered (RFC 8446 4.1.3)
 * - `second-hello`: the second ClientHello is the first one, with what the HelloRetryRequest asked for
 * - `key-share`: the peer's public key is a valid one of its group
 * - `psk-binder`, `psk-last`, `psk-modes`, `psk-cipher-suite`: of what resumption in TLS 1.3 rests on
 * - `ticket-name`, `ticket-client`, `ticket-age`, `ticket-version`, `ticket-extended-master-secret`: a session is resumed for the same server name, by a client that was
 *   authenticated, within its lifetime, in its own version (of TLS 1.2), with the same kind of master secret
 * - `client-chain`: `checkClient` is asked; `server-chain`: `trust` is asked
 * - `key-update-request`: its one octet is 0 or 1
 * - `renegotiation-info`: the verify_data of the handshake before comes with a renegotiation (RFC 5746)
 * - `renegotiation-certificate`: a renegotiation asks for the client's certificate again
 * - `extended-master-secret`: the master secret is bound to the transcript where both sides said so (RFC 7627)
 * - `alert-level`: a fatal alert ends the connection
 */
export type PeerCheck =
  | 'certificate-required'
  | 'certificate-verify-required'
  | 'certificate-verify-signature'
  | 'certificate-verify-transcript'
  | 'signature-scheme-offered'
  | 'signature-scheme-key'
  | 'signature-context'
  | 'finished-required'
  | 'finished-mac'
  | 'message-order'
  | 'unexpected-message'
  | 'message-shape'
  | 'certificate-type'
  | 'compression-offered'
  | 'compressed-length'
  | 'compressed-data'
  | 'certificate-context'
  | 'duplicate-extension'
  | 'unsolicited-extension'
  | 'key-boundary'
  | 'change-cipher-spec'
  | 'empty-record'
  | 'record-length'
  | 'interleaved-record'
  | 'hello-version'
  | 'hello-cipher-suite'
  | 'hello-group'
  | 'hello-compression'
  | 'hello-session-id'
  | 'downgrade'
  | 'second-hello'
  | 'key-share'
  | 'psk-binder'
  | 'psk-last'
  | 'psk-modes'
  | 'psk-cipher-suite'
  | 'ticket-name'
  | 'ticket-client'
  | 'ticket-age'
  | 'ticket-version'
  | 'ticket-extended-master-secret'
  | 'client-chain'
  | 'server-chain'
  | 'key-update-request'
  | 'renegotiation-info'
  | 'renegotiation-certificate'
  | 'extended-master-secret'
  | 'alert-level';
