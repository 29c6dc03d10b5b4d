import { createHash } from 'node:crypto';
import type { DerElement } from '../../asn1/der-reader.ts';

/** The SHA-1 of a certificate, in hexadecimal with small letters. */
export function sha1Hex(certificate: Uint8Array): string {
  return createHash('sha1').update(certificate).digest('hex');
}

/** The SHA-256 of a certificate, in hexadecimal with small letters. */
export function sha256Hex(certificate: Uint8Array): string {
  return createHash('sha256').update(certificate).digest('hex');
}

/** A serial number as OpenSSL prints it: whole octets in hexadecimal with capital letters, without the octet that only keeps it positive. */
export function serialNumberHex(serialNumber: bigint): string {
  const digits = (serialNumber < 0n ? -serialNumber : serialNumber).toString(16).toUpperCase();
  return `${serialNumber < 0n ? '-' : ''}${digits.length % 2 === 0 ? digits : `0${digits}`}`;
}

/** A time with a year of two digits, as HAProxy writes it: YYMMDDhhmmssZ. Empty for a year before 2000 or after 2099 that a GeneralizedTime has. */
export function shortTime(time: DerElement): string {
  if (time.tag === utcTimeTag) return time.text;
  return time.text.startsWith('20') ? time.text.slice(2) : '';
}

const utcTimeTag = 0x17;
