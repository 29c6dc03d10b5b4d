import { bitString, contextConstructed, type Der, integer, sequence } from '../asn1/der-writer.ts';
import { encodeExtension, type Extension } from './extensions.ts';
import type { Signer } from './signature.ts';
import { encodeValidity, type Validity } from './validity.ts';

/** A certificate before it is signed, as data: change any part of a valid plan to get one that is wrong in just that part. */
export interface CertificatePlan {
  /** 3 for X.509 v3. */
  readonly version: number;
  readonly serialNumber: bigint;
  /** DER of the issuer's Name. */
  readonly issuer: Der;
  readonly validity: Validity;
  /** DER of the subject's Name. */
  readonly subject: Der;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Der;
  readonly extensions: readonly Extension[];
}

/** The fields of a TBSCertificate (RFC 5280 4.1.2), each as it is written; an empty one is left out. */
export interface TbsFields {
  /** `[0] EXPLICIT`; left out for v1, which is the DEFAULT. */
  readonly version: Der;
  readonly serialNumber: Der;
  /** The AlgorithmIdentifier. */
  readonly signature: Der;
  readonly issuer: Der;
  readonly validity: Der;
  readonly subject: Der;
  readonly spki: Der;
  /** issuerUniqueID and subjectUniqueID, which certificates should not have (RFC 5280 4.1.2.8). */
  readonly uniqueIdentifiers: Der;
  /** `[3] EXPLICIT`. */
  readonly extensions: Der;
}

/** The DER of a signed Certificate (RFC 5280 4.1). */
export function encodeCertificate(plan: CertificatePlan, signer: Signer): Der {
  const tbs = encodeTbsCertificate(plan, signer.algorithm);
  return sequence(tbs, signer.algorithm, bitString(signer.sign(tbs)));
}

/** The DER of the part that is signed; `algorithm` is the AlgorithmIdentifier it names. */
export function encodeTbsCertificate(plan: CertificatePlan, algorithm: Der): Der {
  return encodeTbsFields(tbsFields(plan, algorithm));
}

/** The fields of a plan, for those who want to write one of them differently. */
export function tbsFields(plan: CertificatePlan, algorithm: Der): TbsFields {
  return {
    version: plan.version === 1 ? nothing : contextConstructed(0, integer(plan.version - 1)),
    serialNumber: integer(plan.serialNumber),
    signature: algorithm,
    issuer: plan.issuer,
    validity: encodeValidity(plan.validity),
    subject: plan.subject,
    spki: plan.spki,
    uniqueIdentifiers: nothing,
    extensions: plan.extensions.length === 0 ? nothing : contextConstructed(3, sequence(...plan.extensions.map(encodeExtension))),
  };
}

/** The DER of the part that is signed, from its fields. */
export function encodeTbsFields(fields: TbsFields): Der {
  const { version, serialNumber, signature, issuer, validity, subject, spki, uniqueIdentifiers, extensions } = fields;
  return sequence(version, serialNumber, signature, issuer, validity, subject, spki, uniqueIdentifiers, extensions);
}

const nothing: Der = new Uint8Array(0);
