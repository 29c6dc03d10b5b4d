import type { DerElement } from '../../asn1/der-reader.ts';
import { MtlsFixturesError } from '../../errors/index.ts';
import { oid } from '../object-identifiers.ts';
import { canonicalName, isSameName } from './canonical-name.ts';
import { type ChainCertificate, readChainCertificate } from './chain-certificate.ts';
import { canSignWith } from './strength.ts';

/** The chain that OpenSSL judges, the leaf first. */
export interface BuiltChain {
  readonly certificates: readonly ChainCertificate[];
  /** What is trusted is not known, and the last certificate here has an issuer above it. */
  readonly continuesUnseen: boolean;
}

/**
 * Builds the chain as OpenSSL does: at each step a trusted issuer first, then one that was presented, by names, key identifiers and key
 * types; signatures are not verified here. Throws where certificates cannot be read, and where two of them could be the issuer.
 */
export function buildChain(presented: readonly Uint8Array[], anchors: readonly Uint8Array[] | undefined): BuiltChain {
  if (presented.length > longestChain) throw undecided('too many certificates were presented');
  const [leaf, ...others] = distinct(presented).map(readChainCertificate);
  if (!leaf) throw undecided('no certificate was presented');
  const trusted = bySubject(distinct(anchors ?? []).map(readChainCertificate));
  const untrusted = bySubject(others);

  const certificates = [leaf];
  let current = leaf;
  let isTrusted = false;
  for (;;) {
    if (mayHaveIssued(current, current)) return { certificates, continuesUnseen: false };
    const above = onlyIssuer(current, trusted);
    const issuer: ChainCertificate | undefined = above ?? (isTrusted ? undefined : onlyIssuer(current, untrusted, certificates));
    if (!issuer) return { certificates, continuesUnseen: anchors === undefined };
    if (certificates.length > longestChain) throw undecided('the chain is too long');
    isTrusted ||= above !== undefined;
    certificates.push(issuer);
    current = issuer;
  }
}

/** Whether OpenSSL takes one certificate for the issuer of another, before it verifies anything. */
function mayHaveIssued(issuer: ChainCertificate, subject: ChainCertificate): boolean {
  return (
    isSameName(issuer.subject, subject.issuer) &&
    matchesKeyIdentifier(issuer, subject.extensions.get(oid.authorityKeyIdentifier)) &&
    canSignWith(issuer.spki, subject.signedWith)
  );
}

/** Whether an authorityKeyIdentifier, where there is one, points to a certificate: by key, by serial number, by that one's issuer. */
export function matchesKeyIdentifier(certificate: ChainCertificate, authorityKeyIdentifier: DerElement | undefined): boolean {
  const parts = authorityKeyIdentifier?.inner().expect(0x30, 'the authority key identifier').children ?? [];
  const own = certificate.extensions.get(oid.subjectKeyIdentifier)?.inner().expect(0x04, 'the subject key identifier');
  const keyIdentifier = parts.find(({ tag }) => tag === 0x80);
  const serialNumber = parts.find(({ tag }) => tag === 0x82);
  const name = parts.find(({ tag }) => tag === 0xa1)?.children.find(({ tag }) => tag === 0xa4);
  if (keyIdentifier && own && !isSame(keyIdentifier.content, own.content)) return false;
  if (serialNumber && !isSame(serialNumber.content, certificate.serialNumber)) return false;
  return !name || isSameName(canonicalName(name.inner()), certificate.issuer);
}

/** What cannot be told for sure is given up. */
export function undecided(problem: string): MtlsFixturesError {
  return new MtlsFixturesError('DER_INVALID', { what: 'chain', problem });
}

function onlyIssuer(
  subject: ChainCertificate,
  candidates: ReadonlyMap<string, readonly ChainCertificate[]>,
  used: readonly ChainCertificate[] = [],
): ChainCertificate | undefined {
  const issuers = (candidates.get(subject.issuer.join('\n\n')) ?? []).filter(
    (candidate) => !used.includes(candidate) && mayHaveIssued(candidate, subject),
  );
  if (issuers.length > 1) throw undecided('two certificates could be the issuer'); // which one is taken depends on their dates and order
  return issuers[0];
}

function bySubject(certificates: readonly ChainCertificate[]): ReadonlyMap<string, readonly ChainCertificate[]> {
  return Map.groupBy(certificates, ({ subject }) => subject.join('\n\n'));
}

function distinct(certificates: readonly Uint8Array[]): readonly Uint8Array[] {
  return [...new Map(certificates.map((der) => [Buffer.from(der.buffer, der.byteOffset, der.length).toString('latin1'), der])).values()];
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** OpenSSL's own limit. */
const longestChain = 100;
