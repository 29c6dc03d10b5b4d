import { percentEncoded } from '../percent-encoded-pem.ts';

/** A URI as Go's `url.URL` writes it after reading it: the scheme in small letters, without an empty fragment, and a path or fragment that holds what RFC 3986 does not allow escaped anew. */
export function goUri(uri: string): string {
  const [, scheme = '', authority = '', path = '', query = '', fragment = ''] = parts.exec(uri) ?? [];
  if (scheme === '') return uri;
  const isOpaque = authority === '' && !path.startsWith('/'); // `urn:…`, which Go keeps as it is
  const newPath = isOpaque ? path : escapedWhereOdd(path, { valid: validPath, escaped: escapedInPath });
  const newFragment = fragment === '' ? '' : `#${escapedWhereOdd(fragment, { valid: validFragment, escaped: escapedInFragment })}`;
  return `${scheme.toLowerCase()}:${authority}${newPath}${query}${newFragment}`;
}

function escapedWhereOdd(text: string, { valid, escaped }: { readonly valid: RegExp; readonly escaped: RegExp }): string {
  if (valid.test(text)) return text;
  const octets = text.replaceAll(/%([0-9A-Fa-f]{2})/gu, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));
  return octets.replaceAll(escaped, percentEncoded);
}

const parts = /^([A-Za-z][A-Za-z0-9+.-]*):(\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?(?:#(.*))?$/su;
/** `validEncoded` of Go's net/url. */
const validPath = /^[A-Za-z0-9\-._~!$&'()*+,;=:@[\]%/]*$/u;
const validFragment = /^[A-Za-z0-9\-._~!$&'()*+,;=:@[\]%/?]*$/u;
/** What its `escape` escapes. */
const escapedInPath = /[^A-Za-z0-9\-._~$&+,/:;=@]/gu;
const escapedInFragment = /[^A-Za-z0-9\-._~!$&()*+,/:;=?@]/gu;
