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

const longestId = 2048;
const longestTrustDomain = 255;
