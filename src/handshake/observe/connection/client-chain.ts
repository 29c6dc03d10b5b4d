import type tls from 'node:tls';
import { isTls13Suite } from '../../../wire/records/protected-record.ts';
import type { Capture } from '../../../wire/tap/capture.ts';
import type { SessionFacts } from '../../verdict/end-report.ts';
import { chainOnWire, exactChain, isFree, presentedChain } from '../../verdict/presented-chain.ts';
import type { FailedVerification } from '../../verdict/reasons/hidden-reason.ts';
import { verifyCode } from '../../verdict/session-facts.ts';
import type { VerifyContext } from '../../verdict/verify-context.ts';
import { type Objection, objectionOf, type VerifyPeer } from '../../verdict/verify-peer.ts';
import { shared } from './own-chain.ts';

/** What a client presented, DER, the leaf first; read when it is asked for. */
type ClientChain = () => readonly Uint8Array[] | undefined;

/**
 * What a client presented to a server, read when it is asked for: of a full handshake from the wire; the API, which makes an object of every certificate, is not used.
 * Where the wire does not show it for sure the API is asked at once: a refused socket has lost its peer's certificate afterwards.
 */
export function presentedByClient(
  tlsSocket: tls.TLSSocket,
  { session, capture }: { readonly session: SessionFacts; readonly capture: Capture },
): ClientChain {
  // As bytes: an X509Certificate that is kept costs ten kilobytes.
  if (!isToldByWire(session, capture)) {
    const chain = presentedChain(tlsSocket, { peer: 'client', capture })?.map(shared);
    return () => chain;
  }
  let told: { readonly chain: readonly Uint8Array[] | undefined } | undefined;
  return () => (told ??= { chain: chainOnWire(capture, 'client') }).chain;
}

/** What the application has against a client whose chain was verified. */
export function objectionToClient(
  verifyPeer: VerifyPeer | undefined,
  verified: ClientChain | undefined,
  capture: Capture,
): Objection | undefined {
  const chain = verifyPeer && verified?.();
  return verifyPeer && chain && objectionOf(verifyPeer, exactChain(chain, { peer: 'client', capture }));
}

/** A verification that failed, whose chain is read only where the code says too little. */
export class FailedJudgement implements FailedVerification {
  readonly code: string;
  readonly context: VerifyContext | undefined;
  readonly #chain: ClientChain;

  constructor(code: string, { chain, context }: { readonly chain: ClientChain; readonly context: VerifyContext | undefined }) {
    this.code = code;
    this.context = context;
    this.#chain = chain;
  }

  get chain(): readonly Uint8Array[] | undefined {
    return this.#chain();
  }
}

/** What is known of a client once Node has accepted it. */
interface AcceptedClient {
  readonly session: SessionFacts;
  readonly chain: ClientChain;
  /** Whether this is the first handshake of the connection, and no renegotiation. */
  readonly isFirst: boolean;
}

/** The facts of a session that the server accepted, with what they say of the client. */
export function acceptedFacts(tlsSocket: tls.TLSSocket, client: AcceptedClient): SessionFacts {
  const code = verifyCode(tlsSocket);
  const hasCertificate = hasPresented(tlsSocket, client);
  return {
    ...client.session,
    // A resumed TLS 1.3 session without certificate can be "authorized" (nodejs/node#35317): only a certificate that is there counts.
    clientAuthenticated: tlsSocket.authorized && hasCertificate,
    ...(code !== undefined && hasCertificate && { authorizationError: code }),
  };
}

/**
 * Whether the client has a certificate, once Node has verified it. Node authorizes a client without one in a resumed session and by a pre-shared key alone, and after a
 * renegotiation still calls one authorized that was so before.
 */
function hasPresented(tlsSocket: tls.TLSSocket, { session: { resumed, cipher }, chain, isFirst }: AcceptedClient): boolean {
  if (!isFirst) return chain() !== undefined;
  if (tlsSocket.authorized && !resumed && cipher !== undefined && !cipher.includes('PSK')) return true;
  return isFree && !tlsSocket.destroyed ? tlsSocket.getPeerX509Certificate() !== undefined : chain() !== undefined;
}

/** A full handshake of which nothing is missing: certificates are in the clear before TLS 1.3, and can be opened in it with the suites that this library knows. */
function isToldByWire({ protocol, cipher, resumed }: SessionFacts, capture: Capture): boolean {
  if (resumed || capture.isFull || protocol === undefined || cipher === undefined) return false;
  return protocol !== 'TLSv1.3' || (isTls13Suite(cipher) && capture.secrets.hasNew('CLIENT_HANDSHAKE_TRAFFIC_SECRET'));
}
