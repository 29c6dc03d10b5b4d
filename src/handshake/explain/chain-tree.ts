import type { PeerCertificate } from '../../x509/inspect-certificate.ts';
import { cut } from '../verdict/fitted-text.ts';
import { isOneOf } from '../verdict/reasons/chain-path.ts';
import type { Fault } from '../verdict/reasons/reason-row.ts';
import { listed } from '../verdict/reasons/wording.ts';

/** How a chain is shown. */
export interface ChainTreeOptions {
  /** What is wrong with certificates of the chain. */
  readonly faults: readonly Fault[];
  readonly date: (value: Date) => string;
}

/**
 * A presented chain as a tree, the leaf first, a certificate on each line, at most six lines; the certificates that show why it was refused are marked.
 * Marks are only what the certificates show: a reason that they do not show is left to the verdict.
 */
export function chainTree(certificate: PeerCertificate, { faults, date }: ChainTreeOptions): string[] {
  const chain = [certificate, ...certificate.chain];
  const markOf = (link: PeerCertificate): string | undefined => faults.find((fault) => isOneOf(link, [fault.certificate]))?.mark;
  const lines = shownOf(chain, (link) => markOf(link) !== undefined).map((shown, row) => {
    if ('left' in shown) return `${branch(row)}... ${shown.left} more`;
    const mark = markOf(shown.link);
    return `${branch(row)}${describe(shown.link, { isLeaf: row === 0, date })}${mark === undefined ? '' : `   <-- ${cut(mark, longestMark)}`}`;
  });
  const top = chain.at(-1) ?? certificate;
  if (top.issuer.text === top.subject.text) return lines;
  return [...lines, `${branch(lines.length)}issued by ${cut(top.issuer.text, longestName) || 'an empty name'}, not presented`];
}

type Shown = { readonly link: PeerCertificate } | { readonly left: number };

/** All of a short chain; of a long one the first two, the first that is marked above them, and how many are left out. */
function shownOf(chain: readonly PeerCertificate[], isMarked: (link: PeerCertificate) => boolean): readonly Shown[] {
  if (chain.length <= mostCertificates) return chain.map((link) => ({ link }));
  const marked = chain.findIndex((link, depth) => depth > 1 && isMarked(link));
  const third = marked < 0 ? 2 : marked;
  const [between, after] = [third - 2, chain.length - third - 1];
  return [
    ...chain.slice(0, 2).map((link) => ({ link })),
    ...(between > 0 ? [{ left: between }] : []),
    ...chain.slice(third, third + 1).map((link) => ({ link })),
    ...(after > 0 ? [{ left: after }] : []),
  ];
}

function branch(row: number): string {
  return row === 0 ? '' : `${'   '.repeat(row - 1)}'- `;
}

function describe(
  { subject, notBefore, notAfter, extendedKeyUsage, isAuthority, altNames }: PeerCertificate,
  { isLeaf, date }: Pick<ChainTreeOptions, 'date'> & { readonly isLeaf: boolean },
): string {
  const names = isLeaf ? [...altNames.dns, ...altNames.ip, ...altNames.uri, ...altNames.email] : [];
  const facts = [
    isAuthority ? 'CA' : extendedKeyUsage ? cut(extendedKeyUsage.join(' '), longestName) : 'any purpose',
    names.length > 0 && cut(names.length > 4 ? listed(names).replaceAll(', ', ' ') : names.join(' '), longestName),
    `${date(notBefore)} to ${date(notAfter)}`,
  ];
  return `${cut(subject.text, longestName) || 'empty subject'} (${facts.filter(Boolean).join('; ')})`;
}

/** A longer chain would fill the page. */
const mostCertificates = 4;
const longestName = 60;
const longestMark = 50;
