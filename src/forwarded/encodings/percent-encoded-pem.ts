import { encodePem } from '../../asn1/pem.ts';
import { malformed } from '../malformed.ts';
import { certificateOfBase64 } from './base64-der.ts';

/** Characters that a program leaves as they are when it percent-encodes PEM; a class of a regular expression, without its brackets. */
export type UnescapedCharacters = string;

/** The PEM of certificates back to back, percent-encoded with capital digits (RFC 3986 2.1). */
export function percentEncodedPem(certificates: readonly Uint8Array[], unescaped: UnescapedCharacters): string {
  const pem = certificates.map((der) => encodePem('CERTIFICATE', der)).join('');
  return pem.replaceAll(new RegExp(`[^${unescaped}]`, 'gu'), percentEncoded);
}

/** Decodes it, once, and strictly: text that the program would not write for these certificates is malformed. Digits in lower case mean the same (RFC 3986 2.1). */
export function certificatesOfPercentEncodedPem(header: string, text: string, unescaped: UnescapedCharacters): Uint8Array[] {
  if (!new RegExp(`^(?:[${unescaped}]|%[0-9A-Fa-f]{2})+$`, 'u').test(text)) throw malformed(header, 'it is not percent-encoded PEM');
  const certificates = certificatesOfPem(
    header,
    text.replaceAll(/%(..)/gu, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16))),
  );
  const canonical = text.replaceAll(/%../gu, (escape) => escape.toUpperCase());
  if (percentEncodedPem(certificates, unescaped) !== canonical) throw malformed(header, 'it escapes characters that need no escape');
  return certificates;
}

/** The certificate in percent-encoded PEM of exactly one. */
export function certificateOfPercentEncodedPem(header: string, text: string, unescaped: UnescapedCharacters): Uint8Array {
  const [certificate, ...more] = certificatesOfPercentEncodedPem(header, text, unescaped);
  if (!certificate || more.length > 0) throw malformed(header, `it holds ${more.length + 1} certificates`);
  return certificate;
}

/** The certificates of PEM as OpenSSL writes it, at least one: armor, lines of 64 characters, a line feed at the end, nothing around them. */
export function certificatesOfPem(header: string, pem: string): Uint8Array[] {
  const blocks = pem.split(begin);
  if (blocks.length < 2 || blocks[0] !== '') throw malformed(header, 'it does not begin with BEGIN CERTIFICATE');
  const certificates = blocks.slice(1).map((block) => {
    if (!block.endsWith(end)) throw malformed(header, 'a certificate does not end with END CERTIFICATE');
    return certificateOfBase64(header, block.slice(0, -end.length).replaceAll('\n', ''));
  });
  if (certificates.map((der) => encodePem('CERTIFICATE', der)).join('') !== pem)
    throw malformed(header, 'its PEM is not in lines of 64 characters');
  return certificates;
}

/** One octet, percent-encoded. */
export function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

const begin = '-----BEGIN CERTIFICATE-----\n';
const end = '\n-----END CERTIFICATE-----\n';
