import { createPublicKey, type KeyObject } from 'node:crypto';
import type { PeerState } from '../peer-state.ts';
import { publicKeyOf } from './signatures.ts';

/** The key of a certificate of the peer, or of what came in its place where that is not looked at. */
export function peerKeyOf(state: PeerState, certificate: Uint8Array): KeyObject | undefined {
  return publicKeyOf(certificate) ?? (state.skips('certificate-type') ? rawPublicKey(certificate) : undefined);
}

/**
 * Server: whether the client's leaf is a certificate to be judged. A raw public key (RFC 7250), which is never agreed on here, is refused; an implementation that does not look
 * at the type has nothing to judge of one.
 */
export function isCertificate(state: PeerState, leaf: Uint8Array): boolean {
  const isRaw = rawPublicKey(leaf) !== undefined;
  state.channel.require('certificate-type', !isRaw, 'a raw public key came in place of a certificate', 'unsupported_certificate');
  return !isRaw;
}

/** A SubjectPublicKeyInfo in DER; undefined for what is none. */
export function rawPublicKey(der: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
