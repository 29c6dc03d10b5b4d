import type { DerElement } from '../../asn1/der-reader.ts';

/** A Name as verification compares it: one text for each of its parts, in order. Equal texts are equal parts. */
export type CanonicalName = readonly string[];

/**
 * Reads a Name as OpenSSL compares names: the usual string types are one, spaces at the ends do not count, several are one, and ASCII
 * letters have no case. Any other type is compared octet for octet.
 */
export function canonicalName(name: DerElement): CanonicalName {
  return name.expect(0x30, 'a name').children.map((part) =>
    part
      .expect(0x31, 'a part of a name')
      .children.map(canonicalAttribute)
      .toSorted((a, b) => (a < b ? -1 : 1))
      .join('\n'),
  );
}

/** Whether two names are the same name. */
export function isSameName(a: CanonicalName, b: CanonicalName): boolean {
  return a.length === b.length && startsWithName(a, b);
}

/** Whether a name lies within a subtree of names: whether it begins with all parts of it. */
export function startsWithName(name: CanonicalName, base: CanonicalName): boolean {
  return base.length <= name.length && base.every((part, index) => part === name[index]);
}

/** In ASCII alone: other letters keep their case, whatever the language of the machine. */
export function asciiLowerCase(text: string): string {
  return text.replaceAll(/[A-Z]+/gu, (letters) => letters.toLowerCase());
}

function canonicalAttribute(attribute: DerElement): string {
  const [type, value] = attribute.expect(0x30, 'an attribute of a name').children;
  if (!type || !value) throw attribute.problem('an attribute of a name has no value');
  // JSON leaves no character that separates attributes.
  return JSON.stringify([type.objectIdentifier, ...canonicalValue(value)]);
}

function canonicalValue(value: DerElement): readonly [number, string] {
  if (value.tag === universalString) throw value.problem('a name holds a UniversalString');
  if (!comparedAsText.has(value.tag)) return [value.tag, Buffer.from(value.content).toString('hex')];
  // Runs become one space first: a pattern that looks for the run at the end takes quadratic time where there are long ones before it.
  return [0, asciiLowerCase(value.text.replaceAll(/[ \t-\r]+/gu, ' ').replaceAll(/^ | $/gu, ''))];
}

/** UTF8String, PrintableString, TeletexString, IA5String, VisibleString, BMPString. */
const comparedAsText: ReadonlySet<number> = new Set([0x0c, 0x13, 0x14, 0x16, 0x1a, 0x1e]);
const universalString = 0x1c;
