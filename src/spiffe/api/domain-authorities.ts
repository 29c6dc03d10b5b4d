import type { KeyObject } from 'node:crypto';
import { decodePem } from '../../asn1/pem.ts';
import { createPki, type Pki } from '../../pki/pki.ts';
import { createJwtKey, type JwtKey, jwksOf } from '../jwt/jwks.ts';

/** Whether a root and a key joined, which sign from now on, or the earlier ones were withdrawn. */
export type AuthorityChange = 'added' | 'retired';

/** What vouches for the identities of one trust domain: PKIs for X509-SVIDs and keys for JWT-SVIDs, of which the newest signs. */
export class DomainAuthorities {
  readonly trustDomain: string;
  readonly #listeners = new Set<(change: AuthorityChange) => void>();
  #pkis: readonly [Pki, ...Pki[]];
  #jwtKeys: readonly [JwtKey, ...JwtKey[]] = [createJwtKey()];

  constructor(trustDomain: string, pki: Pki) {
    this.trustDomain = trustDomain;
    this.#pkis = [pki];
  }

  /** The PKI that issues. */
  get pki(): Pki {
    return this.#pkis[0];
  }

  get jwtKey(): JwtKey {
    return this.#jwtKeys[0];
  }

  /** The key that has been in the bundle for the longest time. */
  get oldestJwtKey(): JwtKey {
    return this.#jwtKeys.at(-1) ?? this.jwtKey;
  }

  /** PEM of the roots, the newest first. */
  get anchors(): string {
    return this.#pkis.map(({ anchors }) => anchors).join('');
  }

  /** DER of the roots, one after the other. */
  get bundle(): Buffer {
    return derOf(this.anchors);
  }

  /** The JWKS document. */
  get jwks(): string {
    return jwksOf(this.#jwtKeys);
  }

  get jwtKeys(): ReadonlyMap<string, KeyObject> {
    return new Map(this.#jwtKeys.map(({ id, publicKey }) => [id, publicKey]));
  }

  /** DER of a CRL of each CA. */
  crls(): Uint8Array[] {
    return this.#pkis.flatMap((pki) => pki.crls().map(derOf));
  }

  /** Adds a PKI and a key, which sign from now on; those before stay trusted. */
  add(): void {
    const { pki } = this;
    this.#pkis = [createPki({ name: nextName(pki.name) }), ...this.#pkis];
    this.#jwtKeys = [createJwtKey(), ...this.#jwtKeys];
    this.#notify('added');
  }

  /** Withdraws all but the newest. */
  retire(): void {
    this.#pkis = [this.pki];
    this.#jwtKeys = [this.jwtKey];
    this.#notify('retired');
  }

  /** Has a function called when they have changed; gives the way to end that. */
  onChange(listener: (change: AuthorityChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #notify(change: AuthorityChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** DER of the objects of a PEM text, one after the other. */
export function derOf(pem: string): Buffer {
  return Buffer.concat(decodePem(pem).map(({ der }) => der));
}

/** Another name, so that no CA has the subject of an earlier one. */
function nextName(name: string): string {
  const [, base = name, number = '1'] = /^(.*?)(?: (\d{1,6}))?$/u.exec(name) ?? [];
  return `${base} ${Number(number) + 1}`;
}
