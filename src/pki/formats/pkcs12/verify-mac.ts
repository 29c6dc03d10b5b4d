import { createHmac } from 'node:crypto';
import type { DerElement } from '../../../asn1/der-reader.ts';
import { MtlsFixturesError } from '../../../errors/index.ts';
import { deriveByPbkdf2, hashOfHmac, iterationsOf, part, unsupported } from './decrypt.ts';
import { pbmac1, sha256 } from './identifiers.ts';
import { bmpPassword, passwordKey, purpose } from './password-key.ts';

/** Verifies the MAC of a PKCS#12 file over its content (RFC 7292 4, RFC 9579), or throws `PKCS12_PASSWORD_WRONG`. */
export function verifyMac(mac: DerElement, content: Uint8Array, password: string): void {
  const [digestInfo, salt, rounds] = mac.children;
  const [algorithm, digest] = part(digestInfo, mac).children;
  const id = part(part(algorithm, mac).children[0], mac).objectIdentifier;
  const expected = part(digest, mac).content;
  const macs = id === pbmac1 ? byPbmac1(part(part(algorithm, mac).children[1], mac)) : byPasswordKey(id);
  if (!macs.some((made) => made.equals(expected))) throw new MtlsFixturesError('PKCS12_PASSWORD_WRONG', {});

  function byPasswordKey(identifier: string): readonly Buffer[] {
    const hash = hashes[identifier];
    if (!hash) throw unsupported(identifier);
    const iterations = rounds ? iterationsOf(rounds) : 1;
    const plan = { hash: hash.name, salt: part(salt, mac).content, iterations, purpose: purpose.mac, length: hash.length };
    // An empty password is written with its terminating zero by some, and by others without.
    const secrets = password === '' ? [bmpPassword(password), new Uint8Array()] : [bmpPassword(password)];
    return secrets.map((secret) => createHmac(hash.name, passwordKey(secret, plan)).update(content).digest());
  }

  function byPbmac1(parameters: DerElement): readonly Buffer[] {
    const [derivation, scheme] = parameters.children;
    const hash = hashOfHmac(part(part(scheme, parameters).children[0], parameters).objectIdentifier);
    const stated = part(derivation, parameters).children[1]?.children[2]; // the length of the key has to be stated (RFC 9579 5)
    const length = stated?.tag === integerTag ? Number(stated.integer) : 0;
    if (!(length >= 20 && length <= 256)) throw parameters.problem('its MAC states no length of its key');
    return [
      createHmac(hash, deriveByPbkdf2(part(derivation, parameters), Buffer.from(password), length))
        .update(content)
        .digest(),
    ];
  }
}

const integerTag = 0x02;
const hashes: Readonly<Record<string, { readonly name: string; readonly length: number }>> = {
  '1.3.14.3.2.26': { name: 'sha1', length: 20 },
  '2.16.840.1.101.3.4.2.4': { name: 'sha224', length: 28 },
  [sha256]: { name: 'sha256', length: 32 },
  '2.16.840.1.101.3.4.2.2': { name: 'sha384', length: 48 },
  '2.16.840.1.101.3.4.2.3': { name: 'sha512', length: 64 },
};
