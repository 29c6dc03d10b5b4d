import type { X509Certificate } from 'node:crypto';
import { axiosAttempt, http2Attempt, httpsAttempt, undiciFetchAttempt, undiciRequestAttempt } from '../correct-attempts.ts';
import { type Caller, certificatesIn, chainOf, deciding } from '../deciding-servers.ts';
import type { ApplicationServer, Mutant } from '../mutant.ts';

/** Servers that let every certificate through TLS, and verify it in their application: each leaves something out. */
export const brokenVerification: readonly Mutant<ApplicationServer>[] = [
  {
    name: 'express: any certificate',
    mistake: 'It lets in whoever presents a certificate.',
    caughtBy: ['unknown-ca', 'self-signed-leaf', 'expired-leaf'],
    ...deciding({
      server: 'express',
      client: axiosAttempt,
      tls: 'leaves it',
      lets: ({ socket }) => Object.keys(socket.getPeerCertificate()).length > 0,
    }),
  },
  {
    name: 'https: common name without verification',
    mistake: 'It knows its clients by name, and anybody can put a name into a certificate.',
    authorizes: { commonName: 'client' },
    caughtBy: ['self-signed-leaf', 'unknown-ca', 'identity-multiple-cn'],
    ...deciding({
      server: 'https',
      client: httpsAttempt,
      tls: 'leaves it',
      lets: ({ socket }) => [socket.getPeerX509Certificate()?.toLegacyObject().subject.CN].flat().includes('client'),
    }),
  },
  {
    name: "https: the issuer's name",
    mistake: 'It compares the names of issuers with those of its anchors, and verifies no signature.',
    readsChain: true,
    caughtBy: ['impostor-ca-same-dn', 'impostor-ca-same-dn-no-aki', 'corrupted-signature'],
    ...deciding({
      server: 'https',
      client: undiciRequestAttempt,
      tls: 'leaves it',
      lets: ({ socket, configuration }) => {
        const known = new Set(certificatesIn(configuration.trust).map(({ subject }) => subject));
        return chainOf(socket).some(({ issuer }) => known.has(issuer));
      },
    }),
  },
  {
    name: 'fastify: the fingerprint of the intermediate',
    mistake: 'It looks for a CA that it knows in what the client sends, and does not verify that this CA has issued the rest.',
    readsChain: true,
    caughtBy: ['expired-leaf', 'eku-opposite-role'],
    ...deciding({
      server: 'fastify',
      client: httpsAttempt,
      tls: 'leaves it',
      lets: ({ socket, configuration }) => {
        const pinned = certificatesIn(configuration.identity.chainPem)[1]?.fingerprint256;
        return chainOf(socket).some(({ fingerprint256 }) => fingerprint256 === pinned);
      },
    }),
  },
  {
    name: 'express: trusts what is sent',
    mistake: 'It takes the last certificate that the client sends for an anchor.',
    readsChain: true,
    caughtBy: ['unknown-ca-root-in-chain', 'self-signed-leaf', 'impostor-ca-same-dn-in-chain'],
    ...deciding({
      server: 'express',
      client: httpsAttempt,
      tls: 'leaves it',
      lets: ({ socket }) => isValidNow(chainOf(socket)) && isSigned(chainOf(socket).slice(0, -1), chainOf(socket).slice(-1)),
    }),
  },
  {
    name: 'https: the signature of the leaf',
    mistake: 'It verifies that the leaf is signed by the certificate that follows, and no more.',
    readsChain: true,
    caughtBy: ['unknown-ca', 'expired-intermediate', 'eku-opposite-role'],
    ...deciding({
      server: 'https',
      client: undiciFetchAttempt,
      tls: 'leaves it',
      lets: ({ socket }) => {
        const [leaf, issuer] = chainOf(socket);
        return leaf !== undefined && issuer !== undefined && leaf.verify(issuer.publicKey) && isValidNow([leaf]);
      },
    }),
  },
  {
    name: 'https: stops at depth 1',
    mistake: 'It verifies the leaf by the certificate that follows, and that one by its name.',
    readsChain: true,
    caughtBy: ['impostor-ca-same-dn-in-chain', 'eku-opposite-role'],
    ...deciding({
      server: 'https',
      client: axiosAttempt,
      tls: 'leaves it',
      lets: ({ socket, configuration }) => {
        const [leaf, issuer] = chainOf(socket);
        const known = new Set(certificatesIn(configuration.trust).map(({ subject }) => subject));
        if (!leaf || !issuer || !isValidNow([leaf, issuer])) return false;
        return leaf.verify(issuer.publicKey) && known.has(issuer.issuer);
      },
    }),
  },
  {
    name: 'https: signatures only',
    mistake: 'It verifies every signature up to its anchors, and looks at nothing else in the certificates.',
    readsChain: true,
    caughtBy: ['expired-leaf', 'not-yet-valid-leaf', 'eku-opposite-role', 'pathlen-exceeded'],
    ...verifying(() => true),
  },
  {
    name: 'https: no extendedKeyUsage, no CA flag',
    mistake: 'It verifies signatures and dates, and does not ask what the certificates are for.',
    readsChain: true,
    caughtBy: ['eku-opposite-role', 'leaf-issued-by-leaf-no-bc-no-ku', 'intermediate-ca-false'],
    ...verifying(isValidNow),
  },
  {
    name: 'https: no path length, no name constraints',
    mistake: 'It verifies signatures, dates, the CA flag and extendedKeyUsage, and does not know of constraints.',
    readsChain: true,
    caughtBy: ['pathlen-exceeded', 'nc-permitted-dns-violated', 'nc-excluded-dns-violated', 'unknown-critical-extension'],
    ...verifying((chain) => isValidNow(chain) && hasCas(chain) && isForClients(chain)),
  },
  {
    name: 'https: notAfter only',
    mistake: 'It looks when certificates end, and not when they begin.',
    readsChain: true,
    caughtBy: ['not-yet-valid-leaf', 'not-yet-valid-intermediate'],
    ...verifying((chain) => chain.every(({ validTo }) => Date.now() < Date.parse(validTo)) && hasCas(chain) && isForClients(chain)),
  },
  {
    name: 'https: dates of the leaf only',
    mistake: 'It looks at the dates of the leaf, and not at those of the CAs.',
    readsChain: true,
    caughtBy: ['expired-intermediate', 'not-yet-valid-intermediate'],
    ...verifying((chain) => isValidNow(chain.slice(0, 1)) && hasCas(chain) && isForClients(chain)),
  },
  ...tolerating('express', 'CERT_HAS_EXPIRED', 'It accepts certificates that have expired, so that no client is locked out.', [
    'expired-leaf',
    'expired-leaf-1s',
  ]),
  ...tolerating('https', 'CERT_NOT_YET_VALID', 'It accepts certificates that are not valid yet, for clocks that are slow.', [
    'not-yet-valid-leaf',
  ]),
  ...tolerating('fastify', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'It lets in self-signed certificates, which developers use.', [
    'self-signed-leaf',
  ]),
  ...tolerating('http2', 'SELF_SIGNED_CERT_IN_CHAIN', 'It lets in chains with a self-signed root, for a private CA.', [
    'unknown-ca-root-in-chain',
  ]),
  ...tolerating('https', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'It lets in chains without intermediates, which clients forget.', [
    'missing-intermediate',
    'unknown-ca-leaf-only',
    'impostor-ca-same-dn',
  ]),
  ...tolerating('express', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'It lets in chains of which it does not find the root.', [
    'unknown-ca',
    'issuer-cycle',
  ]),
  ...tolerating('fastify', 'INVALID_PURPOSE', 'It accepts certificates of servers, for services that have one certificate only.', [
    'eku-opposite-role',
    'eku-codesigning-only',
  ]),
  ...tolerating('http2', 'UNSPECIFIED', 'It does not refuse for a reason that it has no words for.', [
    'nc-excluded-dns-violated',
    'unknown-critical-extension',
    'intermediate-no-keycertsign',
  ]),
];

/** Lets in what TLS refused for one reason. */
function tolerating(
  server: 'https' | 'http2' | 'express' | 'fastify',
  code: string,
  mistake: string,
  caughtBy: Mutant<object>['caughtBy'],
): readonly Mutant<ApplicationServer>[] {
  const client = server === 'http2' ? http2Attempt : axiosAttempt;
  const lets = ({ socket }: Caller): boolean => socket.authorized || String(socket.authorizationError) === code;
  return [{ name: `${server}: tolerates ${code}`, mistake, caughtBy, ...deciding({ server, client, tls: 'leaves it', lets }) }];
}

/** Verifies the signatures up to the anchors, and what else it thinks of. */
function verifying(accepts: (chain: readonly X509Certificate[]) => boolean): ApplicationServer {
  return deciding({
    server: 'https',
    client: httpsAttempt,
    tls: 'leaves it',
    lets: ({ socket, configuration }) => {
      const anchors = certificatesIn(configuration.trust);
      const sent = chainOf(socket).filter(({ fingerprint256 }) => anchors.every((anchor) => anchor.fingerprint256 !== fingerprint256));
      return isSigned(sent, anchors) && accepts(sent);
    },
  });
}

/** Whether each is issued by the next, and the last by an anchor. */
function isSigned(chain: readonly X509Certificate[], anchors: readonly X509Certificate[]): boolean {
  return chain.every((certificate, index) => {
    const issuers = index + 1 < chain.length ? chain.slice(index + 1, index + 2) : anchors;
    return issuers.some((issuer) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
  });
}

function isValidNow(chain: readonly X509Certificate[]): boolean {
  const now = Date.now();
  return chain.every(({ validFrom, validTo }) => Date.parse(validFrom) <= now && now < Date.parse(validTo));
}

function hasCas([, ...issuers]: readonly X509Certificate[]): boolean {
  return issuers.every(({ ca }) => ca);
}

/** Node calls extendedKeyUsage keyUsage. */
function isForClients([leaf]: readonly X509Certificate[]): boolean {
  return leaf?.keyUsage === undefined || leaf.keyUsage.includes('1.3.6.1.5.5.7.3.2');
}
