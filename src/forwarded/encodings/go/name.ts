import type { DerElement } from '../../../asn1/der-reader.ts';
import { printableString, utf8String } from '../../../asn1/der-writer.ts';
import type { RawName } from '../certificate-octets.ts';

/**
 * A name as Go's `pkix.Name` writes it, an octet of UTF-8 a character: the usual attributes last to first in a fixed order, the values of one type as one part whatever parts the
 * certificate has, one common name and one serial number; then the other attributes as DER in hexadecimal.
 */
export function goName(name: RawName): string {
  const usual = Object.entries(usualTypes).flatMap(([type, short]) => {
    const values = goValues(name, type);
    return values.length === 0 ? [] : [values.map((value) => `${short}=${escaped(value)}`).join('+')];
  });
  const others = name.filter(({ type }) => !Object.hasOwn(usualTypes, type)).map(({ type, value }) => `${type}=#${encoded(value)}`);
  return [...usual, ...others.toReversed()].join(',');
}

/** The values of a type of attribute, an octet of UTF-8 a character: of several common names and serial numbers Go keeps the last, and an empty one is none. */
export function goValues(name: RawName, type: string): readonly string[] {
  const values = name.filter((attribute) => attribute.type === type).map(({ value }) => utf8Octets(value.text));
  return singleTypes.has(type) ? values.slice(-1).filter((value) => value !== '') : values;
}

/** As `asn1.Marshal` of a Go string: whatever type the certificate has, a PrintableString where that can hold it. */
function encoded(value: DerElement): string {
  const { text } = value;
  return Buffer.from(/^[A-Za-z0-9 '()+,\-./:=?]*$/u.test(text) ? printableString(text) : utf8String(text)).toString('hex');
}

function escaped(octets: string): string {
  return octets.replaceAll(/["+,;<>\\]|^[ #]| $/gu, String.raw`\$&`);
}

function utf8Octets(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** In the order in which Go writes them. */
const usualTypes: Readonly<Record<string, string>> = {
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.3': 'CN',
  '2.5.4.11': 'OU',
  '2.5.4.10': 'O',
  '2.5.4.17': 'POSTALCODE',
  '2.5.4.9': 'STREET',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.6': 'C',
};
const singleTypes: ReadonlySet<string> = new Set(['2.5.4.3', '2.5.4.5']);
