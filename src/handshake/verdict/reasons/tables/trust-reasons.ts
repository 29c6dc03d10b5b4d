import type { PeerCertificate } from '../../../../x509/inspect-certificate.ts';
import { whyNotIssuer } from '../certificate-form.ts';
import { hasName, hasSigned, isOneOf, isSelfIssued } from '../chain-path.ts';
import type { Fault, Rows, VerifyRow } from '../reason-row.ts';
import { messageOf, type Refusal } from '../refusal.ts';
import { issueCall, leafOf, listed, quoted, titleOf, trusts } from '../wording.ts';

/** Reasons that say that no trusted issuer was found, or that a signature is not the issuer's. */
export const trustReasons = {
  UNABLE_TO_GET_ISSUER_CERT: {
    words: 'unable to get issuer certificate',
    alert: 'unknown_ca',
    faults: issuerFaults,
    next: (refusal) => {
      const top = refusal.path.certificates.at(-1);
      return top && refusal.path.end === 'intermediate-anchor'
        ? `the ${refusal.judge} trusts the intermediate ${quoted(top.subject.text)}, but not its issuer ${quoted(top.issuer.text)}: trust that root, which Node needs unless allowPartialTrustChain is set`
        : `a trust anchor of the ${refusal.judge} is an intermediate whose own issuer is not trusted: trust the self-signed root above it`;
    },
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    words: 'unable to get local issuer certificate',
    alert: 'unknown_ca',
    faults: issuerFaults,
    next: issuerAdvice,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    words: 'unable to verify the first certificate',
    alert: 'unknown_ca',
    faults: issuerFaults,
    next: issuerAdvice,
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    words: 'self-signed certificate',
    alert: 'unknown_ca',
    faults: ({ chain: [leaf] }) => (leaf ? [{ certificate: leaf, mark: 'self-signed, and is not trusted' }] : []),
    next: (refusal) =>
      `${leafOf(refusal)} is self-signed, and the ${refusal.judge} does not trust it${trusts(refusal)}: issue one with ${issueCall(refusal)}, or add it to the ${refusal.judge}'s trust`,
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    words: 'self-signed certificate in certificate chain',
    alert: 'unknown_ca',
    faults: (refusal) => rootsSent(refusal).map((certificate) => ({ certificate, mark: 'is not trusted' })),
    next: (refusal) => {
      const [root] = rootsSent(refusal);
      if (!root) return `the ${refusal.presenter} sent a self-signed root that the ${refusal.judge} does not trust${trusts(refusal)}`;
      const namesake = refusal.anchors?.find((anchor) => hasName(anchor, root.subject.text));
      return namesake
        ? `the ${refusal.presenter} sent another CA under the name of the trusted ${quoted(root.subject.text)}, with another key: present a certificate that the trusted CA issued, or trust the new key`
        : `the ${refusal.presenter} sent its root ${quoted(root.subject.text)}, which the ${refusal.judge} does not trust${trusts(refusal)}: to send a root does not make it trusted, add it to the ${refusal.judge}'s trust`;
    },
  },
  CERT_SIGNATURE_FAILURE: {
    words: 'certificate signature failure',
    alert: 'decrypt_error',
    faults: ({ path }) => path.broken.map(({ signed }) => ({ certificate: signed, mark: 'the signature is not by its issuer' })),
    next: (refusal) => {
      const [link] = refusal.path.broken;
      const twin = link ? undefined : twinAnchor(refusal);
      if (twin)
        return `the ${refusal.judge} trusts two CAs named ${quoted(twin)} with different keys, and OpenSSL tried the one that did not sign: trust one of them, or issue with key identifiers that differ`;
      const signed = link ? titleOf(link.signed, refusal) : `a certificate in the chain of ${leafOf(refusal)}`;
      const issuer = link ? titleOf(link.namesake, refusal) : 'its issuer';
      return `the signature of ${signed} was not made with the key of ${issuer}: another CA of that name made it, or the certificate was changed after it was signed; issue it anew with the CA that is trusted`;
    },
  },
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: {
    words: "unable to decrypt certificate's signature",
    alert: 'decrypt_error',
    next: (refusal) =>
      `the signature of a certificate in the chain of ${leafOf(refusal)} cannot be decrypted with its issuer's key: issue it anew`,
  },
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: {
    words: 'unable to decode issuer public key',
    alert: 'bad_certificate',
    next: (refusal) =>
      `the public key of a CA in the chain of ${leafOf(refusal)} cannot be decoded: use a CA with a key that OpenSSL knows (EC P-256, RSA)`,
  },
  CERT_UNTRUSTED: {
    words: 'certificate not trusted',
    alert: 'bad_certificate',
    next: (refusal) =>
      `a trust anchor of the ${refusal.judge} has OpenSSL trust settings (BEGIN TRUSTED CERTIFICATE) that do not cover this use: hand it over as BEGIN CERTIFICATE`,
  },
  CERT_REJECTED: {
    words: 'certificate rejected',
    alert: 'bad_certificate',
    next: (refusal) =>
      `a trust anchor of the ${refusal.judge} has OpenSSL trust settings (BEGIN TRUSTED CERTIFICATE) that reject this use: hand it over as BEGIN CERTIFICATE`,
  },
} as const satisfies Rows<VerifyRow>;

/** Why no issuer was found: what is known of the one that is missing. */
function issuerAdvice(refusal: Refusal): string {
  const { path, judge, presenter } = refusal;
  const top = path.certificates.at(-1);
  if (!top)
    return `OpenSSL takes no issuer for ${leafOf(refusal)}, which cannot be read whole here: an extension is malformed, or comes twice; look at it by openssl asn1parse, and issue it anew`;
  return (
    namesakeAdvice(refusal) ??
    shapeAdvice(refusal, top) ??
    knownIssuerAdvice(refusal, top) ??
    `${titleOf(top, refusal)} was issued by ${quoted(top.issuer.text)}, which the ${judge} does not trust${trusts(refusal)} and the ${presenter} did not send: if it is an intermediate, send it along (identity.chainPem); if it is a root, add it to the ${judge}'s trust`
  );
}

/** A CA of the right name and another key, or a signature that cannot be verified. */
function namesakeAdvice(refusal: Refusal): string | undefined {
  const [link] = refusal.path.broken;
  if (!link) return undefined;
  if (/^[\d.]+$/u.test(link.signed.signatureAlgorithm))
    return `${titleOf(link.signed, refusal)} is signed with an algorithm (${link.signed.signatureAlgorithm}) that OpenSSL does not know, so it takes no issuer for it: sign it with ECDSA or RSA, and SHA-256`;
  return `${titleOf(link.signed, refusal)} was issued by another CA that has the name of ${titleOf(link.namesake, refusal)}, but another key: present a certificate that the trusted CA issued, or trust the other CA too`;
}

/** What the shape of the chain shows. */
function shapeAdvice(refusal: Refusal, top: PeerCertificate): string | undefined {
  const { path, chain, anchors, judge, presenter } = refusal;
  const [leaf] = chain;
  const sent = messageOf(refusal.handshake, presenter, 'certificate')?.certificates.length ?? 0;
  if (path.end === 'long' || sent > 100)
    return `the chain of ${leafOf(refusal)} has more than 100 certificates, where OpenSSL stops: send a shorter chain`;
  if (path.end === 'self-signed')
    return (path.certificates.length === 1 ? trustReasons.DEPTH_ZERO_SELF_SIGNED_CERT : trustReasons.SELF_SIGNED_CERT_IN_CHAIN).next(
      refusal,
    );
  if (path.end === 'anchor') return unsuitableIssuerAdvice(refusal);
  if (path.end === 'loop')
    return `the issuers of ${leafOf(refusal)} issued each other and lead to no root: send a chain that ends at a trusted root`;
  if (leaf && anchors && isOneOf(leaf, anchors))
    return `the ${judge} trusts ${leafOf(refusal)} itself, but not its issuer ${quoted(leaf.issuer.text)}: trust the root that issued it`;
  const signer = [...(anchors ?? []), ...chain].find((candidate) => !hasName(candidate, top.issuer.text) && hasSigned(candidate, top));
  if (signer)
    return `${titleOf(top, refusal)} names the issuer ${quoted(top.issuer.text)}, but the CA that signed it is named ${quoted(signer.subject.text)}: the two names must be the same`;
  if (chain.length > path.certificates.length && path.certificates.length === 1 && chain[1])
    return `${titleOf(top, refusal)} names the issuer ${quoted(top.issuer.text)}, but the ${presenter} sent ${listed(
      chain.slice(1).map(({ subject }) => quoted(subject.text)),
      2,
    )} with it: send the intermediate that issued it, or trust its root${trusts(refusal)}`;
  return undefined;
}

/** Each issuer is there by its name and has signed: one of them is not taken for it all the same. */
function unsuitableIssuerAdvice(refusal: Refusal): string {
  const { certificates } = refusal.path;
  for (const [depth, certificate] of certificates.entries()) {
    const unread = unreadIn(certificate);
    if (unread)
      return `OpenSSL takes no issuer for ${titleOf(certificate, refusal)}, whose ${unread} cannot be read: it is malformed; issue the certificate anew`;
    const issuer = certificates[depth + 1];
    const why = issuer && whyNotIssuer(issuer, certificate);
    if (issuer && why !== undefined)
      return `OpenSSL does not take ${titleOf(issuer, refusal)} for the issuer of ${titleOf(certificate, refusal)}, because ${why}: issue it anew`;
  }
  return `every issuer of ${leafOf(refusal)} is there by its name, but OpenSSL does not take one of them: look for an invalid extension or signature algorithm by openssl x509 -text`;
}

/** The parts that could not be read, where the certificate was read in part. */
function unreadIn({ unreadable = [] }: PeerCertificate & { readonly unreadable?: readonly string[] }): string | undefined {
  return unreadable.length === 0 ? undefined : listed(unreadable);
}

/** The missing issuer is known from elsewhere in this handshake: as an intermediate, or as a root. */
function knownIssuerAdvice(refusal: Refusal, top: PeerCertificate): string | undefined {
  const { others, judge, presenter } = refusal;
  const issuer = others.find((candidate) => hasName(candidate, top.issuer.text) && hasSigned(candidate, top));
  if (!issuer) return undefined;
  return isSelfIssued(issuer)
    ? `the ${judge} does not trust ${quoted(issuer.subject.text)}, the root of ${leafOf(refusal)}${trusts(refusal)}: add that root to the ${judge}'s trust, or present a certificate of a CA that it trusts`
    : `the ${presenter} did not send the intermediate ${quoted(issuer.subject.text)}, which issued ${titleOf(top, refusal)}: send it along (identity.chainPem has the leaf and its intermediates)`;
}

function issuerFaults({ path }: Refusal): readonly Fault[] {
  if (path.broken.length > 0) return path.broken.map(({ signed }) => ({ certificate: signed, mark: 'issued by another CA of that name' }));
  const top = path.certificates.at(-1);
  return top && (path.end === 'missing' || path.end === 'intermediate-anchor')
    ? [{ certificate: top, mark: 'its issuer is not trusted' }]
    : [];
}

/** Self-signed certificates that came along and are not trusted. */
function rootsSent({ chain, anchors = [] }: Refusal): readonly PeerCertificate[] {
  return chain.filter((certificate) => isSelfIssued(certificate) && !isOneOf(certificate, anchors));
}

/** The name of two anchors with different keys, one of which issued a certificate of the path. */
function twinAnchor({ anchors = [], path }: Refusal): string | undefined {
  const issuers = path.certificates.map(({ issuer }) => issuer.text);
  return issuers.find((name) => new Set(anchors.filter((anchor) => hasName(anchor, name)).map(({ spkiSha256 }) => spkiSha256)).size > 1);
}
