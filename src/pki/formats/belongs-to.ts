import { createPublicKey, type KeyObject } from 'node:crypto';

/**
 * Whether a private key is that of a public key. Types and curves are compared first: OpenSSL leaves an error in its queue where they differ, and the next good key that the
 * process reads is refused with it (measured on Node 20 to 26, `KeyObject.equals` and `checkPrivateKey`).
 */
export function belongsTo(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const own = createPublicKey(privateKey);
  return (
    own.asymmetricKeyType === publicKey.asymmetricKeyType &&
    own.asymmetricKeyDetails?.namedCurve === publicKey.asymmetricKeyDetails?.namedCurve &&
    own.equals(publicKey)
  );
}
