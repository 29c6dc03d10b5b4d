import { namesByNumber, unregistered } from './names-by-number.ts';

/** The numbers of the protocol versions, by the names that Node gives them. */
export const protocolVersion = { SSLv3: 0x0300, TLSv1: 0x0301, 'TLSv1.1': 0x0302, 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 } as const;

/** A protocol version as Node writes it, e.g. `TLSv1.3`; others as their number. */
export function versionName(number: number): string {
  return nameOf(number) ?? unregistered(number);
}

const nameOf = namesByNumber(protocolVersion);
