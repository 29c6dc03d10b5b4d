import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import type { DerElement } from '../../../asn1/der-reader.ts';
import { MtlsFixturesError } from '../../../errors/index.ts';
import { aes256Cbc, pbes2, pbkdf2 } from './identifiers.ts';
import { bmpPassword, passwordKey, purpose } from './password-key.ts';

/**
 * What a password encrypts in a PKCS#12 file: PBES2 (AES-CBC or 3DES under PBKDF2), or PKCS#12's own scheme with 3DES. Throws `PKCS12_ALGORITHM_UNSUPPORTED` for others (RC2, RC4: OpenSSL
 * has them in its legacy provider alone), and `DER_INVALID` for what cannot be decrypted; the password itself has been verified by the MAC.
 */
export function decrypt(algorithm: DerElement, content: Uint8Array, password: string): Buffer {
  const scheme = part(algorithm.children[0], algorithm).objectIdentifier;
  const parameters = part(algorithm.children[1], algorithm);
  if (scheme === pbes2) return decryptPbes2(parameters, content, password);
  const keyLength = tripleDesKeys[scheme];
  if (keyLength === undefined) throw unsupported(scheme);
  const [salt, rounds] = parameters.children;
  const plan = { hash: 'sha1', salt: part(salt, parameters).content, iterations: iterationsOf(part(rounds, parameters)) };
  const secret = bmpPassword(password);
  const half = passwordKey(secret, { ...plan, purpose: purpose.key, length: keyLength });
  const key = Buffer.concat([half, half]).subarray(0, 24); // with two keys the third is the first again
  const iv = passwordKey(secret, { ...plan, purpose: purpose.iv, length: 8 });
  return decipher({ cipher: 'des-ede3-cbc', key, iv }, content) ?? corrupt(algorithm);
}

/** PBKDF2 by its parameters (RFC 8018 5.2), for `length` octets. */
export function deriveByPbkdf2(derivation: DerElement, secret: Uint8Array, length: number): Buffer {
  const [id, parameters] = derivation.children;
  if (id?.objectIdentifier !== pbkdf2) throw unsupported(id?.objectIdentifier ?? 'no key derivation');
  const [salt, rounds, ...rest] = part(parameters, derivation).children;
  const prf = rest.find(({ tag }) => tag === sequenceTag)?.children[0]?.objectIdentifier ?? hmacSha1;
  const hash = hashByHmac[prf];
  if (hash === undefined) throw unsupported(prf);
  return pbkdf2Sync(
    secret,
    part(salt, derivation).expect(octetStringTag, 'a salt').content,
    iterationsOf(part(rounds, derivation)),
    length,
    hash,
  );
}

/** A number of rounds that does not keep the process busy: hostile files may ask for any. */
export function iterationsOf(rounds: DerElement): number {
  const count = rounds.expect(integerTag, 'a number of rounds').integer;
  if (count < 1n || count > mostRounds)
    throw rounds.problem(`its password is to be hashed ${count} times, and 1 to ${mostRounds} are read`);
  return Number(count);
}

/** A part that has to be there. */
export function part(element: DerElement | undefined, of: DerElement): DerElement {
  if (!element) throw of.problem('a field is missing');
  return element;
}

export function unsupported(algorithm: string): MtlsFixturesError {
  return new MtlsFixturesError('PKCS12_ALGORITHM_UNSUPPORTED', { algorithm: names[algorithm] ?? algorithm });
}

/** The hash of an HMAC by its identifier, of those that PBKDF2 and PBMAC1 are used with. */
export function hashOfHmac(identifier: string): string {
  const hash = hashByHmac[identifier];
  if (hash === undefined) throw unsupported(identifier);
  return hash;
}

function decryptPbes2(parameters: DerElement, content: Uint8Array, password: string): Buffer {
  const [derivation, scheme] = parameters.children;
  const [id, iv] = part(scheme, parameters).children;
  const cipher = ciphers[part(id, parameters).objectIdentifier];
  if (!cipher) throw unsupported(part(id, parameters).objectIdentifier);
  // NSS before 3.31 derived from UTF-16 here too.
  for (const secret of [Buffer.from(password), bmpPassword(password)]) {
    const key = deriveByPbkdf2(part(derivation, parameters), secret, cipher.keyLength);
    const plain = decipher({ cipher: cipher.name, key, iv: part(iv, parameters).content }, content);
    if (plain?.[0] === sequenceTag) return plain; // with the wrong key the padding is right once in 256 times
  }
  return corrupt(parameters);
}

/** Undefined where the padding is wrong, or the parameters do not fit the cipher. */
function decipher(
  { cipher, key, iv }: { readonly cipher: string; readonly key: Uint8Array; readonly iv: Uint8Array },
  content: Uint8Array,
): Buffer | undefined {
  try {
    const deciphering = createDecipheriv(cipher, key, iv);
    return Buffer.concat([deciphering.update(content), deciphering.final()]);
  } catch {
    return undefined;
  }
}

function corrupt(element: DerElement): never {
  throw element.problem('a part of it cannot be decrypted with the password that its MAC is of');
}

const integerTag = 0x02;
const octetStringTag = 0x04;
const sequenceTag = 0x30;
/** NSS uses 600,000, Java 10,000, OpenSSL 2,048. */
const mostRounds = 1_000_000n;
const hmacSha1 = '1.2.840.113549.2.7';
const hashByHmac: Readonly<Record<string, string>> = {
  [hmacSha1]: 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const ciphers: Readonly<Record<string, { readonly name: string; readonly keyLength: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyLength: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyLength: 24 },
  [aes256Cbc]: { name: 'aes-256-cbc', keyLength: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyLength: 24 },
};
/** Octets of key by PKCS#12's own schemes: with three keys and with two. */
const tripleDesKeys: Readonly<Record<string, number>> = { '1.2.840.113549.1.12.1.3': 24, '1.2.840.113549.1.12.1.4': 16 };
const names: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.12.1.1': 'RC4 with 128 bits (pbeWithSHAAnd128BitRC4)',
  '1.2.840.113549.1.12.1.2': 'RC4 with 40 bits (pbeWithSHAAnd40BitRC4)',
  '1.2.840.113549.1.12.1.5': 'RC2 with 128 bits (pbeWithSHAAnd128BitRC2-CBC)',
  '1.2.840.113549.1.12.1.6': 'RC2 with 40 bits (pbeWithSHAAnd40BitRC2-CBC)',
  '1.3.6.1.4.1.11591.4.11': 'scrypt',
  '1.2.840.113549.1.7.2': 'signed data (public-key integrity)',
  '1.2.840.113549.1.7.3': 'enveloped data (public-key privacy)',
};
