import { createECDH, generateKeyPairSync } from 'node:crypto';
import { groups } from '../registry/names.ts';

/** A fresh public key of a group, as a key share holds it (RFC 8446 4.2.8.2); undefined for a group that this library does not make. */
export function keyShareOf(group: number): Buffer | undefined {
  const curve = nistCurves.get(group);
  if (curve !== undefined) return createECDH(curve).generateKeys();
  if (group !== groups.x25519) return undefined;
  return generateKeyPairSync('x25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32); // the key ends its SubjectPublicKeyInfo (RFC 8410)
}

const nistCurves: ReadonlyMap<number, string> = new Map([
  [groups.secp256r1, 'prime256v1'],
  [groups.secp384r1, 'secp384r1'],
  [groups.secp521r1, 'secp521r1'],
]);
