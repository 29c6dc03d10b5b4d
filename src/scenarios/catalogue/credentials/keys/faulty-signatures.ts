import { type KeyObject, sign } from 'node:crypto';
import { nullValue, objectIdentifier, sequence } from '../../../../asn1/der-writer.ts';
import type { Signer } from '../../../../x509/signature.ts';

/** Signs with an obsolete hash, by a key of the kind that the name starts with. */
export function signsWith(algorithm: keyof typeof algorithms): (issuerKey: KeyObject) => Signer {
  const { hash, oid, parameters } = algorithms[algorithm];
  return (key) => ({ algorithm: sequence(objectIdentifier(oid), ...parameters), sign: (data) => sign(hash, data, key) });
}

/** The same signature with its last bit flipped. */
export function flipLastBit(signature: Uint8Array): Uint8Array {
  const flipped = Buffer.from(signature);
  flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
  return flipped;
}

/** The signed part with another last letter of the subject. */
export function withOtherSubject(tbs: Uint8Array, subject: Uint8Array): Uint8Array {
  const changed = Buffer.from(tbs);
  const lastLetter = changed.lastIndexOf(subject) + subject.length - 1;
  changed[lastLetter] = (changed[lastLetter] ?? 0) ^ 1;
  return changed;
}

const algorithms = {
  'ecdsa-sha1': { hash: 'sha1', oid: '1.2.840.10045.4.1', parameters: [] },
  'ecdsa-sha224': { hash: 'sha224', oid: '1.2.840.10045.4.3.1', parameters: [] },
  'rsa-sha1': { hash: 'sha1', oid: '1.2.840.113549.1.1.5', parameters: [nullValue()] },
  'rsa-md5': { hash: 'md5', oid: '1.2.840.113549.1.1.4', parameters: [nullValue()] },
};
