import { realNow } from '../../clock/real-clock.ts';
import { signJwtSvid, validateJwtSvid } from '../jwt/jwt-svid.ts';
import {
  decodeJwtSvidRequest,
  decodeValidateRequest,
  encodeJwtBundlesResponse,
  encodeJwtSvidResponse,
  encodeValidateResponse,
  encodeX509BundlesResponse,
  encodeX509SvidResponse,
} from '../protocol/messages.ts';
import { derOf, type DomainAuthorities } from './domain-authorities.ts';
import type { Entitlement } from './entitlements.ts';
import type { ForeignBundles } from './federation.ts';
import { damagedResponse, type MessageDamage } from './message-damage.ts';
import type { Refusal, StreamMethod, UnaryMethod } from './service.ts';

/** All that the messages are made of. */
export interface WorkloadState {
  readonly authorities: DomainAuthorities;
  readonly entitlements: readonly Entitlement[];
  readonly foreign: readonly ForeignBundles[];
  /** DER. */
  readonly crls: readonly Uint8Array[];
  readonly damage: MessageDamage | undefined;
}

/** The message of a stream for the state as it is; a refusal for a workload that is not entitled to anything. */
export function firstMessage(method: StreamMethod, state: WorkloadState): Buffer | Refusal {
  if (state.entitlements.length === 0) return notEntitled();
  return streams[method](state);
}

/** The answer to a single request. Throws a RangeError for bytes that are not a message. */
export function answerUnary(method: UnaryMethod, request: Buffer, state: WorkloadState): Buffer | Refusal {
  return method === 'FetchJWTSVID' ? jwtSvids(request, state) : validation(request, state);
}

const streams: Readonly<Record<StreamMethod, (state: WorkloadState) => Buffer>> = {
  FetchX509SVID: ({ authorities, entitlements, foreign, crls, damage }) => {
    const { bundle } = authorities;
    const response = {
      svids: entitlements.map(({ id, options, identity }) => ({
        spiffeId: id,
        certificates: derOf(identity.chainPem),
        key: derOf(identity.keyPem),
        bundle,
        hint: options.hint ?? '',
      })),
      crls,
      federatedBundles: new Map(foreign.map((domain) => [idOf(domain), domain.bundle])),
    };
    return encodeX509SvidResponse(damage === undefined ? response : damagedResponse(response, damage, authorities.pki));
  },
  FetchX509Bundles: ({ authorities: { trustDomain, bundle }, foreign, crls, damage }) => {
    const own = { trustDomain, bundle: damage === 'empty-bundle' ? Buffer.alloc(0) : bundle };
    return encodeX509BundlesResponse(crls, new Map([own, ...foreign].map((domain) => [idOf(domain), domain.bundle])));
  },
  FetchJWTBundles: ({ authorities, foreign }) =>
    encodeJwtBundlesResponse(new Map([authorities, ...foreign].map((domain) => [idOf(domain), domain.jwks]))),
};

function jwtSvids(request: Buffer, { authorities, entitlements }: WorkloadState): Buffer | Refusal {
  const { audience, spiffeId } = decodeJwtSvidRequest(request);
  if (audience.length === 0 || audience.includes('')) return { code: 'INVALID_ARGUMENT', details: 'audience must be specified' };
  const asked = entitlements.filter(({ id }) => spiffeId === '' || id === spiffeId);
  if (asked.length === 0) return notEntitled();
  const now = realNow();
  return encodeJwtSvidResponse(
    asked.map(({ id, options, isExpired }) => {
      const times = isExpired ? { issuedAt: now - 2 * lifetime, expiresAt: now - lifetime } : { issuedAt: now, expiresAt: now + lifetime };
      return { spiffeId: id, token: signJwtSvid({ id, audience, ...times }, authorities.jwtKey), hint: options.hint ?? '' };
    }),
  );
}

function validation(request: Buffer, { authorities, foreign }: WorkloadState): Buffer | Refusal {
  const { audience, token } = decodeValidateRequest(request);
  if (audience === '') return { code: 'INVALID_ARGUMENT', details: 'audience must be specified' };
  if (token === '') return { code: 'INVALID_ARGUMENT', details: 'svid must be specified' };
  const domains = new Map([authorities, ...foreign].map((domain) => [domain.trustDomain, domain]));
  const verdict = validateJwtSvid(token, { audience, now: realNow(), keysOf: (trustDomain) => domains.get(trustDomain)?.jwtKeys });
  return 'problem' in verdict ? { code: 'INVALID_ARGUMENT', details: verdict.problem } : encodeValidateResponse(verdict.id, verdict.claims);
}

function idOf({ trustDomain }: { readonly trustDomain: string }): string {
  return `spiffe://${trustDomain}`;
}

/** In SPIRE's words, by which the client in Rust knows this state. */
function notEntitled(): Refusal {
  return { code: 'PERMISSION_DENIED', details: 'no identity issued' };
}

/** Of JWT-SVIDs: SPIRE's default. */
const lifetime = 300_000;
