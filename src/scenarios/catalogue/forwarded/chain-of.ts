import { decodePem } from '../../../asn1/pem.ts';
import type { Identity } from '../../../pki/identity.ts';
import { inspectChain, type PeerCertificate } from '../../../x509/inspect-certificate.ts';

/** DER of what a client sends, its own certificate first. */
export function certificatesOf({ certificate, chainPem }: Identity): readonly [Uint8Array, ...Uint8Array[]] {
  const [, ...issuers] = decodePem(chainPem).map(({ der }) => der);
  return [certificate.raw, ...issuers];
}

/** Certificates as a client that sends them in this order, whatever has issued them. */
export function inOrder(certificates: readonly Uint8Array[]): PeerCertificate {
  return inspectChain(certificates);
}
