import type { PeerCertificate } from '../../../x509/inspect-certificate.ts';
import { cut } from '../fitted-text.ts';
import { isOneOf, isSelfIssued } from './chain-path.ts';
import type { Refusal } from './refusal.ts';

/** A certificate of a refused chain by what it is and its subject: `the client's certificate "CN=bob"`, `the trust anchor "CN=root"`. */
export function titleOf(certificate: PeerCertificate, { chain, anchors, presenter, judge }: Refusal): string {
  const name = certificate.subject.text === '' ? '(empty subject)' : quoted(certificate.subject.text);
  if (chain[0] && isOneOf(certificate, [chain[0]])) return `the ${presenter}'s certificate ${name}`;
  if (anchors && isOneOf(certificate, anchors)) return `the ${judge}'s trust anchor ${name}`;
  return isSelfIssued(certificate) ? `the root ${name}` : `the ${certificate.isAuthority ? 'intermediate' : 'issuer'} ${name}`;
}

/** The leaf, also where it cannot be read: `the client's certificate "CN=bob"`. */
export function leafOf(refusal: Refusal): string {
  const [leaf] = refusal.chain;
  return leaf ? titleOf(leaf, refusal) : `the ${refusal.presenter}'s certificate`;
}

/** A name of a peer's in quotation marks, cut where it is long. */
export function quoted(name: string): string {
  return name === '' ? 'an empty name' : `"${cut(name, longestName)}"`;
}

/** The first of a list, and how many more there are. */
export function listed(items: readonly string[], most = 4): string {
  const shown = items.slice(0, most).map((item) => cut(item, longestName));
  return items.length > most ? `${shown.join(', ')}, ... ${items.length - most} more` : shown.join(', ');
}

/** The subjects that the end that refused trusts, where they are known: ` (it trusts "CN=root")`. */
export function trusts({ anchors }: Refusal): string {
  return anchors === undefined
    ? ''
    : ` (it trusts ${
        listed(
          anchors.map(({ subject }) => quoted(subject.text)),
          2,
        ) || 'no certificate'
      })`;
}

/** How this library issues the right leaf for the end whose certificate was refused. */
export function issueCall({ presenter }: Refusal): string {
  return presenter === 'client' ? 'pki.client()' : 'pki.server()';
}

/** When it was judged, to the second: `, and it was 2026-01-01T00:00:00Z at the handshake`. */
export function moment({ at, date }: Refusal): string {
  return `, and it was ${date(new Date(Math.floor(at / 1000) * 1000))} at the handshake`;
}

/** Several sentences as one. */
export function joined(parts: readonly string[]): string {
  return parts.join('; ');
}

const longestName = 60;
