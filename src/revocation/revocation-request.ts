import type { OcspCertificateStatus, OcspResponseStatus } from '../x509/revocation/ocsp-response.ts';

/** What a client asked a `RevocationServer`, and what it got. */
export interface RevocationRequest {
  readonly kind: 'crl' | 'ocsp' | 'ca-issuers' | 'other';
  readonly method: string;
  readonly path: string;
  /** Of an OCSP request: the certificate it asks about, as `certificate.serialNumber` has it; a request about several is several entries. */
  readonly serialNumber?: string;
  /** The name of the authority whose CRL or certificate was asked for. */
  readonly authority?: string;
  readonly answer: RevocationAnswer;
}

/**
 * OCSP: the status of the certificate, or the response status of an answer that has none. CRLs and certificates: `served`. Anything: what
 * the server was told to answer wrongly, or what was wrong with the request.
 */
export type RevocationAnswer =
  | OcspCertificateStatus['status']
  | Exclude<OcspResponseStatus, 'successful'>
  | 'served'
  | 'unavailable'
  | 'garbage'
  | 'not-found'
  | 'method-not-allowed'
  | 'too-large'
  | 'failed';
