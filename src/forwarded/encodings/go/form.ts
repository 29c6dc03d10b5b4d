import { malformed } from '../../malformed.ts';
import { percentEncoded } from '../percent-encoded-pem.ts';

/** Octets as Go's `url.QueryEscape` writes them: a blank is a plus sign, and all but letters, digits and `-_.~` is percent-encoded with capital digits. */
export function encodedForm(octets: string): string {
  return octets.replaceAll(/[^A-Za-z0-9_.~ -]/gu, percentEncoded).replaceAll(' ', '+');
}

/** Decodes it, once, and strictly: to octets, and only what {@link encodedForm} writes. Digits in lower case mean the same. */
export function decodedForm(header: string, text: string): string {
  if (!/^(?:[A-Za-z0-9_.~+-]|%[0-9A-Fa-f]{2})+$/u.test(text)) throw malformed(header, 'it is not form-encoded');
  const octets = text.replaceAll('+', ' ').replaceAll(/%(..)/gu, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));
  if (encodedForm(octets) !== text.replaceAll(/%../gu, (escape) => escape.toUpperCase()))
    throw malformed(header, 'it escapes characters that need no escape');
  return octets;
}
