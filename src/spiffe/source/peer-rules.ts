import { X509Certificate } from 'node:crypto';
import { realNow } from '../../clock/real-clock.ts';
import type { PeerCertificate } from '../../x509/inspect-certificate.ts';
import { trustDomainOf } from '../../x509/names/spiffe-id.ts';
import { brokenLeafRules } from '../svid-rules.ts';

/** Decides about a peer by its whole SPIFFE id: `true`, or `false` or a sentence that says why not. */
export type AuthorizeId = (id: string) => boolean | string;

/** What a peer is judged by. */
export interface KnownCertificates {
  /** Roots by trust domain. */
  readonly bundles: ReadonlyMap<string, readonly X509Certificate[]>;
  /** CAs that peers have presented, by fingerprint: a session that is resumed has the leaf alone. They count as far as a root of the right bundle leads to them. */
  readonly issuers: Map<string, X509Certificate>;
}

/**
 * What speaks against a peer: a rule of X509-SVIDs 5.2, no path to the bundle of its own trust domain, or the decision about its id. The bundles of several trust domains are
 * never one pool (SPIFFE Federation 7.3): by a pool, each of them could name the workloads of every other.
 */
export function peerProblem(
  peer: PeerCertificate,
  { bundles, issuers }: KnownCertificates,
  authorize: AuthorizeId = () => true,
): string | undefined {
  const [broken] = brokenLeafRules(peer);
  if (broken) return `${broken.problem} (${broken.clause})`;
  const id = peer.altNames.uri[0] ?? '';
  const roots = bundles.get(trustDomainOf(id));
  if (!roots) return `there is no bundle for its trust domain "${trustDomainOf(id)}"`;
  const presented = peer.chain.map(({ pem }) => new X509Certificate(pem));
  if (!leadsTo(roots, new X509Certificate(peer.pem), [...presented, ...issuers.values()]))
    return `the bundle of its trust domain "${trustDomainOf(id)}" does not verify it`;
  for (const issuer of presented) remember(issuers, issuer);
  const answer = authorize(id);
  if (answer === true) return undefined;
  return answer === false ? `"${id}" is not authorized` : answer;
}

function remember(issuers: Map<string, X509Certificate>, issuer: X509Certificate): void {
  const [oldest] = issuers.keys();
  if (issuers.size >= mostIssuers && oldest !== undefined) issuers.delete(oldest);
  if (issuer.ca) issuers.set(issuer.fingerprint256, issuer);
}

/** Whether one of the roots issued a certificate, or issued CAs among those presented that did. Dates, key usages and signatures count; of what else a path may have, OpenSSL has judged. */
function leadsTo(roots: readonly X509Certificate[], certificate: X509Certificate, presented: readonly X509Certificate[]): boolean {
  if (!isWithinDates(certificate)) return false;
  if (roots.some((root) => isWithinDates(root) && hasIssued(root, certificate))) return true;
  return presented.some(
    (issuer) =>
      hasIssued(issuer, certificate) &&
      leadsTo(
        roots,
        issuer,
        presented.filter((other) => other !== issuer),
      ),
  );
}

/** By names, key identifiers, the usage of the issuer's key, and the signature. */
function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isWithinDates({ validFrom, validTo }: X509Certificate): boolean {
  const now = realNow();
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}

const mostIssuers = 100;
