import { MtlsFixturesError, textOf } from '../../errors/index.ts';

/** The SPIFFE id among URI names: the only URI, where it is a valid one (X509-SVID 2); none otherwise. */
export function spiffeIdAmong(uris: readonly string[]): string | undefined {
  const [uri] = uris;
  return uris.length === 1 && uri !== undefined && isSpiffeId(uri) ? uri : undefined;
}

/**
 * Whether text is a SPIFFE id (SPIFFE-ID 2): the scheme, a trust domain in small letters without user, port, query or fragment, and a path of segments that are neither
 * empty nor dots, without a slash at its end. The lengths are those that 2.3 wants every implementation to support.
 */
export function isSpiffeId(uri: string): boolean {
  if (uri.length > longestId) return false;
  const [, domain = '', path = ''] = /^spiffe:\/\/([a-z0-9._-]+)((?:\/[A-Za-z0-9._-]+)*)$/u.exec(uri) ?? [];
  return domain !== '' && domain.length <= longestTrustDomain && !path.split('/').some((segment) => segment === '.' || segment === '..');
}

/** Whether text is the name of a trust domain (SPIFFE-ID 2.1): a SPIFFE id without its scheme and path. */
export function isTrustDomain(name: unknown): name is string {
  return typeof name === 'string' && !name.includes('/') && isSpiffeId(`spiffe://${name}`);
}

/** The trust domain that a SPIFFE id is in. */
export function trustDomainOf(id: string): string {
  return id.split('/')[2] ?? '';
}

/** Rejects what cannot be the identity of a workload: an invalid SPIFFE id, and that of a trust domain itself (X509-SVID 3.1: a path that is not the root). Throws `NAME_INVALID`. */
export function requireWorkloadId(id: unknown): asserts id is string {
  if (typeof id !== 'string' || !isSpiffeId(id))
    throw invalid(
      id,
      'it is not spiffe://<trust domain>/<path> with the domain in small letters and the path of A-Z a-z 0-9 . - _ (SPIFFE-ID 2)',
    );
  if (!id.slice('spiffe://'.length).includes('/'))
    throw invalid(id, 'it has no path, as only the trust domain itself has none (X509-SVID 3.1)');
}

function invalid(id: unknown, problem: string): MtlsFixturesError {
  return new MtlsFixturesError('NAME_INVALID', {
    kind: 'SPIFFE id',
    value: textOf(id),
    problem: `${problem}; pass e.g. spiffe://example.test/web`,
  });
}

const longestId = 2048;
const longestTrustDomain = 255;
