import { randomBytes } from 'node:crypto';
import { realNow } from '../clock/real-clock.ts';
import { invalidOption, MtlsFixturesError, textOf } from '../errors/index.ts';
import { textList, requireBoolean } from '../options/checks.ts';
import { type Der, isObjectIdentifier } from '../asn1/der-writer.ts';
import {
  authorityInfoAccess,
  crlDistributionPoints,
  type Extension,
  extendedKeyUsage,
  keyUsage,
  mustStaple,
  subjectAltName,
} from '../x509/extensions.ts';
import { type ExtendedKeyUsage, extendedKeyUsageOids, type KeyUsage } from '../x509/object-identifiers.ts';
import { dnsName, emailName, ipName, uriName } from '../x509/names/general-name.ts';
import type { Validity } from '../x509/validity.ts';
import type { CertificateOptions, LeafOptions } from './leaf-options.ts';
import { isEmptyName } from './subject.ts';
import { isBytes } from '../options/bytes.ts';

/** A positive random serial number of 16 octets (RFC 5280 4.1.2.2; 127 bits of entropy). */
export function randomSerial(): bigint {
  const octets = randomBytes(16);
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return BigInt(`0x${octets.toString('hex')}`);
}

/** A serial number as given, checked, or a random one. */
export function serialOf(given: CertificateOptions['serialNumber']): bigint {
  if (given === undefined) return randomSerial();
  const value = parseSerial(given);
  if (value === undefined || value <= 0n || value >= 1n << 159n)
    throw new MtlsFixturesError('SERIAL_NUMBER_INVALID', { value: textOf(given) });
  return value;
}

/** A serial number in any of the forms in which it can be given; undefined for anything else. */
export function parseSerial(given: bigint | number | string): bigint | undefined {
  if (typeof given === 'bigint') return given;
  if (typeof given === 'number') return Number.isSafeInteger(given) ? BigInt(given) : undefined;
  const hex = textOf(given).replaceAll(':', '');
  return /^[0-9a-f]+$/iu.test(hex) ? BigInt(`0x${hex}`) : undefined;
}

/** When a certificate is to count. Fake clocks of tests are not looked at: OpenSSL does not either. */
export function validityOf(
  { notBefore, notAfter, validFor }: CertificateOptions,
  defaults: { readonly validFor: number; readonly backdate: number; readonly issuerNotAfter?: Date | undefined },
): Validity {
  requireDate('notBefore', notBefore);
  requireDate('notAfter', notAfter);
  const lifetime = validFor ?? defaults.validFor;
  requireLifetime(lifetime);

  const now = realNow();
  const usualStart = now - defaults.backdate;
  const start = notBefore?.getTime() ?? (notAfter && notAfter.getTime() <= usualStart ? notAfter.getTime() - lifetime : usualStart);
  const end = notAfter?.getTime() ?? clamp(Math.max(start, now) + lifetime, start, defaults.issuerNotAfter);
  return orderedValidity(start, end);
}

/** When a CRL is to count. */
export function updatesOf(
  { thisUpdate, nextUpdate }: { readonly thisUpdate?: Date | undefined; readonly nextUpdate?: Date | undefined },
  defaults: { readonly validFor: number; readonly backdate: number },
): Validity {
  requireDate('thisUpdate', thisUpdate);
  requireDate('nextUpdate', nextUpdate);
  const start =
    thisUpdate?.getTime() ??
    Math.min(realNow() - defaults.backdate, (nextUpdate?.getTime() ?? Number.POSITIVE_INFINITY) - defaults.validFor);
  return orderedValidity(start, nextUpdate?.getTime() ?? start + defaults.validFor);
}

/** The alternative names of a leaf, or none. Critical where the subject is empty (RFC 5280 4.2.1.6). */
export function altNamesOf({ dns, ip, uri, email }: LeafOptions, subject: Der): Extension[] {
  const names = [
    ...textList('dns', dns).map(dnsName),
    ...textList('ip', ip).map(ipName),
    ...textList('uri', uri).map(uriName),
    ...textList('email', email).map(emailName),
  ];
  return names.length === 0 ? [] : [subjectAltName(names, isEmptyName(subject))];
}

/** The demand for a stapled OCSP response, or none. */
export function mustStapleOf({ mustStaple: demanded = false }: LeafOptions): Extension[] {
  requireBoolean('mustStaple', demanded);
  return demanded ? [mustStaple()] : [];
}

/**
 * What a leaf's key is for. That of RSA is encrypted to in TLS 1.2's RSA key exchange, but a server's alone: a client only signs (RFC 5246 7.4.8, RFC 5280 4.2.1.3), and a leaf
 * without any purpose may be either.
 */
export function leafUsages({ extendedKeyUsage: purposes }: LeafOptions, isRsa: boolean): readonly KeyUsage[] {
  const { serverAuth, anyExtendedKeyUsage } = extendedKeyUsageOids;
  const ofServers: ReadonlySet<unknown> = new Set(['serverAuth', 'anyExtendedKeyUsage', serverAuth, anyExtendedKeyUsage]);
  const mayBeServer = !Array.isArray(purposes) || purposes.some((purpose: unknown) => ofServers.has(purpose));
  return isRsa && mayBeServer ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature'];
}

/** Usage, purposes, URLs and the raw extensions of either kind of certificate. */
export function commonExtensions(
  options: CertificateOptions,
  usages: readonly KeyUsage[],
  purposes: readonly ExtendedKeyUsage[] | false,
): Extension[] {
  const usage = options.keyUsage ?? usages;
  const purpose = options.extendedKeyUsage ?? purposes;
  const points = textList('crlDistributionPoints', options.crlDistributionPoints);
  const ocsp = textList('ocsp', options.ocsp);
  const caIssuers = textList('caIssuers', options.caIssuers);
  return [
    ...(usage === false ? [] : [keyUsage(requireFilledList('keyUsage', usage))]),
    ...(purpose === false ? [] : [extendedKeyUsage(requireFilledList('extendedKeyUsage', purpose))]),
    ...(points.length === 0 ? [] : [crlDistributionPoints(points)]),
    ...(ocsp.length + caIssuers.length === 0 ? [] : [authorityInfoAccess({ ocsp, caIssuers })]),
    ...requireList('extensions', options.extensions ?? []).map(requireExtension),
  ];
}

/** Rejects what is not a number of further CAs. */
export function requirePathLength(pathLength: unknown): void {
  if (pathLength !== undefined && (!Number.isSafeInteger(pathLength) || (pathLength as number) < 0))
    // isSafeInteger has made sure that it is a number
    throw invalidOption('pathLength', pathLength, 'an integer that is not negative');
}

/** Rejects what is not a span of time. */
export function requireLifetime(validFor: unknown): void {
  if (typeof validFor !== 'number' || !(validFor > 0) || validFor > longestLifetime)
    throw invalidOption('validFor', validFor, 'a positive number of milliseconds');
}

export const certificateOptionNames: readonly string[] = [
  'commonName',
  'subject',
  'notBefore',
  'notAfter',
  'validFor',
  'keyAlgorithm',
  'key',
  'keyUsage',
  'extendedKeyUsage',
  'serialNumber',
  'crlDistributionPoints',
  'ocsp',
  'caIssuers',
  'extensions',
];

function clamp(end: number, start: number, issuerNotAfter: Date | undefined): number {
  const limit = issuerNotAfter?.getTime() ?? Number.POSITIVE_INFINITY;
  return limit > start ? Math.min(end, limit) : end;
}

function orderedValidity(start: number, end: number): Validity {
  if (end < start)
    throw new MtlsFixturesError('DATE_ORDER', { notBefore: new Date(start).toISOString(), notAfter: new Date(end).toISOString() });
  return { notBefore: wholeSeconds(start), notAfter: wholeSeconds(end) };
}

function requireList<T>(option: string, values: readonly T[]): readonly T[] {
  if (!Array.isArray(values)) throw invalidOption(option, values, 'a list');
  return values;
}

/** RFC 5280 4.2.1.3 and 4.2.1.12 forbid empty ones of these extensions. */
function requireFilledList<T>(option: string, values: readonly T[]): readonly T[] {
  if (requireList(option, values).length > 0) return values;
  throw invalidOption(option, '[]', 'at least one, or false to leave the extension out');
}

function requireExtension(extension: Extension): Extension {
  const { oid, value } = Object(extension) as Partial<Extension>; // null and numbers read undefined
  if (isObjectIdentifier(oid) && isBytes(value)) return extension;
  throw invalidOption('extensions', oid, 'a dotted object identifier as oid, and bytes as value');
}

/** Rejects what is not a Date, and one that no certificate can hold: its years have four digits. */
export function requireDate(option: string, date: unknown): void {
  if (date === undefined) return;
  const year = Object.prototype.toString.call(date) === '[object Date]' ? (date as Date).getUTCFullYear() : Number.NaN; // its tag has just said that it is a Date
  if (!(year >= 0 && year <= 9999)) throw invalidOption(option, date, 'a valid Date in the years 0 to 9999');
}

function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

const longestLifetime = 1000 * 365.25 * 86_400_000;
