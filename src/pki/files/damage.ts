import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { encodePkcs8Pem } from '../formats/key-encoding.ts';
import type { FileState } from './file-layout.ts';

/**
 * What happens to a file. `truncated`: cut in the middle of its first PEM block. `key-of-another`: a new key of the same kind, which does not fit the certificate. `unreadable`: it exists, and reading it
 * fails for every user, root too, because it is a folder (EISDIR); a mode would not stop root.
 */
export type FileDamage = 'truncated' | 'key-of-another' | 'empty' | 'missing' | 'unreadable';

/** What a damaged file holds in place of this text. */
export function damagedState(damage: FileDamage, text: string): FileState {
  return states[damage](text);
}

const states: Readonly<Record<FileDamage, (text: string) => FileState>> = {
  truncated: (text) => ({ kind: 'text', text: text.slice(0, Math.floor(text.indexOf('-----END') / 2)) }),
  'key-of-another': (text) => ({ kind: 'text', text: encodePkcs8Pem(keyLike(createPrivateKey(text))) }),
  empty: () => ({ kind: 'text', text: '' }),
  missing: () => ({ kind: 'missing' }),
  unreadable: () => ({ kind: 'folder' }),
};

function keyLike({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): KeyObject {
  // One call for every kind, which Node's overloads do not have: each kind reads its own details (`namedCurve`, `modulusLength`, `hashAlgorithm` ...).
  const generate = generateKeyPairSync as (type: string | undefined, details: object) => { readonly privateKey: KeyObject };
  const { publicExponent, ...details } = asymmetricKeyDetails;
  return generate(asymmetricKeyType, { ...details, ...(publicExponent !== undefined && { publicExponent: Number(publicExponent) }) })
    .privateKey;
}
