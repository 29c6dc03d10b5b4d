import { constants, type KeyObject, sign } from 'node:crypto';
import { contextConstructed, type Der, integer, nullValue, objectIdentifier, sequence } from '../asn1/der-writer.ts';

/** How one key signs: the AlgorithmIdentifier that names the algorithm, and the signing itself. */
export interface Signer {
  readonly algorithm: Der;
  sign(data: Uint8Array): Uint8Array;
}

/** The usual signature of a private key: SHA-2 of the size of the curve for EC, SHA-256 for RSA, none for Ed25519 and ML-DSA. */
export function signerFor(key: KeyObject): Signer {
  const type = key.asymmetricKeyType ?? '';
  if (type === 'ec') return ecdsa(key);
  if (type === 'rsa')
    return { algorithm: sequence(objectIdentifier('1.2.840.113549.1.1.11'), nullValue()), sign: (data) => sign('sha256', data, key) };
  if (type === 'rsa-pss') return rsaPssSigner(key);
  const oid = pureAlgorithms[type];
  if (oid === undefined) throw new RangeError(`no signature algorithm for a key of type ${type}`); // keys are checked where they enter
  return { algorithm: sequence(objectIdentifier(oid)), sign: (data) => sign(null, data, key) };
}

/** RSASSA-PSS with SHA-256, by an RSA key of either kind. */
export function rsaPssSigner(key: KeyObject): Signer {
  return {
    algorithm: rsaPssSha256(),
    sign: (data) => sign('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  };
}

/** Whether {@link signerFor} knows keys of this type. */
export function canSign(key: KeyObject): boolean {
  const type = key.asymmetricKeyType ?? '';
  return (
    type === 'rsa' ||
    type === 'rsa-pss' ||
    type in pureAlgorithms ||
    (type === 'ec' && (key.asymmetricKeyDetails?.namedCurve ?? '') in ecdsaByCurve)
  );
}

function ecdsa(key: KeyObject): Signer {
  const { hash, oid } = ecdsaByCurve[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? ecdsaSha256;
  return { algorithm: sequence(objectIdentifier(oid)), sign: (data) => sign(hash, data, key) };
}

/** RSASSA-PSS-params for SHA-256 (RFC 4055 3.1). */
function rsaPssSha256(): Der {
  const sha256 = sequence(objectIdentifier('2.16.840.1.101.3.4.2.1'), nullValue());
  const mgf1 = sequence(objectIdentifier('1.2.840.113549.1.1.8'), sha256);
  const parameters = sequence(contextConstructed(0, sha256), contextConstructed(1, mgf1), contextConstructed(2, integer(32)));
  return sequence(objectIdentifier('1.2.840.113549.1.1.10'), parameters);
}

const ecdsaSha256 = { hash: 'sha256', oid: '1.2.840.10045.4.3.2' };

const ecdsaByCurve: Readonly<Record<string, { readonly hash: string; readonly oid: string }>> = {
  prime256v1: ecdsaSha256,
  secp384r1: { hash: 'sha384', oid: '1.2.840.10045.4.3.3' },
  secp521r1: { hash: 'sha512', oid: '1.2.840.10045.4.3.4' },
};

/** Algorithms without parameters that hash by themselves (RFC 8410, RFC 9881). */
const pureAlgorithms: Readonly<Record<string, string>> = {
  ed25519: '1.3.101.112',
  ed448: '1.3.101.113',
  'ml-dsa-44': '2.16.840.1.101.3.4.3.17',
  'ml-dsa-65': '2.16.840.1.101.3.4.3.18',
  'ml-dsa-87': '2.16.840.1.101.3.4.3.19',
};
