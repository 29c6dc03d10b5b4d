import { X509Certificate } from 'node:crypto';
import type { PeerCertificate } from '../../../x509/inspect-certificate.ts';

/** The way from a leaf towards a trust anchor, as a verifier goes it. */
export interface ChainPath {
  /** The leaf first; the trust anchor last, where one was reached. */
  readonly certificates: readonly PeerCertificate[];
  /** Certificates whose issuer was found by its name, and whose signature is not one of that issuer's key. */
  readonly broken: readonly BrokenLink[];
  readonly end: PathEnd;
}

/** A certificate that was not signed by the one that has the name of its issuer. */
interface BrokenLink {
  readonly signed: PeerCertificate;
  readonly namesake: PeerCertificate;
}

/**
 * How a path ends: at a trusted certificate that is its own issuer, at one that is not trusted, at a trusted one whose issuer is not known,
 * where no certificate has the issuer's name, in a circle, or at a bound of this library's.
 */
type PathEnd = 'anchor' | 'self-signed' | 'intermediate-anchor' | 'missing' | 'loop' | 'long';

/**
 * Follows the issuers' names from the leaf up, a trusted issuer before one that was presented, as OpenSSL does; one whose key made the
 * signature before another of the same name. Anchors that are not known are taken for none.
 */
export function chainPath(chain: readonly PeerCertificate[], anchors: readonly PeerCertificate[] = []): ChainPath {
  const certificates = chain.slice(0, 1);
  const broken: BrokenLink[] = [];
  for (;;) {
    const top = certificates.at(-1);
    if (!top) return { certificates, broken, end: 'missing' };
    if (isSelfIssued(top)) return { certificates, broken, end: isOneOf(top, anchors) ? 'anchor' : 'self-signed' };
    if (certificates.length > longestPath) return { certificates, broken, end: 'long' };
    const candidates = [...anchors, ...chain]
      .filter((other) => hasName(other, top.issuer.text) && !isSame(other, top))
      .slice(0, mostNamesakes);
    const issuer = candidates.find((candidate) => hasSigned(candidate, top)) ?? candidates[0];
    if (!issuer) return { certificates, broken, end: isOneOf(top, anchors) ? 'intermediate-anchor' : 'missing' };
    if (certificates.some((other) => isSame(other, issuer))) return { certificates, broken, end: 'loop' };
    if (!hasSigned(issuer, top)) broken.push({ signed: top, namesake: issuer });
    certificates.push(issuer);
  }
}

/** Whether the key of one certificate made the signature of another; also where a key cannot be used, it did not. */
export function hasSigned(issuer: PeerCertificate, subject: PeerCertificate): boolean {
  try {
    return new X509Certificate(subject.pem).verify(new X509Certificate(issuer.pem).publicKey);
  } catch {
    return false;
  }
}

/** Whether it names itself as its issuer. */
export function isSelfIssued(certificate: PeerCertificate): boolean {
  return hasName(certificate, certificate.issuer.text);
}

/** Whether a certificate is one of a list. */
export function isOneOf(certificate: PeerCertificate, list: readonly PeerCertificate[]): boolean {
  return list.some((other) => isSame(other, certificate));
}

/** Whether a certificate has a name, compared as verifiers do: without case, spaces together. */
export function hasName({ subject }: PeerCertificate, name: string): boolean {
  return comparable(subject.text) === comparable(name);
}

function isSame(one: PeerCertificate, other: PeerCertificate): boolean {
  return one.fingerprint256 === other.fingerprint256;
}

function comparable(name: string): string {
  return name.replaceAll(/\s+/gu, ' ').trim().toLowerCase();
}

/** OpenSSL's own limit is 100. */
const longestPath = 101;
/** A peer may send any number of certificates of one name, each of which costs the verification of a signature. */
const mostNamesakes = 8;
