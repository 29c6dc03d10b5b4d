import type { DerElement } from '../../asn1/der-reader.ts';
import { asciiLowerCase, type CanonicalName, canonicalName, startsWithName } from './canonical-name.ts';
import { undecided } from './build-chain.ts';

/** One name of a certificate; `kind` is the tag of its GeneralName. */
export interface ConstrainedName {
  readonly kind: number;
  /** Of character strings, an octet for each character. */
  readonly text?: string;
  readonly octets?: Uint8Array;
  readonly directory?: CanonicalName;
  /** Of other names. */
  readonly type?: string;
}

/** Whether a subtree covers a name of its kind, as OpenSSL matches them; or why it cannot say. Throws where it cannot be told here. */
export function covers(base: DerElement, { kind, text = '', octets = nothing, directory = [] }: ConstrainedName): boolean | string {
  if (kind === 0xa4) return startsWithName(directory, canonicalName(base.inner()));
  if (kind === 0x87) return coversAddress(base.content, octets);
  if (kind === 0x82) return coversHost(base.text, text);
  if (kind === 0x81) return coversMailbox(base.text, text);
  if (kind === 0x86) return coversUri(base.text, text);
  return 'UNSUPPORTED_CONSTRAINT_TYPE';
}

/** An empty base covers everything, `a.test` itself and what is below, `.a.test` what is below. */
function coversHost(base: string, host: string): boolean {
  if (base === '') return true;
  if (!endsWith(host, base)) return false;
  return host.length === base.length || base.startsWith('.') || host.charAt(host.length - base.length - 1) === '.';
}

/** A mailbox, a host, or with a leading dot the hosts below. The part before the @ has case. */
function coversMailbox(base: string, mailbox: string): boolean | string {
  if (!mailbox.includes('@')) return 'UNSUPPORTED_NAME_SYNTAX';
  const [local = '', host = '', ...more] = mailbox.split('@');
  const [baseLocal = '', ...baseHost] = base.includes('@') ? base.split('@') : ['', base];
  if (more.length > 0 || baseHost.length > 1 || /\0/u.test(mailbox + base)) throw undecided('a mailbox is odd');
  if (base.startsWith('.') && !base.includes('@')) return mailbox.length > base.length && endsWith(mailbox, base);
  return (baseLocal === '' || baseLocal === local) && isSameText(host, baseHost[0] ?? '');
}

/** The host of a URI, or with a leading dot the hosts below. OpenSSL's versions read unusual ones differently; without `://` all refuse. */
function coversUri(base: string, uri: string): boolean | string {
  if (!uri.includes('://')) return 'UNSUPPORTED_NAME_SYNTAX';
  if (isAddress(uri)) return false;
  const host = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([A-Za-z0-9._-]+)(?::[1-9]\d{0,3})?(?:\/[^:@?#\0]*)?$/u.exec(uri)?.[1];
  if (host === undefined) throw undecided('a URI is unusual');
  return base.startsWith('.') ? host.length > base.length && endsWith(host, base) : isSameText(host, base);
}

/** The host is an IPv6 address, which no domain covers, whatever its zone is called (measured with OpenSSL 3.0 and 3.5). */
function isAddress(uri: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:\/\/\[[0-9A-Fa-f:.]+(?:%25[A-Za-z0-9._-]+)?\](?::[1-9]\d{0,3})?(?:\/[^:@?#\0]*)?$/u.test(uri);
}

/** The base is an address and a mask, of any bits. */
function coversAddress(base: Uint8Array, address: Uint8Array): boolean | string {
  const { length } = address;
  if ((length !== 4 && length !== 16) || (base.length !== 8 && base.length !== 32)) return 'UNSUPPORTED_NAME_SYNTAX';
  return base.length === length * 2 && address.every((octet, index) => ((octet ^ (base[index] ?? 0)) & (base[length + index] ?? 0)) === 0);
}

function endsWith(text: string, end: string): boolean {
  return asciiLowerCase(text).endsWith(asciiLowerCase(end));
}

function isSameText(a: string, b: string): boolean {
  return asciiLowerCase(a) === asciiLowerCase(b);
}

const nothing = new Uint8Array(0);
