import { encodeRecord } from '../wire/tls-encoding.ts';

/** 256 octets, always the same, that do not begin like a TLS record, an SSLv2 hello or text. */
export function garbage(): Buffer {
  return Buffer.from(Array.from({ length: 256 }, (_, index) => (0x7f + index * 0x55) & 0xff));
}

/** A record that is one octet longer than TLS 1.2 allows, which allows more than TLS 1.3 does (RFC 5246 6.2.3, RFC 8446 5.2). */
export function oversizedRecord(): Buffer {
  return encodeRecord('handshake', Buffer.alloc(2 ** 14 + 2048 + 1));
}

/** Whether bytes hold the whole head of an HTTP request. */
export function isHttpRequest(bytes: Buffer): boolean {
  return /^[A-Z]+ \S+ HTTP\/\d(?:\.\d)?\r\n(?:[^]*?\r\n)?\r\n/u.test(bytes.toString('latin1'));
}

/** Whether bytes are the beginning of the head of an HTTP request. */
export function mayBecomeHttpRequest(bytes: Buffer): boolean {
  return /^[A-Z]{1,20}(?: [\x21-\xff]*(?: (?:H|HT|HTT|HTTP|HTTP\/[^]*)?)?)?$/u.test(bytes.toString('latin1'));
}

/** The same bytes `count` times. */
export function repeated(bytes: Buffer, count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => bytes));
}
