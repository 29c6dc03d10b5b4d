import net from 'node:net';
import { invalidOption, type MtlsFixturesError, textOf } from '../errors/index.ts';
import { isIpAddress } from '../net/addresses.ts';
import { asciiHost } from '../x509/names/general-name.ts';
import { ipToOctets } from '../x509/names/ip-address.ts';
import type { NameConstraints } from '../x509/names/name-constraints.ts';
import { namesOfThisMachine } from '../net/addresses.ts';

/** The list as given, checked and no longer to be changed. Throws `OPTION_INVALID` for what is not a name. */
export function requirePermitted(permitted: unknown): readonly string[] {
  return Object.freeze(requireList(permitted).map(requireName));
}

/**
 * The name constraints of a PKI for the listed names and no others. Of a form of which nothing is listed (and of an IP version) one unused name is permitted:
 * unlike an exclusion of the whole form, every implementation that was tried understands it (docs/decisions/permitted-names.md).
 */
export function permittedConstraints(permitted: readonly string[]): NameConstraints {
  const listed = permitted.map(subtreeOf);
  const of = (form: Form): string[] => [...new Set(listed.filter((subtree) => subtree.form === form).map(({ base }) => base))];
  const orUnused = (form: Form): string[] => (of(form).length > 0 ? of(form) : [unused[form]]);
  return {
    permitted: {
      dns: orUnused('dns'),
      ip: [...orUnused('ipv4'), ...orUnused('ipv6')], // in this order: Java reads past the end of an IPv4 address that it compares with a block of IPv6
      uri: orUnused('uri'),
      email: orUnused('email'),
    },
  };
}

/** Names of hosts and addresses. */
export interface HostNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/** The names that a server has unless it is given others: those of this machine, as far as they are permitted. */
export function usualNames(permitted: readonly string[] | undefined): HostNames {
  return permittedOf(namesOfThisMachine, permitted);
}

/** Those of the names that are permitted. */
export function permittedOf({ dns, ip }: HostNames, permitted: readonly string[] | undefined): HostNames {
  if (permitted === undefined) return { dns, ip };
  const listed = permitted.map(subtreeOf);
  const hosts = listed.filter(({ form }) => form === 'dns').map(({ base }) => base);
  const blocks = { ipv4: new net.BlockList(), ipv6: new net.BlockList() }; // one list would find IPv4 addresses in ::/0, as mapped ones
  for (const { form, base } of listed) {
    const [address = '', bits] = base.split('/');
    if (form === 'ipv4' || form === 'ipv6') blocks[form].addSubnet(address, Number(bits), form);
  }
  return {
    dns: dns.filter((name) => hosts.some((base) => `.${name.toLowerCase()}`.endsWith(`.${base}`))),
    ip: ip.filter((address) => blocks[versionOf(address)].check(address, versionOf(address))),
  };
}

type Form = 'dns' | 'ipv4' | 'ipv6' | 'uri' | 'email';

interface Subtree {
  readonly form: Form;
  readonly base: string;
}

function requireList(permitted: unknown): readonly unknown[] {
  if (Array.isArray(permitted) && permitted.length > 0) return permitted;
  throw refused(
    Array.isArray(permitted) ? '[]' : textOf(permitted),
    "a list of at least one name, e.g. ['localhost', '127.0.0.0/8', '::1'], or to be left out for a PKI without name constraints",
  );
}

function requireName(entry: unknown): string {
  if (typeof entry !== 'string' || entry === '') throw refused(textOf(entry), 'each entry to be text that is not empty');
  subtreeOf(entry);
  return entry;
}

function subtreeOf(entry: string): Subtree {
  const [, uriRest] = /^[a-z][a-z0-9+.-]*:\/\/(.*)$/iu.exec(entry) ?? [];
  if (uriRest !== undefined) return { form: 'uri', base: dottedHost(uriRest.replace(/\/$/u, ''), entry, uriExpected) };
  if (entry.includes('@')) return { form: 'email', base: mailboxes(entry) };
  if (entry.includes('/') || isIpAddress(entry)) return addressBlock(entry);
  if (entry.startsWith('.') || entry.startsWith('*.'))
    throw refused(entry, `"${entry.replace(/^\*?\./u, '')}", which covers itself and every name below it (RFC 5280 4.2.1.10)`);
  return { form: 'dns', base: host(entry, entry, dnsExpected) };
}

/** A mailbox, or those of a host, or with a dot those of the hosts below it. */
function mailboxes(entry: string): string {
  const at = entry.lastIndexOf('@');
  const [local, domain] = [entry.slice(0, at), entry.slice(at + 1)];
  if (local === '') return dottedHost(domain, entry, emailExpected);
  if (!/^[\x21-\x29\x2b-\x3f\x41-\x7e]+$/u.test(local)) throw refused(entry, emailExpected); // with a * all mailboxes are meant, which no implementation understands
  return `${local}@${host(domain, entry, emailExpected)}`;
}

/** Refuses a block with bits beyond its prefix: it may be meant as one address, and would permit more. */
function addressBlock(entry: string): Subtree {
  const [address = '', bits, ...more] = entry.split('/');
  const form = versionOf(address);
  const longest = form === 'ipv4' ? 32 : 128;
  const prefix = bits === undefined ? longest : Number(bits);
  if (!isIpAddress(address) || address.includes('%') || more.length > 0 || !/^\d{1,3}$/u.test(bits ?? '0') || prefix > longest)
    throw refused(entry, addressExpected);
  if (hasBitsBeyond(address, prefix, longest)) throw refused(entry, `"${address}", or a block whose address has no bits beyond its prefix`);
  return { form, base: `${address}/${prefix}` };
}

function hasBitsBeyond(address: string, prefix: number, longest: number): boolean {
  const octets = ipToOctets(address) ?? [];
  return octets.some((octet, index) => index * 8 < longest && (octet & (0xff >> Math.min(8, Math.max(0, prefix - index * 8)))) !== 0);
}

function dottedHost(text: string, entry: string, expected: string): string {
  return text.startsWith('.') ? `.${host(text.slice(1), entry, expected)}` : host(text, entry, expected);
}

function host(text: string, entry: string, expected: string): string {
  if (text.startsWith('*')) throw refused(entry, expected);
  try {
    return asciiHost(text).toLowerCase();
  } catch (cause) {
    throw refused(entry, expected, cause);
  }
}

function versionOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

function refused(value: string, expected: string, cause?: unknown): MtlsFixturesError {
  return invalidOption('permitted', value, expected, cause === undefined ? undefined : { cause });
}

/** `invalid` is reserved (RFC 6761 6.4), and no host has an address of ones alone. */
const unused: Readonly<Record<Form, string>> = {
  dns: 'none.invalid',
  ipv4: '255.255.255.255/32',
  ipv6: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128',
  uri: 'none.invalid',
  email: 'none.invalid',
};

const dnsExpected = 'a host name, an IP address or block, a URI such as spiffe://example.test, or a mailbox such as @example.test';
const uriExpected =
  'a scheme and a host, https://example.test or for the hosts below it https://.example.test: only the host is constrained';
const emailExpected = 'alice@example.test, @example.test for the mailboxes of that host, or @.example.test for those of the hosts below it';
const addressExpected = 'an IP address, or a block such as 10.0.0.0/8 or fd00::/8';
