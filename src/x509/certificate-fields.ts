import { readDer } from '../asn1/der-reader.ts';

/** What an issuer needs of its own certificate, as DER. */
export interface CertificateFields {
  /** DER of the subject's Name, octet for octet: what it issues must repeat it. */
  readonly subject: Uint8Array;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly notAfter: Date;
}

/** Reads them from a certificate's DER. Throws `DER_INVALID`. */
export function certificateFields(certificate: Uint8Array): CertificateFields {
  const [tbs] = readDer(certificate, 'certificate').children;
  const fields = tbs?.children ?? [];
  const [, , , validity, subject, spki] = fields.slice(fields[0]?.tag === 0xa0 ? 1 : 0);
  const notAfter = validity?.children[1];
  if (!subject || !spki || !notAfter) throw readDer(certificate, 'certificate').problem('a field is missing');
  return { subject: subject.bytes, spki: spki.bytes, notAfter: notAfter.time };
}
