import {
  bitString,
  contextConstructed,
  contextPrimitive,
  type Der,
  element,
  generalizedTime,
  objectIdentifier,
  octetString,
  sequence,
} from '../../asn1/der-writer.ts';
import { encodeExtension, type Extension } from '../extensions.ts';
import { oid } from '../object-identifiers.ts';
import { encodeReason, type RevocationReason } from './revocation-list.ts';
import type { Signer } from '../signature.ts';

/** What a responder answers to a request as a whole (RFC 6960 4.2.1). */
export type OcspResponseStatus = 'successful' | 'malformedRequest' | 'internalError' | 'tryLater' | 'sigRequired' | 'unauthorized';

/** What a responder answers about one certificate (RFC 6960 2.2). */
export type OcspCertificateStatus =
  | { readonly status: 'good' }
  | { readonly status: 'revoked'; readonly date: Date; readonly reason: RevocationReason }
  | { readonly status: 'unknown' };

/** The answer about one certificate. */
export type OcspAnswer = OcspCertificateStatus & {
  /** DER of the CertID that was asked for. */
  readonly certificateId: Der;
  readonly thisUpdate: Date;
  /** Left out where undefined: newer information is always to be had. */
  readonly nextUpdate: Date | undefined;
};

/** A BasicOCSPResponse before it is signed, as data (RFC 6960 4.2.1). */
export interface OcspResponsePlan {
  /** Who answers: the DER of a Name, or the SHA-1 of a public key's bits. */
  readonly responderId: { readonly name: Der } | { readonly keyHash: Uint8Array };
  readonly producedAt: Date;
  readonly answers: readonly OcspAnswer[];
  /** Of the whole response, such as the nonce. */
  readonly extensions: readonly Extension[];
  /** DER of certificates that help to verify the signature: a delegated responder's. */
  readonly certificates: readonly Uint8Array[];
}

/** The DER of a signed, successful OCSPResponse. */
export function encodeOcspResponse(plan: OcspResponsePlan, signer: Signer): Der {
  const data = sequence(
    encodeResponderId(plan.responderId),
    generalizedTime(plan.producedAt),
    sequence(...plan.answers.map(encodeAnswer)),
    ...(plan.extensions.length === 0 ? [] : [contextConstructed(1, sequence(...plan.extensions.map(encodeExtension)))]),
  );
  const certificates = plan.certificates.length === 0 ? [] : [contextConstructed(0, sequence(...plan.certificates))];
  const basic = sequence(data, signer.algorithm, bitString(signer.sign(data)), ...certificates);
  const body = sequence(objectIdentifier(oid.ocspBasic), octetString(basic));
  return sequence(encodeStatus('successful'), contextConstructed(0, body));
}

/** The DER of an OCSPResponse without an answer, which is not signed. */
export function encodeOcspError(status: Exclude<OcspResponseStatus, 'successful'>): Der {
  return sequence(encodeStatus(status));
}

/** The words of RFC 6960 4.2.1. */
export function ocspResponseStatuses(): readonly string[] {
  return Object.keys(responseStatusCodes);
}

/** The word for a number of RFC 6960 4.2.1; undefined for one that it does not use. */
export function ocspResponseStatusOf(code: number): OcspResponseStatus | undefined {
  const [word] = Object.entries(responseStatusCodes).find(([, other]) => other === code) ?? [];
  return word as OcspResponseStatus | undefined; // the keys of the table
}

function encodeStatus(status: OcspResponseStatus): Der {
  return element(0x0a, Uint8Array.of(responseStatusCodes[status]));
}

function encodeResponderId(responder: OcspResponsePlan['responderId']): Der {
  return 'name' in responder ? contextConstructed(1, responder.name) : contextConstructed(2, octetString(responder.keyHash));
}

function encodeAnswer(answer: OcspAnswer): Der {
  const { certificateId, thisUpdate, nextUpdate } = answer;
  return sequence(
    certificateId,
    encodeCertificateStatus(answer),
    generalizedTime(thisUpdate),
    ...(nextUpdate ? [contextConstructed(0, generalizedTime(nextUpdate))] : []),
  );
}

function encodeCertificateStatus(answer: OcspCertificateStatus): Der {
  if (answer.status === 'good') return contextPrimitive(0, nothing);
  if (answer.status === 'unknown') return contextPrimitive(2, nothing);
  // As in a CRL, `unspecified` is written by leaving the reason out.
  const reason = answer.reason === 'unspecified' ? [] : [contextConstructed(0, encodeReason(answer.reason))];
  return contextConstructed(1, generalizedTime(answer.date), ...reason);
}

const nothing: Der = new Uint8Array(0);

const responseStatusCodes: Readonly<Record<OcspResponseStatus, number>> = {
  successful: 0,
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  sigRequired: 5,
  unauthorized: 6,
} as const satisfies Readonly<Record<OcspResponseStatus, number>>;
