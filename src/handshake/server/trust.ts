import { invalidOption, MtlsFixturesError, typeName } from '../../errors/index.ts';
import { bytesOf } from '../../options/bytes.ts';
import { type PemInput, writtenAnew } from '../../x509/pem-input.ts';

/** Trust anchors: PEM as text or in bytes, DER, something that has them (a `Pki`, an `Authority`, an `Identity`), or a list of these. */
export type Trust = PemInput | { readonly anchors: string } | readonly (PemInput | { readonly anchors: string })[];

/** CRLs: PEM as text or in bytes, DER, or a list of these. */
export type RevocationLists = PemInput | readonly PemInput[];

/**
 * The anchors as one PEM text, written anew. Refuses what Node takes for "the public roots" or for a silent empty store: undefined, null, '',
 * an empty list, text without a certificate (measured on Node 20 to 26). `who` is called for the message alone: a name is read from a certificate.
 */
export function anchorsPem(trust: Trust, who: () => string): string {
  const list: readonly unknown[] = Array.isArray(trust) ? trust : [trust];
  const inputs = list.map(anchorsOf);
  if (inputs.every(isBlank)) throw new MtlsFixturesError('TRUST_MISSING', { who: who() });
  return inputs.map(certificatesAnew).join('');
}

/**
 * Certificate revocation lists, each as a text of its own, written anew: of several in one text Node 22 and 24 load only the first (measured on
 * 22.23 and 24.21; 26.10 loads all).
 */
export function crlList(crl: RevocationLists): string[] {
  const list: readonly unknown[] = Array.isArray(crl) ? crl : [crl];
  return list.flatMap((entry) => writtenAnew({ what: 'crl', kind: 'X509 CRL' }, entry));
}

function anchorsOf(entry: unknown): unknown {
  if (typeof entry === 'string' || bytesOf(entry)) return entry;
  if (typeof entry === 'object' && entry !== null && 'anchors' in entry && typeof entry.anchors === 'string') return entry.anchors;
  throw invalidOption('trust', typeName(entry), 'PEM of certificates as text or bytes, a Pki, an Authority, or a list of these');
}

function isBlank(input: unknown): boolean {
  return typeof input === 'string' ? input.trim() === '' : bytesOf(input)?.length === 0;
}

function certificatesAnew(input: unknown): string {
  const known = typeof input === 'string' ? found.get(input) : undefined;
  if (known !== undefined) return known;
  const written = writtenAnew({ what: 'trust', kind: 'certificate' }, input).join('');
  if (typeof input !== 'string') return written;
  if (found.size >= mostFound) found.clear();
  found.set(input, written);
  return written;
}

/** Texts as they were written anew: the anchors of one PKI are given again with every attempt. */
const found = new Map<string, string>();
const mostFound = 100;
