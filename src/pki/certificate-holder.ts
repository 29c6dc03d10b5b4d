import type { X509Certificate } from 'node:crypto';

/** A certificate with its private key: what an identity and an authority have in common. */
export interface CertificateHolder {
  /** For messages. */
  readonly name: string;
  readonly certificate: X509Certificate;
  /** PEM of the certificate alone. */
  readonly certificatePem: string;
  /** PKCS#8 PEM of the private key. */
  readonly keyPem: string;
}
