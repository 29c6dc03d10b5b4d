import { MtlsFixturesError, textOf, messageOf } from '../errors/index.ts';
import { Identity } from '../pki/identity.ts';
import type { TlsVersion } from '../wire/encode-client-hello.ts';

/** Refuses a missing identity where a fault cannot be shown without one, and what is none. */
export function requireIdentity(identity: unknown, fault: string, isNeeded: boolean): void {
  if (identity instanceof Identity || (identity === undefined && !isNeeded)) return;
  throw new MtlsFixturesError('OPTION_INVALID', {
    option: 'identity',
    value: textOf(identity),
    expected: isNeeded ? `an Identity: the fault "${fault}" is shown by a real peer that presents one` : 'an Identity',
  });
}

/** Refuses what are no protocol versions of a real peer, and a range without one. */
export function requireVersions({ minVersion, maxVersion }: { readonly minVersion?: string; readonly maxVersion?: string }): void {
  for (const [option, version] of Object.entries({ minVersion, maxVersion })) {
    if (version !== undefined && !modernVersions.some((known) => known === version))
      throw new MtlsFixturesError('OPTION_INVALID', { option, value: textOf(version), expected: `one of ${modernVersions.join(', ')}` });
  }
  if (minVersion === 'TLSv1.3' && maxVersion === 'TLSv1.2')
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'maxVersion',
      value: maxVersion,
      expected: `nothing below minVersion ${minVersion}`,
    });
}

/** Lets Node's TLS engine look at options that only it can judge, before anything opens. */
export function requireUsable<T>(use: () => T): T {
  try {
    return use();
  } catch (cause) {
    const value = messageOf(cause);
    throw new MtlsFixturesError(
      'OPTION_INVALID',
      { option: 'TLS options', value, expected: 'an identity and options that node:tls takes' },
      { cause },
    );
  }
}

/** The versions that this Node's OpenSSL speaks without being asked to lower its security level, the oldest first. */
export const modernVersions: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3'];
