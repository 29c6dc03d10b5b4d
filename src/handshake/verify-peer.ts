import type tls from 'node:tls';
import { inspectChain, type PeerCertificate } from '../x509/inspect-certificate.ts';

/**
 * A decision of the application's own, taken after the peer's chain was verified: `true`, or a sentence that says why not.
 * Not called for a peer without a verified certificate. One that throws refuses the peer.
 */
export type VerifyPeer = (peer: PeerCertificate) => true | string;

/** The callback's objection to a chain (DER, the leaf first), or undefined. */
export function objectionOf(verifyPeer: VerifyPeer, chain: readonly Uint8Array[]): string | undefined {
  try {
    const answer = verifyPeer(inspectChain(chain));
    return answer === true ? undefined : String(answer);
  } catch (error) {
    return `verifyPeer threw ${String(error)}`;
  }
}

/** The same check, whose objection is always an Error: Node leaves what it throws uncaught, and destroys the socket with whatever else it returns. */
export function withoutThrowing(check: typeof tls.checkServerIdentity): typeof tls.checkServerIdentity {
  return (hostname, certificate) => {
    try {
      const objection: unknown = check(hostname, certificate);
      if (objection instanceof Error) return objection;
      return objection ? new Error(String(objection)) : undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
}
