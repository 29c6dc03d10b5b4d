import { type DerElement, readDer } from '../../asn1/der-reader.ts';
import { oid } from '../object-identifiers.ts';
import { matchesKeyIdentifier, undecided } from './build-chain.ts';
import { type CanonicalName, canonicalName, isSameName } from './canonical-name.ts';
import { type ChainCertificate, extensionPart, extensionParts } from './chain-certificate.ts';

/**
 * What is wrong with a CRL of a chain, as far as Node has no name for it. OpenSSL goes from the leaf to the root, so the uppermost counts.
 * Throws where it cannot be told: CRLs of distribution points, delta CRLs, and two CRLs of one issuer.
 */
export function revocationFailure(chain: readonly ChainCertificate[], crls: readonly Uint8Array[]): string | undefined {
  const lists = crls.map(readRevocationList);
  for (const [index, certificate] of [...chain.entries()].toReversed()) {
    const issuer = chain[index + 1] ?? certificate;
    const list = listFor(certificate, issuer, lists, chain);
    if (list?.hasUnhandledCritical === true) return 'UNHANDLED_CRITICAL_CRL_EXTENSION';
    if (list && issuer.keyUsage?.includes(cRLSign) === false) return 'KEYUSAGE_NO_CRL_SIGN';
  }
  return undefined;
}

interface RevocationList {
  readonly der: Uint8Array;
  readonly issuer: CanonicalName;
  readonly authorityKeyIdentifier: DerElement | undefined;
  /** It covers only some certificates, or only what changed. */
  readonly isPartial: boolean;
  readonly hasUnhandledCritical: boolean;
}

function readRevocationList(der: Uint8Array): RevocationList {
  const fields = readDer(der, 'CRL').expect(0x30, 'it').children[0]?.expect(0x30, 'the signed part').children ?? [];
  const [, issuer, ...rest] = fields.slice(fields[0]?.tag === 0x02 ? 1 : 0);
  if (!issuer) throw readDer(der, 'CRL').problem('a field is missing');
  const extensions = extensionParts(rest.find(({ tag }) => tag === 0xa0));
  const entries = rest.find(({ tag }) => tag === 0x30)?.children ?? [];
  return {
    der,
    issuer: canonicalName(issuer),
    authorityKeyIdentifier: extensions.find(({ id }) => id === oid.authorityKeyIdentifier)?.value,
    isPartial: extensions.some(({ id }) => partial.has(id)),
    hasUnhandledCritical: extensions.some(({ id, critical }) => critical && !processed.has(id)) || entries.some(hasCriticalPart),
  };
}

function hasCriticalPart(entry: DerElement): boolean {
  const extensions = entry.children[2]?.expect(0x30, 'the extensions of an entry').children ?? [];
  return extensions.map(extensionPart).some(({ id, critical }) => critical && id !== certificateIssuer);
}

/** The one CRL that decides about a certificate; undefined without one, which Node reports by itself. */
function listFor(
  certificate: ChainCertificate,
  issuer: ChainCertificate,
  lists: readonly RevocationList[],
  chain: readonly ChainCertificate[],
): RevocationList | undefined {
  const named = lists.filter((list) => isSameName(list.issuer, certificate.issuer));
  const [list, ...others] = named.filter(({ authorityKeyIdentifier }) => matchesKeyIdentifier(issuer, authorityKeyIdentifier));
  const hasNamesake = chain.some((other) => other !== issuer && isSameName(other.subject, certificate.issuer));
  if (others.some(({ der }) => Buffer.compare(der, list?.der ?? der) !== 0) || (named.length > 0 && hasNamesake))
    throw undecided('two CRLs, or two issuers, are of one name');
  if (named.some(({ isPartial }) => isPartial) || (named.length > 0 && hasPartialPoints(certificate)))
    throw undecided('a CRL does not cover everything');
  return list;
}

/** A distribution point for some reasons only, or of another issuer. */
function hasPartialPoints(certificate: ChainCertificate): boolean {
  const points = certificate.extensions.get(oid.crlDistributionPoints)?.inner().expect(0x30, 'the distribution points').children ?? [];
  return points.some(({ children }) => children.some(({ tag }) => tag !== 0xa0));
}

const cRLSign = 6;
const certificateIssuer = '2.5.29.29';
const partial: ReadonlySet<string> = new Set(['2.5.29.27', '2.5.29.28']); // deltaCRLIndicator, issuingDistributionPoint
const processed: ReadonlySet<string> = new Set([...partial, oid.authorityKeyIdentifier]);
