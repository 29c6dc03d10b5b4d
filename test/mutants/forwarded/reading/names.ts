import type { X509Certificate } from 'node:crypto';

/** The common name; undefined where there is none, or several. */
export function commonNameOf(certificate: X509Certificate): string | undefined {
  const { CN } = certificate.toLegacyObject().subject;
  return typeof CN === 'string' ? CN : undefined; // several are an array
}
