import { textOf } from '../../errors/index.ts';
import { inspectChain, type PeerCertificate } from '../../x509/inspect-certificate.ts';
import { readableStart } from './presented-chain.ts';

/**
 * A decision of the application's own, taken after the peer's chain was verified: `true`, or a sentence that says why not.
 * Not called for a peer without a verified certificate, nor for one whose own certificate OpenSSL can read and this library cannot: that one is refused with
 * the reason `CERTIFICATE_UNREADABLE`. What of a certificate could not be read is named in its `unreadable`. One that throws refuses the peer.
 */
export type VerifyPeer = (peer: PeerCertificate) => true | string;

/** Why a peer is refused although its chain was verified. */
export interface Objection {
  readonly reason: 'APPLICATION_VERIFICATION' | 'CERTIFICATE_UNREADABLE';
  readonly detail: string;
  /** What is said of it in a transcript. */
  readonly reported: string;
}

/** What speaks against a peer, given its chain (DER, the leaf first): the callback's objection, or that it could not be asked. */
export function objectionOf(verifyPeer: VerifyPeer, chain: readonly Uint8Array[]): Objection | undefined {
  let peer: PeerCertificate;
  try {
    const readable = readableStart(chain);
    peer = inspectChain(readable.length === 0 ? chain : readable);
  } catch (error) {
    const detail = `verifyPeer was not asked, since the certificate cannot be read: ${error instanceof Error ? error.message : textOf(error)}`;
    return { reason: 'CERTIFICATE_UNREADABLE', detail, reported: detail };
  }
  const detail = answerOf(verifyPeer, peer);
  return detail === undefined ? undefined : { reason: 'APPLICATION_VERIFICATION', detail, reported: `verifyPeer returned "${detail}"` };
}

function answerOf(verifyPeer: VerifyPeer, peer: PeerCertificate): string | undefined {
  try {
    const answer = verifyPeer(peer);
    return answer === true ? undefined : String(answer);
  } catch (error) {
    return `verifyPeer threw ${String(error)}`;
  }
}
