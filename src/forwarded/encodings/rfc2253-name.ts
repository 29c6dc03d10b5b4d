import type { DerElement } from '../../asn1/der-reader.ts';
import { attributeShortName } from './attribute-short-names.ts';
import type { RawAttribute, RawName } from './certificate-octets.ts';

/** What programs differ in. */
export interface Rfc2253Options {
  /** How octets beyond ASCII are written: as `\C3\A4`, or as they are. */
  readonly beyondAscii: 'escaped' | 'raw';
  /** BoringSSL, of which Envoy is built, knows fewer types, and escapes a number sign that stands alone. Default: OpenSSL. */
  readonly library?: 'OpenSSL' | 'BoringSSL';
}

/** A name as OpenSSL writes it with `XN_FLAG_RFC2253`: its last part first, an octet of UTF-8 a character. What is not text, or of an unknown type, is DER in hexadecimal. */
export function rfc2253Name(name: RawName, options: Rfc2253Options): string {
  return name
    .toReversed()
    .map((attribute, index, all) => {
      const before = all[index - 1];
      const separator = before === undefined ? '' : before.part === attribute.part ? '+' : ',';
      return `${separator}${attributeText(attribute, options)}`;
    })
    .join('');
}

function attributeText({ type, value }: RawAttribute, options: Rfc2253Options): string {
  const known = options.library === 'BoringSSL' && unknownToBoringSsl.test(type) ? undefined : attributeShortName(type);
  if (known === undefined || !textTags.has(value.tag)) return `${known ?? type}=#${Buffer.from(value.bytes).toString('hex').toUpperCase()}`;
  return `${known}=${escaped(utf8Octets(value), options)}`;
}

/** RFC 2253 2.4 as OpenSSL's `do_esc_char` has it. A number sign alone is not escaped there: it is last before it is first. */
function escaped(octets: string, { beyondAscii, library = 'OpenSSL' }: Rfc2253Options): string {
  return octets
    .replaceAll(library === 'OpenSSL' ? /["+,;<>\\]|^ | $|^#(?!$)/gu : /["+,;<>\\]|^ | $|^#/gu, String.raw`\$&`)
    .replaceAll(beyondAscii === 'escaped' ? /[\x00-\x1f\x7f-\xff]/gu : /[\x00-\x1f\x7f]/gu, (octet) => `\\${hexOctet(octet)}`);
}

/** The octets of a UTF8String as they are, valid or not; those of the other types in UTF-8. */
function utf8Octets(value: DerElement): string {
  return Buffer.from(value.tag === utf8Tag ? value.content : Buffer.from(value.text)).toString('latin1');
}

function hexOctet(octet: string): string {
  return octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
}

const utf8Tag = 0x0c;
/** Types of which OpenSSL knows the width of a character (`tag2nbyte` in its a_strex.c). */
const textTags: ReadonlySet<number> = new Set([utf8Tag, 0x12, 0x13, 0x14, 0x16, 0x1c, 0x1e]);
/** Of the types that have a short name in OpenSSL (measured with Envoy 1.40). */
const unknownToBoringSsl =
  /^(?:2\.5\.4\.(?:9[789]|100)|0\.9\.2342\.19200300\.100\.1\.44|1\.3\.6\.1\.4\.1\.311\.60\.2\.1\.[123]|1\.2\.643\.(?:3\.131\.1\.1|100\.[135]))$/u;
