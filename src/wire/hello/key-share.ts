import { createECDH, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { groups } from '../registry/names.ts';

/** The own part of a key exchange (RFC 8446 4.2.8.2). */
export interface KeyShare {
  readonly publicKey: Buffer;
  /** The shared secret; undefined where the peer's public key is not one of this group. */
  readonly secretWith: (peer: Uint8Array) => Buffer | undefined;
}

/** A fresh key pair of a group; undefined for a group that this library does not make. */
export function newKeyShare(group: number): KeyShare | undefined {
  const curve = nistCurves.get(group);
  if (curve !== undefined) return nistShare(curve);
  if (group === groups.x25519) return montgomeryShare('x25519', x25519Prefix);
  return group === groups.x448 ? montgomeryShare('x448', x448Prefix) : undefined;
}

/** A fresh public key of a group, as a key share holds it; undefined as for {@link newKeyShare}. */
export function keyShareOf(group: number): Buffer | undefined {
  return newKeyShare(group)?.publicKey;
}

function nistShare(curve: string): KeyShare {
  const pair = createECDH(curve);
  const publicKey = pair.generateKeys();
  const secretWith = (peer: Uint8Array): Buffer | undefined =>
    // Only the uncompressed form is allowed (RFC 8446 4.2.8.2, RFC 8422 5.4); OpenSSL reads the others as well.
    peer[0] === 4 && peer.length === publicKey.length ? orUndefined(() => pair.computeSecret(peer)) : undefined;
  return { publicKey, secretWith };
}

/** The keys of these curves end their SubjectPublicKeyInfo (RFC 8410 4). */
function montgomeryShare(type: 'x25519' | 'x448', prefix: Buffer): KeyShare {
  const { publicKey, privateKey } = type === 'x25519' ? generateKeyPairSync('x25519') : generateKeyPairSync('x448');
  const own = publicKey.export({ format: 'der', type: 'spki' }).subarray(prefix.length);
  const secretWith = (peer: Uint8Array): Buffer | undefined => {
    if (peer.length !== own.length) return undefined;
    const key = createPublicKey({ key: Buffer.concat([prefix, peer]), format: 'der', type: 'spki' });
    return orUndefined(() => diffieHellman({ privateKey, publicKey: key }));
  };
  return { publicKey: own, secretWith };
}

/** OpenSSL refuses points that are not on the curve, and those that make the secret zero (RFC 7748 6.1). */
function orUndefined(compute: () => Buffer): Buffer | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}

const x25519Prefix = Buffer.from('302a300506032b656e032100', 'hex');
const x448Prefix = Buffer.from('3042300506032b656f033900', 'hex');

const nistCurves: ReadonlyMap<number, string> = new Map([
  [groups.secp256r1, 'prime256v1'],
  [groups.secp384r1, 'secp384r1'],
  [groups.secp521r1, 'secp521r1'],
]);
