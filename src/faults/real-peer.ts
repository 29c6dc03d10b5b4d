import { invalidOption } from '../errors/index.ts';
import type { TlsVersion } from '../wire/hello/encode-client-hello.ts';

/** Refuses a missing identity where a fault cannot be shown without one. */
export function requireIdentityFor(fault: string, identity: unknown): void {
  if (identity !== undefined) return;
  throw invalidOption('identity', identity, `an Identity: the fault "${fault}" is shown by a real peer that presents one`);
}

/** The number of the peer's alert in an error of Node's TLS engine; its code differs between OpenSSL versions, the number does not. */
export function alertNumberOf(error: Error): number | undefined {
  const number = /SSL alert number (\d+)/u.exec(error.message)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** What a real peer needs of Node, checked by Node itself. */
export const usableWords = { option: 'TLS options', expected: 'an identity and options that node:tls takes' };

/** The versions that this Node's OpenSSL speaks without being asked to lower its security level, the oldest first. */
export const modernVersions: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3'];
