import { domainToASCII } from 'node:url';
import { contextConstructed, contextPrimitive, type Der } from '../../asn1/der-writer.ts';
import type { DerElement } from '../../asn1/der-reader.ts';
import { MtlsFixturesError, textOf } from '../../errors/index.ts';
import { decodeName, type DistinguishedName, encodeName, type Subject } from './distinguished-name.ts';
import { ipToOctets, octetsToIp } from './ip-address.ts';

/** A host name for a certificate: ASCII, wildcards allowed in the leftmost label; international names become their A-label. */
export function dnsName(name: string): Der {
  return contextPrimitive(2, Buffer.from(asciiHost(name), 'latin1'));
}

/** An IPv4 or IPv6 address. */
export function ipName(address: string): Der {
  const octets = typeof address === 'string' ? ipToOctets(address) : undefined;
  if (!octets) throw invalid('IP address', address, 'it is neither an IPv4 nor an IPv6 address');
  return contextPrimitive(7, octets);
}

/** An absolute URI, e.g. a SPIFFE id. */
export function uriName(uri: string): Der {
  if (typeof uri !== 'string' || !/^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$/u.test(uri))
    throw invalid('URI', uri, 'it is not an absolute URI in ASCII (RFC 5280 4.2.1.6)');
  return contextPrimitive(6, Buffer.from(uri, 'latin1'));
}

/** An e-mail address. */
export function emailName(email: string): Der {
  if (typeof email !== 'string' || !/^[\x21-\x3f\x41-\x7e]+@[A-Za-z0-9.-]+$/u.test(email))
    throw invalid('e-mail address', email, 'it is not of the form name@host in ASCII');
  return contextPrimitive(1, Buffer.from(email, 'latin1'));
}

/** A distinguished name, as name constraints use it. */
export function directoryName(subject: Subject): Der {
  return contextConstructed(4, encodeName(subject));
}

/** Alternative names by their kind, as text. The kinds after the first four are absent where there are none of them. */
export interface AltNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
  readonly uri: readonly string[];
  readonly email: readonly string[];
  /** Names of kinds that go by an object identifier: a user principal name of Microsoft, an SmtpUTF8Mailbox (RFC 9598). */
  readonly otherName?: readonly OtherName[];
  readonly directoryName?: readonly DistinguishedName[];
  /** In dotted notation. */
  readonly registeredID?: readonly string[];
}

/** An alternative name of a kind that goes by an object identifier (RFC 5280 4.2.1.6). */
export interface OtherName {
  /** The kind, in dotted notation: `1.3.6.1.4.1.311.20.2.3` for a user principal name. */
  readonly oid: string;
  /** The value where it is a character string; absent for all else. */
  readonly value?: string;
  /** The DER of the value, in hexadecimal. */
  readonly der: string;
}

/** Reads GeneralNames. Throws `DER_INVALID` for an element of another kind than these nine: OpenSSL then reads no name at all. */
export function decodeAltNames(names: readonly DerElement[]): AltNames {
  for (const name of names)
    if (!kinds.has(name.tag)) throw name.problem(`an alternative name has the tag 0x${name.tag.toString(16)}, which is not a kind of name`);
  const of = (kind: number): readonly DerElement[] => names.filter(({ tag }) => tag === kind);
  const otherName = of(0xa0).map(decodeOtherName);
  const directoryNames = of(0xa4).map((name) => decodeName(onlyChild(name)));
  const registeredID = of(0x88).map((name) => name.objectIdentifier);
  return {
    dns: of(0x82).map(({ text }) => text),
    ip: of(0x87).map(({ content }) => octetsToIp(content)),
    uri: of(0x86).map(({ text }) => text),
    email: of(0x81).map(({ text }) => text),
    ...(otherName.length > 0 && { otherName }),
    ...(directoryNames.length > 0 && { directoryName: directoryNames }),
    ...(registeredID.length > 0 && { registeredID }),
  };
}

function decodeOtherName(name: DerElement): OtherName {
  const [type, wrapped, ...stray] = name.children;
  if (!type || !wrapped || stray.length > 0) throw name.problem('an otherName is not of a type and a value');
  const value = onlyChild(wrapped.expect(0xa0, 'the value of an otherName'));
  return {
    oid: type.expect(0x06, 'the type of an otherName').objectIdentifier,
    ...(stringTags.has(value.tag) && { value: value.text }),
    der: Buffer.from(value.bytes).toString('hex'),
  };
}

/** What an explicit tag holds. */
function onlyChild(wrapper: DerElement): DerElement {
  const [child, ...stray] = wrapper.children;
  if (!child || stray.length > 0) throw wrapper.problem('an explicit tag does not hold exactly one element');
  return child;
}

/** A host name in ASCII, or `NAME_INVALID`. */
export function asciiHost(name: string): string {
  if (typeof name !== 'string' || name === '') throw invalid('DNS name', name, 'it is empty');
  const wildcard = name.startsWith('*.') ? '*.' : '';
  const rest = name.slice(wildcard.length);
  const ascii = /^[\0-\x7f]*$/u.test(rest) ? rest : internationalHost(rest);
  const labels = ascii.split('.');
  if (ascii.length === 0 || ascii.length > 253 || labels.some((label) => !/^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/u.test(label)))
    throw invalid('DNS name', name, 'it is not a host name (letters, digits, hyphens, dots; a wildcard only as the whole first label)');
  if (ipToOctets(ascii)) throw invalid('DNS name', name, 'it is an IP address; pass it as ip');
  return wildcard + ascii;
}

/** Its A-labels, or '' for what is not a host name: Node would leave out what follows "/", "?" and "#", and line feeds, and read "%41" as "A". */
function internationalHost(name: string): string {
  return /^[\w.\-\u{80}-\u{10ffff}]*$/u.test(name) ? domainToASCII(name) : '';
}

function invalid(kind: string, value: unknown, problem: string): MtlsFixturesError {
  return new MtlsFixturesError('NAME_INVALID', { kind, value: textOf(value), problem });
}

/** Tags of the nine kinds of GeneralName (RFC 5280 4.2.1.6). */
const kinds: ReadonlySet<number> = new Set([0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, 0x86, 0x87, 0x88]);
/** UTF8String, NumericString, PrintableString, TeletexString, IA5String, VisibleString, GeneralString, UniversalString, BMPString. */
const stringTags: ReadonlySet<number> = new Set([0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a, 0x1b, 0x1c, 0x1e]);
