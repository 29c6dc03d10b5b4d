import { createHmac } from 'node:crypto';
import {
  contextConstructed,
  type Der,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
} from '../../../../src/asn1/der-writer.ts';
import { bmpPassword, passwordKey, purpose } from '../../../../src/pki/formats/pkcs12/password-key.ts';

const data = '1.2.840.113549.1.7.1';

/** A PKCS#12 file of any content, with the MAC that belongs to it: of SHA-1 and one round. */
export function makePfx(content: Uint8Array, password: string): Der {
  const salt = Buffer.alloc(8, 7);
  const key = passwordKey(bmpPassword(password), { hash: 'sha1', purpose: purpose.mac, salt, iterations: 1, length: 20 });
  const digest = sequence(
    sequence(objectIdentifier('1.3.14.3.2.26'), nullValue()),
    octetString(createHmac('sha1', key).update(content).digest()),
  );
  return sequence(integer(3), dataInfo(content), sequence(digest, octetString(salt)));
}

/** The content of such a file: safes of bags that are not encrypted. */
export function plainSafes(...safes: readonly (readonly Der[])[]): Der {
  return sequence(...safes.map((bags) => dataInfo(sequence(...bags))));
}

/** A bag with a key of PKCS#8, not encrypted. */
export function keyBag(pkcs8: Uint8Array, ...attributes: readonly Der[]): Der {
  return makeBag('1.2.840.113549.1.12.10.1.1', pkcs8, attributes);
}

export function certificateBag(der: Uint8Array, ...attributes: readonly Der[]): Der {
  const value = sequence(objectIdentifier('1.2.840.113549.1.9.22.1'), contextConstructed(0, octetString(der)));
  return makeBag('1.2.840.113549.1.12.10.1.3', value, attributes);
}

export function makeBag(kind: string, value: Uint8Array, attributes: readonly Der[] = []): Der {
  return sequence(objectIdentifier(kind), contextConstructed(0, value), ...(attributes.length > 0 ? [setOf(...attributes)] : []));
}

export function makeAttribute(oid: string, value: Der): Der {
  return sequence(objectIdentifier(oid), setOf(value));
}

function dataInfo(content: Uint8Array): Der {
  return sequence(objectIdentifier(data), contextConstructed(0, octetString(content)));
}
