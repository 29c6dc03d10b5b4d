import type { Handshake } from './handshake.ts';

/** One sentence: what to change, for a reader whose test failed. */
export function hintFor(handshake: Handshake): string | undefined {
  const { verdict, reason, rejectedBy, alert, evidence } = handshake;
  if (verdict === 'accepted') {
    if (evidence === 'quiet') return 'nothing contradicted, which is weak evidence: observe both ends, or let the client exchange data';
    if (evidence === 'closed')
      return 'the client closed without sending data: some check the host name only after the handshake; let it exchange data';
    if (handshake.authorizationError !== undefined)
      return 'the server lets in clients it could not verify; set clientAuth: "require" (rejectUnauthorized: true)';
    return wentWithout(handshake)
      ? 'the server asked for a client certificate, got none, and went on; where it must not, set clientAuth: "require" (rejectUnauthorized: true)'
      : undefined;
  }
  if (reason !== undefined)
    return reasonHints[reason] ?? (rejectedBy === 'server' ? unknownReason : 'look at what the client trusts and the name it asks for');
  if (alert) return alertHints[alert.name] ?? `the ${alert.sentBy} said only "${alert.name}"; observe it, or read its log, for the reason`;
  if (rejectedBy === 'client')
    return 'the client left without an alert or a word of data, as Node and curl do when they refuse a server; look at its own error';
  return 'the server left without an alert, as plain Node servers do; observe it, or read its log, for the reason';
}

/** The server asked for a certificate, and let the client in without. */
function wentWithout({ clientCertificate, messages, resumed }: Handshake): boolean {
  return !resumed && clientCertificate === undefined && messages.some(({ type }) => type === 'certificate_request');
}

const unknownReason =
  'compare what was presented with what the reason names; openssl verify says more, or openssl asn1parse of what cannot be read';

const reasonHints: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'mint a certificate with a later notAfter; every certificate of the chain counts, the anchors too',
  CERT_NOT_YET_VALID: 'mint a certificate with an earlier notBefore, and compare the clocks of both machines',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'no trusted issuer was found: send the intermediates (identity.chainPem), or trust the anchors of the PKI that issued it',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the chain ends at an authority that is not trusted; trust the anchors of the PKI that issued it',
  UNABLE_TO_GET_ISSUER_CERT: 'the chain does not reach a self-signed root; trust the root rather than an intermediate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate vouches for itself; issue one with pki.client() or pki.server(), or trust it explicitly',
  SELF_SIGNED_CERT_IN_CHAIN: 'the root that was sent is not trusted here; trust the anchors of the PKI that issued it',
  INVALID_PURPOSE: 'the extended key usage does not allow this role; use pki.client() for clients and pki.server() for servers',
  CERT_REVOKED: 'the certificate is on the CRL; issue another one, or rotate the CRL',
  UNABLE_TO_GET_CRL: 'Node wants a CRL of every CA in the chain once it is given one; pass pki.crls()',
  CRL_HAS_EXPIRED: 'issue a fresh CRL with a later nextUpdate and rotate it in',
  CERT_SIGNATURE_FAILURE: 'the signature was not made by the issuer that is trusted under this name and key identifier',
  PATH_LENGTH_EXCEEDED: 'a CA of the chain has a pathLength that is used up; raise it',
  UNSPECIFIED: 'Node has no name for the reason; ask openssl verify, and give observe() the context, so that the anchors are known',
  KEYUSAGE_NO_CERTSIGN: 'a CA of the chain has a keyUsage without keyCertSign: issue with an authority, not with a leaf',
  KEYUSAGE_NO_CRL_SIGN: 'the CA that issued the CRL has a keyUsage without cRLSign; add it',
  UNHANDLED_CRITICAL_EXTENSION: 'OpenSSL does not process a critical extension of the chain, so it must refuse; make it not critical',
  UNHANDLED_CRITICAL_CRL_EXTENSION: 'OpenSSL does not process a critical extension of the CRL or of an entry; make it not critical',
  PERMITTED_VIOLATION: 'a name is outside what the name constraints of a CA above permit; issue for a name inside, or by another CA',
  EXCLUDED_VIOLATION: 'a name is within what the name constraints of a CA above exclude; issue for another name, or by another CA',
  SUBTREE_MINMAX: 'a name constraint has a minimum or maximum, which RFC 5280 does away with; leave them out',
  UNSUPPORTED_CONSTRAINT_TYPE: 'a name constraint is of a kind that OpenSSL cannot match, e.g. otherName; constrain another kind of name',
  UNSUPPORTED_NAME_SYNTAX: 'a name that is constrained cannot be read, e.g. a URI without a host; correct it, or leave it out',
  EE_KEY_TOO_SMALL: "the leaf's key is too weak for the other side's security level; use a larger one (rsa-2048, ec-p256)",
  CA_KEY_TOO_SMALL: 'the key of a CA, perhaps the root, is too weak for the security level; use a larger one (rsa-2048, ec-p256)',
  CA_MD_TOO_WEAK: 'a certificate below the root is signed with SHA-1 or MD5; sign it with SHA-256',
  EC_KEY_EXPLICIT_PARAMS: 'an elliptic-curve key comes with the parameters of its curve; encode it with the name of the curve',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'the name asked for is not among the alternative names; pass servername, or issue the certificate for that name',
  PEER_DID_NOT_RETURN_A_CERTIFICATE: 'the client presented no certificate; pass identity',
  APPLICATION_VERIFICATION: 'the chain is fine; the verifyPeer callback objected',
  NO_APPLICATION_PROTOCOL: 'no ALPN protocol in common; compare ALPNProtocols on both sides',
  NO_SHARED_CIPHER: 'no cipher suite in common; compare ciphers, and the key type of the certificate in TLS 1.2',
  UNSUPPORTED_PROTOCOL: 'no TLS version in common; compare minVersion and maxVersion on both sides',
  HANDSHAKE_TIMEOUT: 'the client connected and did not finish; look at what it waits for',
  HTTP_REQUEST: 'the client spoke plain HTTP to the TLS port; use https',
  WRONG_VERSION_NUMBER: 'the client sent bytes that are no TLS',
};

const alertHints: Readonly<Record<string, string>> = {
  certificate_required: 'the server wants a client certificate and got none; pass identity',
  certificate_expired: 'a certificate of the chain, or a CRL, is past its date',
  certificate_revoked: 'the certificate is on a CRL of the other side',
  unknown_ca: 'the other side does not trust the issuer: compare its trust anchors, and send the intermediates',
  unsupported_certificate: 'the extended key usage does not allow this role',
  handshake_failure: 'nothing in common (versions, ciphers, groups, signature schemes), or in TLS 1.2 no client certificate',
  protocol_version: 'no TLS version in common',
  no_application_protocol: 'no ALPN protocol in common',
};
