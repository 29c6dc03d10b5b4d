import { certificateFields } from '../../src/x509/certificate-fields.ts';
import { encodeCertificateId } from '../../src/x509/revocation/certificate-id.ts';
import type { Authority } from '../../src/pki/authority.ts';

/** The id of a certificate in requests. */
export const idOf = (authority: Authority, serialNumber: bigint): Uint8Array =>
  encodeCertificateId(certificateFields(authority.certificate.raw), { serialNumber, hash: 'sha1' });
/** The body of a response. */
export const bytesOf = async (response: Response): Promise<Uint8Array> => new Uint8Array(await response.arrayBuffer());
/** Asks by POST. */
export const post = async (url: string, body: Uint8Array): Promise<Response> =>
  fetch(url, { method: 'POST', body: new Uint8Array(body), headers: { 'content-type': 'application/ocsp-request' } });
/** The URL of the same request by GET. */
export const getUrl = (url: string, request: Uint8Array): string => `${url}/${encodeURIComponent(Buffer.from(request).toString('base64'))}`;
