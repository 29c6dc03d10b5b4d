import { decodePem } from '../../asn1/pem.ts';
import { realNow } from '../../clock/real-clock.ts';
import { invalidOption, MtlsFixturesError, textOf, typeName } from '../../errors/index.ts';
import { requireKnownOptions } from '../../options/checks.ts';
import { certificateFields } from '../../x509/certificate-fields.ts';
import {
  type CertificateId,
  type CertificateIdHash,
  certificateIdHashes,
  encodeCertificateId,
  isIssuedBy,
  withSerialNumber,
} from '../../x509/revocation/certificate-id.ts';
import { keyIdentifier } from '../../x509/extensions.ts';
import { oid } from '../../x509/object-identifiers.ts';
import { decodeOcspRequest, type OcspRequest } from '../../x509/revocation/ocsp-request.ts';
import {
  encodeOcspError,
  encodeOcspResponse,
  type OcspAnswer,
  type OcspCertificateStatus,
  type OcspResponsePlan,
  type OcspResponseStatus,
  ocspResponseStatuses,
} from '../../x509/revocation/ocsp-response.ts';
import type { RevokedCertificate } from '../../x509/revocation/revocation-list.ts';
import { type Signer, signerFor } from '../../x509/signature.ts';
import type { Validity } from '../../x509/validity.ts';
import type { CertificateHolder } from '../certificate-holder.ts';
import { serialOf, updatesOf } from '../certificate-parts.ts';
import { privateKeyFrom } from '../key-algorithm.ts';
import { isBytes } from '../../options/bytes.ts';

/** How to answer an OCSP request, or what to staple; each option but `hash` and `responderId` is for answers that differ from the usual one. */
export interface OcspOptions {
  /** In place of what the authority's own revocations say. */
  readonly status?: OcspCertificateStatus['status'] | undefined;
  /** Default: an hour before now, or a day before a `nextUpdate` that is earlier. */
  readonly thisUpdate?: Date | undefined;
  /** Default: a day after `thisUpdate`; in the past for a stale response. */
  readonly nextUpdate?: Date | undefined;
  /** Anything but `successful`, the default, is an error without an answer, which is not signed. */
  readonly responseStatus?: OcspResponseStatus | undefined;
  /**
   * A delegated responder, an `Identity`: signs in place of the authority and sends its own certificate along. It should be issued by the authority
   * with `extendedKeyUsage: ['ocspSigning']`, which is not checked here: that is up to the client.
   */
  readonly responder?: CertificateHolder | undefined;
  /** Another `Authority` that signs, and names itself as the responder: no client should accept its answer. */
  readonly signedBy?: CertificateHolder | undefined;
  /** How the responder is named: by the hash of its key (default) or by its subject. */
  readonly responderId?: 'key' | 'name' | undefined;
  /** The serial number that the answer is about, in place of the one that was asked for: no client should accept it. Hexadecimal where it is text. */
  readonly serialNumber?: bigint | string | undefined;
  /** How the certificate is named in `ocspResponse`; default `sha1`, the one that every client looks for. An answer repeats the request's. */
  readonly hash?: CertificateIdHash | undefined;
}

/** What a responder needs of an authority. */
export interface OcspIssuer {
  /** DER of its certificate. */
  readonly certificate: Uint8Array;
  readonly signer: Signer;
  readonly revoked: readonly RevokedCertificate[];
  /** Whether it is a trust anchor, which no server sends: GnuTLS does not find it for itself (measured on 3.7.9). */
  readonly isRoot: boolean;
}

/** DER of a response about one certificate that the issuer has issued. */
export function ocspResponseAbout(
  serialNumber: bigint,
  { issuer, options }: { readonly issuer: OcspIssuer; readonly options: OcspOptions },
): Buffer {
  requireOcspOptions(options);
  const about = options.serialNumber === undefined ? serialNumber : serialOf(options.serialNumber);
  const der = encodeCertificateId(certificateFields(issuer.certificate), { serialNumber: about, hash: options.hash ?? 'sha1' });
  return respond({ certificates: [{ der, serialNumber: about, isOwn: true }], nonce: undefined }, issuer, options);
}

/**
 * DER of the answer to a request. Certificates of other issuers are `unknown`; where all are, the answer is `unauthorized`
 * (RFC 5019 2.2.3), and to bytes that are not a request, `malformedRequest`.
 */
export function answerOcspRequest(
  request: Uint8Array,
  { issuer, options }: { readonly issuer: OcspIssuer; readonly options: OcspOptions },
): Buffer {
  requireOcspOptions(options);
  if (!isBytes(request)) throw invalidOption('OCSP request', typeof request, 'DER bytes');
  const { certificates, nonce } = requestIn(request) ?? {};
  if (!certificates) return asBuffer(encodeOcspError('malformedRequest'));
  const fields = certificateFields(issuer.certificate);
  const questions = certificates.map((id) => questionAbout(id, { isOwn: isIssuedBy(id, fields), options }));
  if (!questions.some(({ isOwn }) => isOwn)) return asBuffer(encodeOcspError('unauthorized'));
  return respond({ certificates: questions, nonce }, issuer, options);
}

/** The certificate that the answer is about: the one that was asked about, unless told otherwise. */
function questionAbout(id: CertificateId, { isOwn, options }: { readonly isOwn: boolean; readonly options: OcspOptions }): Question {
  if (options.serialNumber === undefined) return { der: id.der, serialNumber: id.serialNumber, isOwn };
  const serialNumber = serialOf(options.serialNumber);
  return { der: withSerialNumber(id, serialNumber), serialNumber, isOwn };
}

interface Question extends Pick<CertificateId, 'der' | 'serialNumber'> {
  /** Whether the authority that answers issued it. */
  readonly isOwn: boolean;
}

function respond(
  { certificates, nonce }: { readonly certificates: readonly Question[]; readonly nonce: Uint8Array | undefined },
  issuer: OcspIssuer,
  options: OcspOptions,
): Buffer {
  const { responseStatus = 'successful' } = options;
  const { notBefore: thisUpdate, notAfter: nextUpdate } = updatesOf(options, { validFor: day, backdate: hour });
  if (responseStatus !== 'successful') return asBuffer(encodeOcspError(responseStatus));

  const { certificate, signer, isInChain } = responderOf(issuer, options);
  const answers: OcspAnswer[] = certificates.map(({ der, serialNumber, isOwn }) => {
    const status: OcspCertificateStatus = isOwn
      ? statusOf(serialNumber, issuer.revoked, { ...options, thisUpdate })
      : { status: 'unknown' };
    return { ...status, certificateId: der, thisUpdate, nextUpdate };
  });
  const plan: OcspResponsePlan = {
    responderId: responderIdOf(certificate, options),
    producedAt: producedAt({ notBefore: thisUpdate, notAfter: nextUpdate }),
    answers,
    extensions: nonce ? [{ oid: oid.ocspNonce, value: nonce }] : [],
    certificates: isInChain ? [] : [certificate],
  };
  return asBuffer(encodeOcspResponse(plan, signer));
}

/** What the register says, unless told otherwise. `removeFromCRL` takes a revocation back (RFC 5280 5.3.1). */
function statusOf(
  serialNumber: bigint,
  revoked: readonly RevokedCertificate[],
  { status, thisUpdate }: { readonly status?: OcspOptions['status']; readonly thisUpdate: Date },
): OcspCertificateStatus {
  const entry = revoked.find((listed) => listed.serialNumber === serialNumber && listed.reason !== 'removeFromCRL');
  const said = status ?? (entry ? 'revoked' : 'good');
  if (said !== 'revoked') return { status: said };
  return { status: said, date: entry?.date ?? thisUpdate, reason: entry?.reason ?? 'unspecified' };
}

function responderOf(
  { certificate, signer, isRoot }: OcspIssuer,
  { responder, signedBy }: OcspOptions,
): { readonly certificate: Uint8Array; readonly signer: Signer; readonly isInChain: boolean } {
  const other = responder ?? signedBy;
  if (!other) return { certificate, signer, isInChain: !isRoot };
  const [block] = decodePem(other.certificatePem);
  return { certificate: block?.der ?? certificate, signer: signerFor(privateKeyFrom(other.keyPem)), isInChain: false };
}

function responderIdOf(certificate: Uint8Array, { responderId = 'key' }: OcspOptions): OcspResponsePlan['responderId'] {
  const { subject, spki } = certificateFields(certificate);
  return responderId === 'name' ? { name: subject } : { keyHash: keyIdentifier(spki) };
}

/** Now; for a response that does not count now, when it began to. */
function producedAt({ notBefore, notAfter }: Validity): Date {
  const now = new Date(realNow());
  return notBefore <= now && now <= notAfter ? now : notBefore;
}

function requestIn(request: Uint8Array): OcspRequest | undefined {
  try {
    return decodeOcspRequest(request);
  } catch (error) {
    if (error instanceof MtlsFixturesError && error.code === 'DER_INVALID') return undefined;
    throw error;
  }
}

function requireOcspOptions(options: OcspOptions): void {
  requireKnownOptions('OCSP option', options, [...Object.keys(words), 'thisUpdate', 'nextUpdate', 'responder', 'signedBy', 'serialNumber']);
  if (options.serialNumber !== undefined) serialOf(options.serialNumber);
  for (const [option, known] of Object.entries(words)) {
    const value: unknown = options[option as keyof typeof words]; // the keys of the table
    if (value !== undefined && !known().includes(textOf(value))) throw invalidOption(option, value, `one of ${known().join(', ')}`);
  }
  requireSigner('responder', options.responder, 'an Identity');
  requireSigner('signedBy', options.signedBy, 'an Authority');
  if (options.responder && options.signedBy)
    throw invalidOption('signedBy', options.signedBy.name, 'to be left out where responder is given');
}

function requireSigner(option: string, value: unknown, expected: string): void {
  if (value === undefined) return;
  const { keyPem, certificatePem } = Object(value) as Partial<CertificateHolder>; // null and numbers read undefined
  if (typeof keyPem !== 'string' || typeof certificatePem !== 'string') throw invalidOption(option, typeName(value), expected);
}

function asBuffer(der: Uint8Array): Buffer {
  return Buffer.from(der.buffer, der.byteOffset, der.length);
}

const words = {
  status: () => ['good', 'revoked', 'unknown'],
  responseStatus: ocspResponseStatuses,
  responderId: () => ['key', 'name'],
  hash: certificateIdHashes,
} as const;
const hour = 3_600_000;
const day = 24 * hour;
