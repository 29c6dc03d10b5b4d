import type { DerElement } from '../../asn1/der-reader.ts';
import { oid } from '../object-identifiers.ts';
import { canonicalName } from './canonical-name.ts';
import type { ChainCertificate } from './chain-certificate.ts';
import { undecided } from './build-chain.ts';
import { covers, type ConstrainedName } from './subtree-match.ts';

/**
 * The last violation of name constraints that OpenSSL finds in a chain: it goes from the root down to the leaf, and for each certificate
 * from the root down to its issuer, so this goes the other way and takes the first. Throws where it cannot be told.
 */
export function nameConstraintFailure(chain: readonly ChainCertificate[]): string | undefined {
  const constraints = chain.map(readConstraints);
  if (constraints.every((each) => each === undefined)) return undefined;
  const names = chain.map((certificate, index) => (index > 0 && certificate.isSelfIssued ? [] : namesOf(certificate, index === 0)));
  requireBounded(names, constraints);
  for (const [index, own] of names.entries())
    for (const above of constraints.slice(index + 1)) {
      const failure = above && firstOf(own, (name) => violation(name, above));
      if (failure !== undefined) return failure;
    }
  return undefined;
}

interface Constraints {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

interface Subtree {
  /** The GeneralName. */
  readonly base: DerElement;
  /** It has a minimum or maximum, which RFC 5280 4.2.1.10 does away with. */
  readonly isBounded: boolean;
}

function readConstraints(certificate: ChainCertificate): Constraints | undefined {
  const parts = certificate.extensions.get(oid.nameConstraints)?.inner().expect(0x30, 'the name constraints').children;
  const subtrees = (tag: number): readonly Subtree[] => parts?.find((part) => part.tag === tag)?.children.map(readSubtree) ?? [];
  return parts && { permitted: subtrees(0xa0), excluded: subtrees(0xa1) };
}

function readSubtree(subtree: DerElement): Subtree {
  const [base, ...bounds] = subtree.expect(0x30, 'a subtree').children;
  if (!base) throw subtree.problem('a subtree has no name');
  return { base, isBounded: bounds.some(({ tag, integer }) => tag === 0x81 || integer !== 0n) };
}

/** The names of a certificate in the order in which OpenSSL looks at them. A leaf without DNS names has those of its common names. */
function namesOf({ subject, subjectName, extensions }: ChainCertificate, isLeaf: boolean): readonly ConstrainedName[] {
  const attributes = subjectName.children.flatMap((part) => part.children.map(({ children }) => children));
  const valuesOf = (dotted: string): readonly DerElement[] =>
    attributes.flatMap(([type, value]) => (type?.objectIdentifier === dotted && value ? [value] : []));
  const alternative = extensions.get(oid.subjectAltName)?.inner().expect(0x30, 'the alternative names').children ?? [];
  const commonNames = isLeaf && alternative.every(({ tag }) => tag !== dnsTag) ? valuesOf(oid.commonName) : [];
  return [
    ...(attributes.length === 0 ? [] : [{ kind: directoryTag, directory: subject }]),
    ...valuesOf(oid.emailAddress).map((value) => (value.tag === ia5String ? { kind: emailTag, text: value.text } : unsupported)),
    ...alternative.map(alternativeName),
    ...commonNames.flatMap(commonNameAsHost),
  ];
}

function alternativeName(name: DerElement): ConstrainedName {
  if (name.tag === directoryTag) return { kind: directoryTag, directory: canonicalName(name.inner()) };
  if (name.tag === otherNameTag)
    return { kind: otherNameTag, type: name.children[0]?.expect(0x06, 'a type of name').objectIdentifier ?? '' };
  if (name.tag === addressTag) return { kind: addressTag, octets: name.content };
  if (![0x81, 0x82, 0xa3, 0xa5, 0x86, 0x88].includes(name.tag)) throw name.problem('an alternative name is of no kind');
  return { kind: name.tag, text: name.text };
}

/** A common name counts as a host where it looks like one: two labels or more, of letters, digits, `_` and inner `-`. */
function commonNameAsHost(value: DerElement): readonly ConstrainedName[] {
  const text = Buffer.from(withoutTrailingZeros(value.text), 'utf8').toString('latin1');
  if (text.includes('\0')) return [unsupported];
  return /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)+$/u.test(text)
    ? [{ kind: dnsTag, text }]
    : [];
}

/** A pattern that looks for the zeros at the end would take quadratic time where there are many before it. */
function withoutTrailingZeros(text: string): string {
  let end = text.length;
  while (text.charAt(end - 1) === '\0') end -= 1;
  return text.slice(0, end);
}

function violation(name: ConstrainedName, { permitted, excluded }: Constraints): string | undefined {
  if (name.kind === unsupported.kind) return 'UNSUPPORTED_NAME_SYNTAX';
  return permittedViolation(name, permitted.filter(concerns(name))) ?? excludedViolation(name, excluded.filter(concerns(name)));
}

function permittedViolation(name: ConstrainedName, subtrees: readonly Subtree[]): string | undefined {
  let isWithin = subtrees.length === 0;
  for (const { base, isBounded } of subtrees) {
    if (isBounded) return 'SUBTREE_MINMAX';
    if (isWithin) continue;
    const match = covers(base, name);
    if (typeof match === 'string') return match;
    isWithin = match;
  }
  return isWithin ? undefined : 'PERMITTED_VIOLATION';
}

function excludedViolation(name: ConstrainedName, subtrees: readonly Subtree[]): string | undefined {
  return firstOf(subtrees, ({ base, isBounded }) => {
    if (isBounded) return 'SUBTREE_MINMAX';
    const match = covers(base, name);
    if (typeof match === 'string') return match;
    return match ? 'EXCLUDED_VIOLATION' : undefined;
  });
}

/** Other names are constrained by subtrees of their own type; an internationalised mailbox by those of mailboxes, which is not looked into. */
function concerns(name: ConstrainedName): (subtree: Subtree) => boolean {
  return ({ base }) => {
    if (name.kind !== otherNameTag) return base.tag === name.kind;
    if (name.type === internationalMailbox && base.tag === emailTag) throw base.problem('an internationalised mailbox is constrained');
    return base.tag === otherNameTag && name.type !== internationalMailbox && base.children[0]?.objectIdentifier === name.type;
  };
}

/** Names times subtrees, and the octets that would be compared: OpenSSL gives up at 2^20 names for one certificate, this at less for all of them. */
function requireBounded(names: readonly (readonly ConstrainedName[])[], constraints: readonly (Constraints | undefined)[]): void {
  const own = names.flat();
  const subtrees = constraints.flatMap((each) => (each ? [...each.permitted, ...each.excluded] : []));
  const ownOctets = own.reduce((sum, name) => sum + octetsOf(name), 0);
  const subtreeOctets = subtrees.reduce((sum, { base }) => sum + base.bytes.length, 0);
  if (own.length * subtrees.length > mostComparisons || own.length * subtreeOctets + subtrees.length * ownOctets > mostOctets)
    throw undecided('there are too many names and constraints');
}

function octetsOf({ text = '', octets, directory = [] }: ConstrainedName): number {
  return octets?.length ?? directory.reduce((sum, part) => sum + part.length, text.length);
}

function firstOf<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

const otherNameTag = 0xa0;
const emailTag = 0x81;
const dnsTag = 0x82;
const directoryTag = 0xa4;
const addressTag = 0x87;
const ia5String = 0x16;
/** A name that OpenSSL refuses to look at once there are constraints of any kind. */
const unsupported: ConstrainedName = { kind: 0 };
const internationalMailbox = '1.3.6.1.5.5.7.8.9';
const mostComparisons = 1 << 14;
const mostOctets = 1 << 22;
