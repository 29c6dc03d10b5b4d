import { type Der, generalizedTime, sequence, utcTime } from '../asn1/der-writer.ts';

/** The instants between which a certificate counts, both inclusive; whole seconds are written. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export function encodeValidity({ notBefore, notAfter }: Validity): Der {
  return sequence(encodeTime(notBefore), encodeTime(notAfter));
}

/** UTCTime through 2049, GeneralizedTime from 2050 on and before 1950 (RFC 5280 4.1.2.5). */
export function encodeTime(date: Date): Der {
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050 ? utcTime(date) : generalizedTime(date);
}
