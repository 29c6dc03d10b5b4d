import * as fc from 'fast-check';
import type { NameAttribute, NamePart, Subject } from '../../src/x509/names/distinguished-name.ts';

/** Subjects in each of their three forms, with every string type. */
export function subjects(): fc.Arbitrary<Subject> {
  const word = fc
    .constantFrom(...Object.entries(attributeValues))
    .chain(([type, values]) => fc.record({ type: fc.constant(type), value: values }));
  const part: fc.Arbitrary<NamePart> = fc.oneof(word, fc.record({ type: identifiers(), value: texts() }));
  const several = fc.array(part, { minLength: 1, maxLength: 3 });
  const attributes = Object.entries(attributeValues).map(([type, value]) => [
    type,
    fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 })),
  ]);
  return fc.oneof(
    commonNames(),
    fc.record(Object.fromEntries(attributes) as Record<NameAttribute, fc.Arbitrary<string>>, { requiredKeys: ['organization'] }), // the keys of the table
    fc.array(fc.oneof(part, several), { minLength: 1, maxLength: 4 }), // an empty one needs an alternative name
  );
}

/** Dotted object identifiers. @peculiar/x509 counts no further than JavaScript's numbers. */
export function identifiers({ largest = 2n ** 50n } = {}): fc.Arbitrary<string> {
  const number = fc.oneof(fc.nat(300), fc.bigInt(0n, largest)).map(String);
  const start = fc.oneof(fc.tuple(fc.constantFrom('0', '1'), fc.nat(39).map(String)), fc.tuple(fc.constant('2'), number));
  return fc.tuple(start, fc.array(number, { maxLength: 2 })).map(([first, rest]) => [...first, ...rest].join('.'));
}

/** Those without a registered name. */
export function namelessIdentifiers(): fc.Arbitrary<string> {
  return identifiers().map((id) => `${id}.${2 ** 31}`);
}

/** Instants that a certificate can hold, the borders of its two forms of time among them; with milliseconds, which it cannot. */
export function instants(): fc.Arbitrary<Date> {
  const special = fc.constantFrom(
    '0100-01-01T00:00:00Z',
    '1949-12-31T23:59:59.999Z',
    '1950-01-01T00:00:00Z',
    '1969-12-31T23:59:59.001Z',
    '2024-02-29T23:59:59Z',
    '2049-12-31T23:59:59.999Z',
    '2050-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
  );
  const bounds = { min: new Date('0100-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z') };
  const near = { min: new Date('1930-01-01T00:00:00Z'), max: new Date('2070-01-01T00:00:00Z') };
  return fc.oneof(
    special.map((text) => new Date(text)),
    fc.date({ ...bounds, noInvalidDate: true }),
    fc.date({ ...near, noInvalidDate: true }),
  );
}

/** Positive serial numbers of up to 20 octets, those at the edges of octets among them. */
export function serialNumbers(): fc.Arbitrary<bigint> {
  const edges = fc.tuple(fc.nat(19), fc.constantFrom(-1n, 0n, 1n)).map(([octets, off]) => (1n << BigInt(octets * 8 + 7)) + off);
  return fc.oneof(
    fc.bigInt(1n, largestSerial),
    fc.bigInt(1n, 70_000n),
    edges.filter((serial) => serial <= largestSerial),
  );
}

/** Host names in ASCII, at times with a wildcard. */
export function hostNames(): fc.Arbitrary<string> {
  const label = fc.stringMatching(/^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,10}[A-Za-z0-9_])?$/u);
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  return fc
    .tuple(
      fc.constantFrom('', '', '*.'),
      name.filter((host) => !/^[\d.]*$/u.test(host)),
    )
    .map((parts) => parts.join(''));
}

/** International host names, each label of the letters of one script, in the form in which they are displayed. */
export function internationalNames(): fc.Arbitrary<string> {
  const labels = scripts.map((letters) =>
    fc.array(fc.constantFrom(...Array.from(letters)), { minLength: 1, maxLength: 8 }).map((units) => units.join('')),
  );
  const name = fc.tuple(fc.oneof(...labels), fc.constantFrom('example', 'test', 'co_op.test', 'a-b.example'));
  return fc.tuple(fc.constantFrom('', '', '*.'), name).map(([wildcard, parts]) => wildcard + parts.join('.'));
}

/** IP addresses of both versions, those with several runs of zeros among them. */
export function addresses(): fc.Arbitrary<string> {
  const groups = fc.array(fc.constantFrom('0', '0', '1', 'fe80'), { minLength: 8, maxLength: 8 }).map((list) => list.join(':'));
  return fc.oneof(fc.ipV4(), fc.ipV6(), groups);
}

/** Blocks of addresses of every length. */
export function addressBlocks(): fc.Arbitrary<string> {
  const block = (address: fc.Arbitrary<string>, longest: number): fc.Arbitrary<string> =>
    fc.tuple(address, fc.nat(longest)).map((parts) => parts.join('/'));
  return fc.oneof(block(fc.ipV4(), 32), block(fc.ipV6(), 128));
}

export function uris(): fc.Arbitrary<string> {
  const scheme = fc.constantFrom('spiffe://', 'https://', 'urn:', 'ldap:///', 'x+y.z-1:');
  return fc.tuple(scheme, fc.stringMatching(/^[!-~]{1,30}$/u)).map((parts) => parts.join(''));
}

export function mailboxes(): fc.Arbitrary<string> {
  return fc.tuple(fc.stringMatching(/^[!-?A-~]{1,15}$/u), fc.stringMatching(/^[A-Za-z0-9.-]{1,15}$/u)).map((parts) => parts.join('@'));
}

/** Text with every character that some reader takes for a separator, an escape or an end. */
export function texts(): fc.Arbitrary<string> {
  const odd = fc.constantFrom(...Array.from(' ,+"\\<>;=#/\0\n\r\t\u007f\u0085\u2028\ufeff'), '🔐', 'é', 'e\u0301', '名', 'א', '\u{10ffff}');
  const unit = fc.oneof(odd, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.stringMatching(/^[a-zA-Z0-9]$/u));
  const short = fc.array(unit, { minLength: 1, maxLength: 12 });
  return fc.oneof({ weight: 9, arbitrary: short }, fc.array(unit, { minLength: 120, maxLength: 300 })).map((units) => units.join(''));
}

/** At most 64 characters (RFC 5280 ub-common-name). */
function commonNames(): fc.Arbitrary<string> {
  return texts().map((text) => Array.from(text).slice(0, 64).join(''));
}

function printableTexts(): fc.Arbitrary<string> {
  return fc.stringMatching(/^[A-Za-z0-9 '()+,\-./:=?]{1,20}$/u);
}

function asciiTexts(): fc.Arbitrary<string> {
  return fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 });
}

/** Letters that lower-case and normalise to themselves; right-to-left ones never meet others within a label. */
const scripts = [
  'äöüßéñçåæøłž',
  'αβγδεζηθικλμνξπρτ',
  'бвгджзийклмнфцчшщыэюя',
  '書名前株式会社',
  'אבגדהוזח',
  'ابتثجحخ',
  'กขคงจฉ',
  '한국어도메인',
];

const largestSerial = (1n << 159n) - 1n;

const attributeValues: Readonly<Record<NameAttribute, fc.Arbitrary<string>>> = {
  domainComponent: asciiTexts(),
  country: fc.stringMatching(/^[A-Za-z]{2}$/u),
  state: texts(),
  locality: texts(),
  street: texts(),
  postalCode: texts(),
  organization: texts(),
  organizationalUnit: texts(),
  title: texts(),
  givenName: texts(),
  surname: texts(),
  userId: texts(),
  serialNumber: printableTexts(),
  commonName: commonNames(),
  emailAddress: asciiTexts(),
};
