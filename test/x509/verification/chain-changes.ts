import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readDer } from '../../../src/asn1/der-reader.ts';
import { contextConstructed, type Der, integer, nullValue, objectIdentifier, octetString, sequence } from '../../../src/asn1/der-writer.ts';
import { encodeSpki } from '../../../src/pki/formats/key-encoding.ts';
import { encodeName, type Subject } from '../../../src/x509/names/distinguished-name.ts';
import { encodeExtension, type Extension, subjectAltName } from '../../../src/x509/extensions.ts';
import { type NameConstraints, nameConstraints } from '../../../src/x509/names/name-constraints.ts';
import { oid } from '../../../src/x509/object-identifiers.ts';
import type { Signer } from '../../../src/x509/signature.ts';
import { encodeTime } from '../../../src/x509/validity.ts';
import { type Change, type ChainChanges, changes, extended } from './chain-maker.ts';

/** Name constraints of the CA that issues the leaf. */
export function constrained(constraints: NameConstraints): Pick<ChainChanges, 'intermediates'> {
  return { intermediates: [extended(nameConstraints(constraints))] };
}

/** The alternative names of a leaf. */
export function named(...names: readonly Der[]): Change {
  return extended(subjectAltName(names, false));
}

/** A subject, and no alternative names. */
export function subjectOnly(subject: Subject): Change {
  return changes(called(subject), (draft) => {
    draft.extensions = draft.extensions.filter((extension) => extension.oid !== oid.subjectAltName);
  });
}

export function called(subject: Subject): Change {
  return (draft) => {
    draft.subject = encodeName(subject);
  };
}

/** Name constraints as they are written by hand: GeneralNames, or whole subtrees. */
export function subtrees(kind: 'permitted' | 'excluded', ...trees: readonly Der[]): Extension {
  return {
    oid: oid.nameConstraints,
    critical: true,
    value: sequence(contextConstructed(kind === 'permitted' ? 0 : 1, ...trees.map((tree) => (tree[0] === 0x30 ? tree : sequence(tree))))),
  };
}

export const unknownCritical: Extension = { oid: '1.3.6.1.4.1.99999.1', critical: true, value: nullValue() };

/** Keys are made when they are first needed: RSA takes its time. */
export function rsaKey(modulusLength: number): KeyObject {
  let key = rsaKeys.get(modulusLength);
  if (!key) {
    key = generateKeyPairSync('rsa', { modulusLength }).privateKey;
    rsaKeys.set(modulusLength, key);
  }
  return key;
}

const rsaKeys = new Map<number, KeyObject>();

export function withKey(make: () => KeyObject): Change {
  return (draft) => {
    draft.key = make();
  };
}

/** Signs what is below with another digest than usual. */
export function signsWith(digest: string, identifier: string, parameters: readonly Der[] = []): Change {
  return (draft) => {
    const { key } = draft;
    const signer: Signer = {
      algorithm: sequence(objectIdentifier(identifier), ...parameters),
      sign: (data) => sign(digest, data, key),
    };
    draft.signer = signer;
  };
}

/** Of an RSA key. */
export const rsaSha1: Change = changes(
  withKey(() => rsaKey(2048)),
  signsWith('sha1', '1.2.840.113549.1.1.5', [nullValue()]),
);

export const ecdsaSha1: Change = signsWith('sha1', '1.2.840.10045.4.1');

/** The P-256 key with all numbers of its curve (RFC 3279 2.3.5). */
export const explicitCurve: Change = (draft) => {
  const point = readDer(encodeSpki(draft.key), 'key').children[1]?.bytes ?? new Uint8Array(0);
  const prime = BigInt('0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff');
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
  const parameters = sequence(
    integer(1),
    sequence(objectIdentifier('1.2.840.10045.1.1'), integer(prime)),
    sequence(
      octetString(Buffer.from('ffffffff00000001000000000000000000000000fffffffffffffffffffffffc', 'hex')),
      octetString(Buffer.from('5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b', 'hex')),
    ),
    octetString(
      Buffer.from(
        '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
        'hex',
      ),
    ),
    integer(order),
    integer(1),
  );
  draft.spki = sequence(sequence(objectIdentifier('1.2.840.10045.2.1'), parameters), point);
};

/** An entry of a CRL, about another certificate. */
export function listEntry(...extensions: readonly Extension[]): Der {
  return sequence(integer(1), encodeTime(new Date(0)), sequence(...extensions.map(encodeExtension)));
}
