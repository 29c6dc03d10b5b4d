import type { X509Certificate } from 'node:crypto';
import { inspectCertificate, type PeerCertificate } from '../x509/inspect-certificate.ts';

/**
 * A decision of the application's own, taken after the peer's chain was verified: `true`, or a sentence that says why not.
 * Not called for a peer without a verified certificate. One that throws refuses the peer.
 */
export type VerifyPeer = (peer: PeerCertificate) => true | string;

/** The callback's objection to a certificate, or undefined. */
export function objectionOf(verifyPeer: VerifyPeer, certificate: X509Certificate | string): string | undefined {
  try {
    const answer = verifyPeer(inspectCertificate(certificate));
    return answer === true ? undefined : String(answer);
  } catch (error) {
    return `verifyPeer threw ${String(error)}`;
  }
}
