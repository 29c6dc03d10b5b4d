import { invalidOption, MtlsFixturesError, textOf } from '../../errors/index.ts';
import { requireIdentity } from '../../options/checks.ts';
import { requireOptionsOf, type OptionSchema } from '../../options/schema.ts';
import { realNow } from '../../clock/real-clock.ts';
import type { Identity } from '../../pki/identity.ts';
import { type SvidOptions, svidOptionNames } from '../../pki/svid-options.ts';
import { requireWorkloadId, trustDomainOf } from '../../x509/names/spiffe-id.ts';
import type { DomainAuthorities } from './domain-authorities.ts';

/** How a workload is entitled to an identity. Options of `pki.svid` are those of each of its X509-SVIDs. */
export interface EntitleOptions extends SvidOptions {
  /** What an operator says of it, at most 1,024 octets; unique among the identities of a workload (Workload API 5.2.1). */
  readonly hint?: string | undefined;
  /** To deliver in place of what `pki.svid` mints, whatever its certificate says: for negative cases. */
  readonly identity?: Identity | undefined;
}

/** An identity that is delivered. */
export interface Entitlement {
  readonly id: string;
  readonly options: EntitleOptions;
  readonly identity: Identity;
  /** JWT-SVIDs are issued as expired ones. */
  readonly isExpired: boolean;
}

/** Checks an id and its options, before anything changes. Throws `NAME_INVALID` and `OPTION_INVALID`. */
export function requireEntitlement(trustDomain: string, id: unknown, options: EntitleOptions): asserts id is string {
  requireWorkloadId(id);
  if (trustDomainOf(id) !== trustDomain)
    throw new MtlsFixturesError('NAME_INVALID', {
      kind: 'SPIFFE id',
      value: id,
      problem: `it is not in the trust domain "${trustDomain}"; start a Workload API for its own, and federate the two`,
    });
  requireOptionsOf(entitleSchema, options);
}

/** Mints what an id is entitled to. */
export function entitlementFor(authorities: DomainAuthorities, id: string, options: EntitleOptions): Entitlement {
  const { hint: _hint, identity, ...svid } = options;
  return { id, options, identity: identity ?? authorities.pki.svid(id, svid), isExpired: false };
}

/** The same, as it was valid until a minute ago. */
export function expiredEntitlement(authorities: DomainAuthorities, { id, options }: Entitlement): Entitlement {
  const { hint: _hint, identity: _identity, validFor: _validFor, ...svid } = options;
  const now = realNow();
  const dates = { notBefore: new Date(now - hour), notAfter: new Date(now - minute) };
  return { id, options, identity: authorities.pki.svid(id, { ...svid, ...dates }), isExpired: true };
}

const minute = 60_000;
const hour = 60 * minute;
const longestHint = 1024;

const entitleSchema: OptionSchema = {
  what: 'entitlement option',
  own: {
    ...Object.fromEntries(svidOptionNames.map((name) => [name, () => {}])), // by pki.svid
    hint: (option, value) => {
      if (typeof value !== 'string' || Buffer.byteLength(value) > longestHint)
        throw invalidOption(option, textOf(value).slice(0, 40), `text of at most ${longestHint} octets`);
    },
    identity: requireIdentity,
  },
};
