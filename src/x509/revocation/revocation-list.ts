import { bitString, contextConstructed, type Der, element, integer, sequence } from '../../asn1/der-writer.ts';
import { encodeExtension, type Extension } from '../extensions.ts';
import { oid } from '../object-identifiers.ts';
import type { Signer } from '../signature.ts';
import { encodeTime } from '../validity.ts';

/** Why a certificate was revoked (RFC 5280 5.3.1). */
export type RevocationReason =
  | 'unspecified'
  | 'keyCompromise'
  | 'cACompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'removeFromCRL'
  | 'privilegeWithdrawn'
  | 'aACompromise';

/** One entry of a CRL. */
export interface RevokedCertificate {
  readonly serialNumber: bigint;
  readonly date: Date;
  /** `unspecified` is written by leaving the reason out, as RFC 5280 5.3.1 wants. */
  readonly reason: RevocationReason;
}

/** A CRL before it is signed. */
export interface RevocationListPlan {
  /** DER of the issuer's Name. */
  readonly issuer: Der;
  readonly thisUpdate: Date;
  /** Left out where undefined, which RFC 5280 5.1.2.5 forbids. */
  readonly nextUpdate: Date | undefined;
  readonly revoked: readonly RevokedCertificate[];
  readonly extensions: readonly Extension[];
}

/** The DER of a signed CertificateList, version 2 (RFC 5280 5.1). */
export function encodeRevocationList(plan: RevocationListPlan, signer: Signer): Der {
  const tbs = sequence(
    integer(1),
    signer.algorithm,
    plan.issuer,
    encodeTime(plan.thisUpdate),
    ...(plan.nextUpdate ? [encodeTime(plan.nextUpdate)] : []),
    ...(plan.revoked.length === 0 ? [] : [sequence(...plan.revoked.map(encodeEntry))]),
    contextConstructed(0, sequence(...plan.extensions.map(encodeExtension))),
  );
  return sequence(tbs, signer.algorithm, bitString(signer.sign(tbs)));
}

export function crlNumber(number: number): Extension {
  return { oid: oid.crlNumber, value: integer(number) };
}

/** Whether there is such a reason. */
export function isRevocationReason(reason: unknown): reason is RevocationReason {
  return typeof reason === 'string' && Object.hasOwn(reasonCodes, reason);
}

/** The words of RFC 5280 5.3.1. */
export function revocationReasons(): readonly string[] {
  return Object.keys(reasonCodes);
}

/** The CRLReason of a reason, an ENUMERATED. */
export function encodeReason(reason: RevocationReason): Der {
  return element(0x0a, Uint8Array.of(reasonCodes[reason]));
}

function encodeEntry({ serialNumber, date, reason }: RevokedCertificate): Der {
  const extensions = reason === 'unspecified' ? [] : [sequence(encodeExtension({ oid: oid.reasonCode, value: encodeReason(reason) }))];
  return sequence(integer(serialNumber), encodeTime(date), ...extensions);
}

const reasonCodes: Readonly<Record<RevocationReason, number>> = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const satisfies Readonly<Record<RevocationReason, number>>;
