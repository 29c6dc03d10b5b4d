import { readDer, type DerElement } from '../../asn1/der-reader.ts';
import { type CertificateId, decodeCertificateId } from './certificate-id.ts';
import { oid } from '../object-identifiers.ts';

/** What an OCSP client asks (RFC 6960 4.1). */
export interface OcspRequest {
  /** The certificates it asks about, at least one. */
  readonly certificates: readonly CertificateId[];
  /** The value of its nonce extension as it stands there: an answer repeats it octet for octet. */
  readonly nonce: Uint8Array | undefined;
}

/** Reads a request. Its signature and the requestor's name are ignored: every client gets an answer. Throws `DER_INVALID`. */
export function decodeOcspRequest(request: Uint8Array): OcspRequest {
  const [tbs] = readDer(request, what).expect(0x30, 'the request').children;
  const fields = tbs?.expect(0x30, 'the TBSRequest').children ?? [];
  const list = fields.find(({ tag }) => tag === 0x30);
  const certificates = (list?.children ?? []).map(requestedCertificate);
  if (certificates.length === 0) throw readDer(request, what).problem('it asks about no certificate');
  return { certificates, nonce: nonceAmong(fields.find(({ tag }) => tag === 0xa2)) };
}

function requestedCertificate(request: DerElement): CertificateId {
  const [id] = request.expect(0x30, 'a Request').children;
  if (!id) throw request.problem('a Request has no CertID');
  return decodeCertificateId(id);
}

function nonceAmong(extensions: DerElement | undefined): Uint8Array | undefined {
  const list = extensions?.inner().expect(0x30, 'the extensions').children ?? [];
  const nonce = list.find((extension) => extension.expect(0x30, 'an extension').children[0]?.objectIdentifier === oid.ocspNonce);
  return nonce?.children.at(-1)?.expect(0x04, 'the nonce').content;
}

const what = 'OCSP request';
