import { createPki, selfSignedIdentity } from '../../../../src/index.ts';
import { alone, below, byClient, byServer, clientOf, future, other, past, pki, serverOf, withRoot, type Shape } from './make-refusals.ts';

/** Refusals of a certificate or of its chain. */
export const chainRefusals: readonly Shape[] = [
  {
    name: 'an expired leaf',
    reason: 'CERT_HAS_EXPIRED',
    handshake: () => byServer(pki.client('bob', { notAfter: past })),
    words: /^the client's certificate "CN=bob" expired at \S+Z, and it was \S+Z at the handshake: issue it/u,
  },
  {
    name: 'an expired intermediate',
    reason: 'CERT_HAS_EXPIRED',
    handshake: () => byServer(below(pki.root.issueAuthority({ commonName: 'short CA', notAfter: past }))),
    words: /^the intermediate "[^"]*CN=short CA" expired at/u,
  },
  {
    name: 'an expired trust anchor',
    reason: 'CERT_HAS_EXPIRED',
    handshake: () => clientOf('expired-root'),
    words: /^the server's trust anchor "[^"]*" expired at/u,
  },
  {
    name: 'a date that cannot be read',
    reason: 'ERROR_IN_CERT_NOT_AFTER_FIELD',
    handshake: () => clientOf('validity-generalizedtime-fraction'),
    words: /^the notAfter date of the client's certificate "CN=client" \("[^"]+"\) is not in the form/u,
  },
  {
    name: 'an issuer that is not a CA',
    reason: 'INVALID_PURPOSE',
    handshake: () => clientOf('intermediate-ca-false'),
    words: /^the issuer "[^"]*" issued "CN=client", but is not a CA: its basicConstraints lack CA:TRUE/u,
  },
  {
    name: 'a trust anchor that is not a CA',
    reason: 'INVALID_PURPOSE',
    handshake: () => clientOf('root-ca-false'),
    words: /^the server's trust anchor "[^"]*" issued "[^"]*", but is not a CA: its basicConstraints lack CA:TRUE/u,
  },
  {
    name: 'a key usage without digitalSignature',
    reason: 'INVALID_PURPOSE',
    handshake: () => clientOf('ku-no-digital-signature'),
    words: /has the key usage keyEncipherment, and a client needs digitalSignature/u,
  },
  {
    name: 'an issuer without keyCertSign',
    reason: 'KEYUSAGE_NO_CERTSIGN',
    handshake: () => clientOf('intermediate-no-keycertsign'),
    words: /issued a certificate, but its keyUsage lacks keyCertSign/u,
  },
  {
    name: 'a signature that was changed',
    reason: 'CERT_SIGNATURE_FAILURE',
    handshake: () => clientOf('corrupted-signature'),
    words: /^the signature of the client's certificate "CN=client" was not made with the key of the intermediate/u,
  },
  {
    name: 'two trust anchors of one name',
    reason: 'CERT_SIGNATURE_FAILURE',
    handshake: () => clientOf('anchors-same-dn-two-keys'),
    words: /^the server trusts two CAs named "[^"]*" with different keys/u,
  },
  {
    name: 'an intermediate as the trust anchor',
    reason: 'UNABLE_TO_GET_ISSUER_CERT',
    handshake: () => clientOf('intermediate-as-anchor'),
    words: /^the server trusts the intermediate "[^"]*", but not its issuer "[^"]*": trust that root/u,
  },
  {
    name: 'a key identifier of another key',
    reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    handshake: () => clientOf('aki-mismatch'),
    words: /because its authorityKeyIdentifier is that of another key/u,
  },
  {
    name: 'an extension that comes twice',
    reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    handshake: () => clientOf('duplicate-extension'),
    words: /because one of its extensions is malformed, or comes twice/u,
  },
  {
    name: 'an expired CRL',
    reason: 'CRL_HAS_EXPIRED',
    handshake: () => clientOf('crl-expired'),
    words: /^the CRL of "[^"]*" that the server checks expired at \S+Z, and it was/u,
  },
  {
    name: 'a critical extension of an intermediate',
    reason: 'UNHANDLED_CRITICAL_EXTENSION',
    handshake: () => clientOf('intermediate-unknown-critical-extension'),
    words: /^the intermediate "[^"]*" has a critical extension that OpenSSL does not process/u,
  },
  {
    name: 'a name outside the name constraints',
    reason: 'PERMITTED_VIOLATION',
    handshake: () => clientOf('nc-permitted-dns-violated'),
    words: /\(names: peer\.example\.test\) is outside what the name constraints of the intermediate "[^"]*" permit/u,
  },
  {
    name: 'a key of another certificate',
    reason: process.versions.openssl.startsWith('3.0.') ? 'BAD_SIGNATURE' : 'PROVIDER_SIGNATURE_FAILURE', // measured on Node 22.12
    handshake: () => serverOf('key-mismatch'),
    words: /^the server did not sign with the private key of the server's certificate "CN=localhost"/u,
  },
  {
    name: 'a curve that TLS 1.3 does not have',
    reason: 'WRONG_CURVE',
    handshake: () => serverOf('leaf-ec-secp256k1'),
    words: /has a key on a curve \(ec-[^)]*\) that the client does not accept in TLSv1\.3: use a key on P-256/u,
  },
  {
    name: 'bytes in place of a certificate',
    reason: 'WRONG_TAG',
    handshake: () => serverOf('certificate-not-der'),
    words: /^certificate 1 of \d that the server sent cannot be read as DER \(WRONG_TAG\)/u,
  },
  {
    name: "a server's expired leaf",
    reason: 'CERT_HAS_EXPIRED',
    handshake: () => byClient(pki.server({ notAfter: past })),
    words: /^the server's certificate "CN=localhost" expired at/u,
  },
  {
    name: 'a leaf of tomorrow',
    reason: 'CERT_NOT_YET_VALID',
    handshake: () => byServer(pki.client('bob', { notBefore: future })),
    words: /^the client's certificate "CN=bob" is valid only from .* compare the clocks/u,
  },
  {
    name: 'a server certificate for a client',
    reason: 'INVALID_PURPOSE',
    handshake: () => byServer(pki.server()),
    words: /extended key usage serverAuth, and a client needs clientAuth: use pki\.client\(\)$/u,
  },
  {
    name: 'a client certificate for a server',
    reason: 'INVALID_PURPOSE',
    handshake: () => byClient(pki.client('bob', { dns: 'localhost' })),
    words: /extended key usage clientAuth, and a server needs serverAuth: use pki\.server\(\)$/u,
  },
  {
    name: 'a CA above that is for servers only',
    reason: 'INVALID_PURPOSE',
    handshake: () => byServer(below(pki.root.issueAuthority({ commonName: 'servers CA', extendedKeyUsage: ['serverAuth'] }))),
    words: /^the intermediate "[^"]*CN=servers CA" has the extended key usage serverAuth/u,
  },
  {
    name: 'an intermediate that was not sent, and is seen elsewhere',
    reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    handshake: () => byServer(alone(pki.client('bob'))),
    words:
      /^the client did not send the intermediate "[^"]*CN=shop issuing CA", which issued the client's certificate "CN=bob": send it along/u,
  },
  {
    name: 'an intermediate that was not sent, and is not seen',
    reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    handshake: () => byServer(alone(below(pki.root.issueAuthority({ commonName: 'hidden CA' })))),
    words: /was issued by "[^"]*CN=hidden CA", which the server does not trust .* if it is an intermediate, send it along/u,
  },
  {
    name: 'a root that is not trusted',
    reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    handshake: () => byServer(other.client()),
    words: /^the server does not trust "[^"]*CN=elsewhere root CA", the root of .* add that root to the server's trust/u,
  },
  {
    name: "a server's root that is not trusted",
    reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    handshake: () => byClient(other.server()),
    words: /^the client does not trust "[^"]*CN=elsewhere root CA", the root of the server's certificate/u,
  },
  {
    name: 'a root that is not trusted and was sent',
    reason: 'SELF_SIGNED_CERT_IN_CHAIN',
    handshake: () => byServer(withRoot(other.client(), other.anchors)),
    words: /^the client sent its root "[^"]*CN=elsewhere root CA", which the server does not trust/u,
  },
  {
    name: 'another CA of the same name',
    reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    handshake: () => byServer(createPki({ name: 'shop', intermediates: 0 }).client('bob')),
    words: /issued by another CA that has the name of the server's trust anchor "[^"]*CN=shop root CA", but another key/u,
  },
  {
    name: 'a self-signed certificate',
    reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    handshake: async () => byServer(await selfSignedIdentity()),
    words: /is self-signed, and the server does not trust it/u,
  },
  {
    name: 'a revoked certificate',
    reason: 'CERT_REVOKED',
    handshake: () => {
      const revoking = createPki({ name: 'revoking' });
      const revoked = revoking.client('gone');
      revoking.issuer.revoke(revoked);
      return byServer(revoked, { identity: revoking.server(), crl: [revoking.issuer.crl(), revoking.root.crl()] });
    },
    words: /^the client's certificate "CN=gone" \(serial number [0-9A-F]+\) is on the CRL of "[^"]*CN=revoking issuing CA"/u,
  },
  {
    name: 'a CRL that is missing',
    reason: 'UNABLE_TO_GET_CRL',
    handshake: () => byServer(pki.client(), { identity: pki.server(), crl: pki.issuer.crl() }),
    words: /has no CRL of "[^"]*CN=shop root CA"; Node requires one of every CA/u,
  },
  {
    name: 'a path length that is used up',
    reason: 'PATH_LENGTH_EXCEEDED',
    handshake: () => clientOf('pathlen-exceeded'),
    words: /upper CA" has the pathLength 0, and 1 CA\(s\) follow below it/u,
  },
];
