import type { KeyObject } from 'node:crypto';
import { invalidOption } from '../../errors/index.ts';
import { requireText } from '../../options/checks.ts';
import { requireOptionsOf } from '../../options/schema.ts';
import { certificatesIn, type PemInput } from '../../x509/pem-input.ts';
import { isTrustDomain } from '../../x509/names/spiffe-id.ts';
import { keysOfJwks } from '../jwt/jwks.ts';

/** Another trust domain by what it publishes. */
export interface FederatedDomain {
  readonly trustDomain: string;
  /** Its roots: PEM as text or bytes, DER, or something that has them, such as a `Pki`. */
  readonly bundle: PemInput | { readonly anchors: string };
  /** A JWKS document with its keys for JWT-SVIDs; default: none. */
  readonly jwtBundle?: string | undefined;
}

/** What is delivered of another trust domain, as it is at the moment. */
export interface ForeignBundles {
  readonly trustDomain: string;
  /** DER of the roots, one after the other. */
  readonly bundle: Buffer;
  readonly jwks: string;
  readonly jwtKeys: ReadonlyMap<string, KeyObject>;
  readonly onChange: (listener: () => void) => () => void;
}

/** Reads what was given of another trust domain. Throws `OPTION_INVALID` and `PEM_INVALID`. */
export function parseFederatedDomain(domain: FederatedDomain): ForeignBundles {
  requireOptionsOf(schema, domain);
  const { trustDomain, bundle, jwtBundle = '{"keys":[]}' } = domain;
  const input: unknown = typeof bundle === 'object' && 'anchors' in bundle ? bundle.anchors : bundle;
  return {
    trustDomain: requireTrustDomain('trustDomain', trustDomain),
    bundle: Buffer.concat(certificatesIn('federated bundle', input)),
    jwks: jwtBundle,
    jwtKeys: keysOfJwks(jwtBundle),
    onChange: () => () => {},
  };
}

/** Rejects what is not the name of a trust domain. */
export function requireTrustDomain(option: string, value: unknown): string {
  if (isTrustDomain(value)) return value;
  throw invalidOption(
    option,
    value,
    'the name of a trust domain, e.g. example.test: small letters, digits and . - _, at most 255 octets (SPIFFE-ID 2.1)',
  );
}

const schema = {
  what: 'federated domain option',
  own: { trustDomain: requireTrustDomain, bundle: () => {}, jwtBundle: requireText },
};
