import { domainToASCII } from 'node:url';
import { contextConstructed, contextPrimitive, type Der } from '../asn1/der-writer.ts';
import type { DerElement } from '../asn1/der-reader.ts';
import { MtlsFixturesError, textOf } from '../errors/index.ts';
import { encodeName, type Subject } from './distinguished-name.ts';
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

/** Alternative names by their kind, as text. */
export interface AltNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
  readonly uri: readonly string[];
  readonly email: readonly string[];
}

/** Reads GeneralNames; kinds other than these four are passed over. */
export function decodeAltNames(names: readonly DerElement[]): AltNames {
  const texts = (tag: number): string[] => names.filter((name) => name.tag === tag).map((name) => name.text);
  return {
    dns: texts(0x82),
    ip: names.filter(({ tag }) => tag === 0x87).map(({ content }) => octetsToIp(content)),
    uri: texts(0x86),
    email: texts(0x81),
  };
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

/** Its A-labels, or '' for what is none: Node would leave out what follows "/", "?" and "#", and line feeds, and read "%41" as "A". */
function internationalHost(name: string): string {
  return /^[\w.\-\u{80}-\u{10ffff}]*$/u.test(name) ? domainToASCII(name) : '';
}

function invalid(kind: string, value: unknown, problem: string): MtlsFixturesError {
  return new MtlsFixturesError('NAME_INVALID', { kind, value: textOf(value), problem });
}
