import {
  type Der,
  ia5String,
  isObjectIdentifier,
  objectIdentifier,
  printableString,
  sequence,
  setOf,
  utf8String,
} from '../../asn1/der-writer.ts';
import type { DerElement } from '../../asn1/der-reader.ts';
import { MtlsFixturesError, textOf } from '../../errors/index.ts';
import { escapedInName } from '../../errors/printable.ts';
import { oid } from '../object-identifiers.ts';

/** The attributes of a name that have a word; others go by dotted object identifier. */
export type NameAttribute =
  | 'domainComponent'
  | 'country'
  | 'state'
  | 'locality'
  | 'street'
  | 'postalCode'
  | 'organization'
  | 'organizationalUnit'
  | 'title'
  | 'givenName'
  | 'surname'
  | 'userId'
  | 'serialNumber'
  | 'commonName'
  | 'emailAddress';

/** The short names of attributes that Node's own subjects have (RFC 4514 3). */
export type ShortNameAttribute = 'C' | 'ST' | 'L' | 'O' | 'OU' | 'CN';

/** A name as attributes; several values of one attribute become several parts of the name, in order. An attribute goes by its word or by its short name. */
export type SubjectAttributes = { readonly [A in NameAttribute | ShortNameAttribute]?: string | readonly string[] | undefined };

/**
 * A distinguished name to write: text is its common name; an object has its attributes, written in the usual order from country to
 * common name; a list is written exactly in its order, where a list within it is one multi-valued part.
 */
export type Subject = string | SubjectAttributes | readonly (NamePart | readonly NamePart[])[];

/** One attribute and its value; `type` is a word such as `organization`, its short name `O` or its dotted object identifier: the same attribute. */
export interface NamePart {
  readonly type: string;
  readonly value: string;
}

/** A name that was read: its text and the values of the usual attributes. Of several values the last, the most specific, counts. */
export type DistinguishedName = { readonly [A in NameAttribute]?: string } & {
  /** `CN=alice, O=Example` style text, most general part first, for people; RFC 4514 escapes. */
  readonly text: string;
  /** Every attribute in the order of the certificate. */
  readonly parts: readonly NamePart[];
};

/** The DER of a Name (RFC 5280 4.1.2.4). Throws `NAME_INVALID` for empty values and for what an attribute's string type cannot hold. */
export function encodeName(subject: Subject): Der {
  return sequence(...partsOf(subject).map((part) => setOf(...part.map(encodePart))));
}

/** Reads a Name. */
export function decodeName(name: DerElement): DistinguishedName {
  const parts: NamePart[] = [];
  for (const set of name.expect(0x30, 'a name').children)
    for (const attribute of set.expect(0x31, 'a part of a name').children) {
      const [type, value, ...stray] = attribute.expect(0x30, 'an attribute of a name').children;
      if (!type || !value) throw name.problem('an attribute of a name has no value');
      if (stray.length > 0) throw name.problem('an attribute of a name has several values');
      const dotted = type.expect(0x06, 'the type of an attribute').objectIdentifier;
      parts.push({ type: wordByOid(dotted) ?? dotted, value: attributeText(value) });
    }
  const known = Object.fromEntries(parts.filter(({ type }) => isAttribute(type)).map(({ type, value }) => [type, value]));
  return { ...known, text: parts.map(({ type, value }) => `${shortName(type)}=${escapeValue(value)}`).join(', '), parts };
}

/** Of the types that OpenSSL takes in a name (B_ASN1_PRINTABLE; others make it refuse the certificate). A SEQUENCE has no text: RFC 4514 2.4. */
function attributeText(value: DerElement): string {
  if (value.tag === sequenceTag) return `#${Buffer.from(value.bytes).toString('hex')}`;
  if (!textTags.has(value.tag)) throw value.problem(`an attribute of a name has a value with the tag 0x${value.tag.toString(16)}`);
  return value.text;
}

function partsOf(subject: Subject): readonly (readonly NamePart[])[] {
  if (typeof subject === 'string') return [[{ type: 'commonName', value: subject }]];
  if (isPartList(subject)) return subject.map(attributesOf);
  if (typeof subject !== 'object' || subject === null)
    throw invalid('subject', textOf(subject), 'it is neither text, nor attributes, nor a list');
  const given = valuesByWord(subject);
  return Object.keys(attributes).flatMap((type) => {
    const values = given.get(type);
    if (values === undefined) return [];
    const list: readonly string[] = Array.isArray(values) ? values : [values];
    return list.map((value) => [{ type, value }]);
  });
}

/** The attributes of an object by their words. Throws `NAME_INVALID` for one that does not exist, and for one that has two values by two names. */
function valuesByWord(subject: SubjectAttributes): ReadonlyMap<string, string | readonly string[]> {
  const values = new Map<string, string | readonly string[]>();
  for (const [name, value] of Object.entries(subject)) {
    const word = wordOf(name);
    if (!isAttribute(word))
      throw invalid(name, textOf(value), `there is no such attribute; use one of ${Object.keys(attributes).join(', ')}`);
    if (value === undefined) continue;
    if (values.has(word)) throw invalid(name, textOf(value), `it is given as "${word}" too; leave one out`);
    values.set(word, value);
  }
  return values;
}

/** The word of an attribute that is given by its word, its short name or its object identifier; other types as they are. */
function wordOf(type: string): string {
  return wordByOid(type) ?? (isShortName(type) ? wordByShortName[type] : type);
}

/** The attributes of one part of a list, in whatever form plain JavaScript may have given it. */
function attributesOf(part: NamePart | readonly NamePart[]): readonly NamePart[] {
  const list: readonly NamePart[] = Array.isArray(part) ? part : [part];
  if (list.length === 0) throw invalid('subject', '[]', 'a part of it has no attribute');
  const odd = list.findIndex((attribute: unknown) => typeof attribute !== 'object' || attribute === null);
  if (odd >= 0) throw invalid('subject', textOf(list[odd]), 'a part of it is not an object with type and value');
  return list;
}

function isPartList(
  subject: SubjectAttributes | readonly (NamePart | readonly NamePart[])[],
): subject is readonly (NamePart | readonly NamePart[])[] {
  return Array.isArray(subject);
}

function encodePart({ type, value }: NamePart): Der {
  const word = wordOf(type);
  const attribute = isAttribute(word) ? attributes[word] : undefined;
  if (typeof value !== 'string') throw invalid(textOf(type), textOf(value), 'it is not text');
  if (value === '') throw invalid(textOf(type), value, 'it is empty; leave the attribute out instead');
  if (!attribute && !isObjectIdentifier(textOf(type)))
    throw invalid(textOf(type), value, 'its type is neither a known attribute nor a dotted object identifier');
  return sequence(objectIdentifier(attribute?.oid ?? type), encodeValue(word, value, attribute?.string ?? 'utf8'));
}

function encodeValue(type: string, value: string, string: StringType): Der {
  if (string === 'utf8') {
    if (!value.isWellFormed()) throw invalid(type, value, 'it holds half of a surrogate pair, which is not a character');
    return utf8String(value);
  }
  if (string === 'ia5') {
    if (!/^[\0-\x7f]*$/u.test(value)) throw invalid(type, value, 'only ASCII can be written in it');
    return ia5String(value);
  }
  if (type === 'country' && !/^[A-Za-z]{2}$/u.test(value)) throw invalid(type, value, 'a country has two letters (ISO 3166)');
  if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/u.test(value)) throw invalid(type, value, 'it holds characters that a PrintableString cannot');
  return printableString(value);
}

function invalid(kind: string, value: string, problem: string): MtlsFixturesError {
  return new MtlsFixturesError('NAME_INVALID', { kind, value, problem });
}

function shortName(type: string): string {
  return isAttribute(type) ? attributes[type].short : type;
}

function isAttribute(type: unknown): type is NameAttribute {
  return typeof type === 'string' && Object.hasOwn(attributes, type);
}

function isShortName(type: string): type is ShortNameAttribute {
  return Object.hasOwn(wordByShortName, type);
}

/** The word of an object identifier; the table is built at the first question. */
function wordByOid(dotted: string): string | undefined {
  words ??= new Map(Object.entries(attributes).map(([word, attribute]) => [attribute.oid, word]));
  return words.get(dotted);
}

let words: ReadonlyMap<string, string> | undefined;

/** RFC 4514 2.4, and what a terminal does not print as \xx, so that no value can look like another name: controls, marks that turn the direction of writing round. */
function escapeValue(value: string): string {
  return escapedInName(value.replaceAll(/[\\",+;<>=]|^[ #]| $/gu, String.raw`\$&`));
}

const sequenceTag = 0x30;
/** BIT STRING; UTF8String, NumericString, PrintableString, TeletexString, IA5String, UniversalString, BMPString. */
const textTags: ReadonlySet<number> = new Set([0x03, 0x0c, 0x12, 0x13, 0x14, 0x16, 0x1c, 0x1e]);

type StringType = 'utf8' | 'printable' | 'ia5';

/** In the order in which an attribute object is written: general to specific. */
const attributes: Readonly<Record<NameAttribute, { readonly oid: string; readonly short: string; readonly string: StringType }>> = {
  domainComponent: { oid: oid.domainComponent, short: 'DC', string: 'ia5' },
  country: { oid: oid.country, short: 'C', string: 'printable' },
  state: { oid: oid.state, short: 'ST', string: 'utf8' },
  locality: { oid: oid.locality, short: 'L', string: 'utf8' },
  street: { oid: oid.street, short: 'STREET', string: 'utf8' },
  postalCode: { oid: oid.postalCode, short: 'postalCode', string: 'utf8' },
  organization: { oid: oid.organization, short: 'O', string: 'utf8' },
  organizationalUnit: { oid: oid.organizationalUnit, short: 'OU', string: 'utf8' },
  title: { oid: oid.title, short: 'title', string: 'utf8' },
  givenName: { oid: oid.givenName, short: 'GN', string: 'utf8' },
  surname: { oid: oid.surname, short: 'SN', string: 'utf8' },
  userId: { oid: oid.userId, short: 'UID', string: 'utf8' },
  serialNumber: { oid: oid.serialNumber, short: 'serialNumber', string: 'printable' },
  commonName: { oid: oid.commonName, short: 'CN', string: 'utf8' },
  emailAddress: { oid: oid.emailAddress, short: 'emailAddress', string: 'ia5' },
};

/** Those of {@link ShortNameAttribute}. */
const wordByShortName: Readonly<Record<ShortNameAttribute, NameAttribute>> = {
  C: 'country',
  ST: 'state',
  L: 'locality',
  O: 'organization',
  OU: 'organizationalUnit',
  CN: 'commonName',
};
