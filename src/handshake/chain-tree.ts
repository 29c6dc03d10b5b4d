import type { PeerCertificate } from '../x509/inspect-certificate.ts';

/** How a chain is shown. */
export interface ChainTreeOptions {
  /** Why the chain was refused, where it was. */
  readonly reason?: string | undefined;
  /** Whether a server's or a client's. */
  readonly role: 'clientAuth' | 'serverAuth';
  /** When it was judged: milliseconds since the epoch. */
  readonly at: number;
  readonly date: (value: Date) => string;
  /** The name that was asked for. */
  readonly servername?: string | undefined;
}

/**
 * A presented chain as a tree, the leaf first, a certificate on each line; where the reason can be seen in a certificate, or in what is missing above the last, that link is marked.
 * Marks are only what the certificates show: a reason that they do not show is left to the verdict.
 */
export function chainTree(certificate: PeerCertificate, options: ChainTreeOptions): string[] {
  const chain = [certificate, ...certificate.chain].slice(0, mostCertificates);
  const lines = chain.map((link, depth) => {
    const fault = faultOf(link, { ...options, depth, isLast: depth === chain.length - 1 });
    return `${branch(depth)}${describe(link, depth, options)}${fault === undefined ? '' : `   <-- ${fault}`}`;
  });
  const top = chain.at(-1);
  if (!top) return lines;
  return top.issuer.text === top.subject.text ? lines : [...lines, `${branch(chain.length)}issued by ${top.issuer.text}, not presented`];
}

function branch(depth: number): string {
  return depth === 0 ? '' : `${'   '.repeat(depth - 1)}'- `;
}

function describe(
  { subject, notBefore, notAfter, extendedKeyUsage, isAuthority, altNames }: PeerCertificate,
  depth: number,
  { date }: ChainTreeOptions,
): string {
  const names = depth === 0 ? [...altNames.dns, ...altNames.ip, ...altNames.uri, ...altNames.email] : [];
  const facts = [
    isAuthority ? 'CA' : (extendedKeyUsage?.join(' ') ?? 'any purpose'),
    names.length > 0 && names.slice(0, 4).join(' ') + (names.length > 4 ? ' ...' : ''),
    `${date(notBefore)} to ${date(notAfter)}`,
  ];
  return `${subject.text || 'empty subject'} (${facts.filter(Boolean).join('; ')})`;
}

function faultOf(
  link: PeerCertificate,
  { reason, role, at, servername, depth, isLast }: ChainTreeOptions & { readonly depth: number; readonly isLast: boolean },
): string | undefined {
  if (reason === undefined) return undefined;
  if (reason === 'CERT_HAS_EXPIRED' && link.notAfter.getTime() < at) return 'expired';
  if (reason === 'CERT_NOT_YET_VALID' && link.notBefore.getTime() > at) return 'not yet valid';
  if (
    reason === 'INVALID_PURPOSE' &&
    link.extendedKeyUsage &&
    !link.extendedKeyUsage.some((usage) => usage === role || usage === 'anyExtendedKeyUsage')
  )
    return `not for ${role}`;
  if (reason === 'INVALID_CA' && depth > 0 && !link.isAuthority) return 'no CA';
  if (reason === 'ERR_TLS_CERT_ALTNAME_INVALID' && depth === 0) return `does not name ${servername ?? 'the host'}`;
  if (reason === 'DEPTH_ZERO_SELF_SIGNED_CERT' && depth === 0) return 'vouches for itself, and is not trusted';
  if (reason === 'SELF_SIGNED_CERT_IN_CHAIN' && isLast) return 'is not trusted';
  return issuerUnknown.has(reason) && isLast ? 'its issuer is not trusted' : undefined;
}

const issuerUnknown: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
]);

/** A longer chain would fill the page. */
const mostCertificates = 4;
