import type tls from 'node:tls';
import { isTls13Suite } from '../../../wire/records/protected-record.ts';
import type { Capture } from '../../../wire/tap/capture.ts';
import type { SessionFacts } from '../../verdict/end-report.ts';
import { chainOnWire, isFree, presentedChain } from '../../verdict/presented-chain.ts';
import { shared } from './own-chain.ts';

/**
 * What a client presented to a server, told when it is asked for: of a full handshake the wire tells, and the API, which makes an object of every certificate, is left alone.
 * Where the wire cannot tell for sure the API is asked at once: a refused socket has lost its peer's certificate afterwards.
 */
export function presentedByClient(
  tlsSocket: tls.TLSSocket,
  { session, capture }: { readonly session: SessionFacts; readonly capture: Capture },
): () => readonly Uint8Array[] | undefined {
  // As bytes: an X509Certificate that is kept costs ten kilobytes.
  if (!isToldByWire(session, capture)) {
    const chain = presentedChain(tlsSocket, { peer: 'client', capture })?.map(shared);
    return () => chain;
  }
  let told: { readonly chain: readonly Uint8Array[] | undefined } | undefined;
  return () => (told ??= { chain: chainOnWire(capture, 'client') }).chain;
}

/**
 * Whether the client has a certificate, once Node has verified it. Node authorizes a client without one in a resumed session and by a pre-shared key alone.
 */
export function hasPresented(
  tlsSocket: tls.TLSSocket,
  { session: { resumed, cipher }, chain }: { readonly session: SessionFacts; readonly chain: () => readonly Uint8Array[] | undefined },
): boolean {
  if (tlsSocket.authorized && !resumed && cipher !== undefined && !cipher.includes('PSK')) return true;
  return isFree && !tlsSocket.destroyed ? tlsSocket.getPeerX509Certificate() !== undefined : chain() !== undefined;
}

/** A full handshake of which nothing is missing: certificates are in the clear before TLS 1.3, and can be opened in it with the suites that this library knows. */
function isToldByWire({ protocol, cipher, resumed }: SessionFacts, capture: Capture): boolean {
  if (resumed || capture.isFull || protocol === undefined || cipher === undefined) return false;
  return protocol !== 'TLSv1.3' || (isTls13Suite(cipher) && capture.secrets.hasNew('CLIENT_HANDSHAKE_TRAFFIC_SECRET'));
}
