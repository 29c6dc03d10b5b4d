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

/** The DER of a signed Certificate (RFC 5280 4.1). */
export function encodeCertificate(plan: CertificatePlan, signer: Signer): Der {
  const tbs = encodeTbsCertificate(plan, signer.algorithm);
  return sequence(tbs, signer.algorithm, bitString(signer.sign(tbs)));
}

/** The DER of the part that is signed; `algorithm` is the AlgorithmIdentifier it names. */
export function encodeTbsCertificate(plan: CertificatePlan, algorithm: Der): Der {
  return sequence(
    ...(plan.version === 1 ? [] : [contextConstructed(0, integer(plan.version - 1))]), // v1 is the DEFAULT, which DER leaves out
    integer(plan.serialNumber),
    algorithm,
    plan.issuer,
    encodeValidity(plan.validity),
    plan.subject,
    plan.spki,
    ...(plan.extensions.length === 0 ? [] : [contextConstructed(3, sequence(...plan.extensions.map(encodeExtension)))]),
  );
}
