import type { Authority } from '../authority.ts';
import type { KeyAlgorithm } from '../key-algorithm.ts';

/** A PKI as JSON-safe data. It holds private keys: treat it as one. */
export interface SerializedPki {
  readonly version: 1;
  readonly name: string;
  readonly keyAlgorithm: KeyAlgorithm;
  readonly validFor: number;
  /** Of a PKI whose names are constrained. */
  readonly permitted?: readonly string[];
  /** From the root down. */
  readonly authorities: readonly SerializedAuthority[];
}

/** One authority of a {@link SerializedPki}. */
export interface SerializedAuthority {
  /** PEM. */
  readonly certificate: string;
  /** PKCS#8 PEM. */
  readonly key: string;
  readonly crlNumber: number;
  readonly revoked: readonly { readonly serialNumber: string; readonly reason: string; readonly date: string }[];
}

export function serializeAuthorities(authorities: readonly Authority[]): SerializedAuthority[] {
  return authorities.map((authority) => ({
    certificate: authority.certificatePem,
    key: authority.keyPem,
    crlNumber: authority.lastCrlNumber,
    revoked: authority.revoked.map(({ serialNumber, reason, date }) => ({
      serialNumber: serialNumber.toString(16),
      reason,
      date: date.toISOString(),
    })),
  }));
}
