import type { DerElement } from '../asn1/der-reader.ts';
import { MtlsFixturesError } from '../errors/index.ts';

/** Kind and size of the key in a SubjectPublicKeyInfo: `rsa-2048`, `ec-p256`, `ec-brainpoolP256r1`, `ed25519`; the object identifier where it has no name here. */
export function keyAlgorithmOf(spki: DerElement): string {
  const [algorithm, key] = spki.children;
  const [id, parameters] = algorithm?.children ?? [];
  const name = algorithmName(id);
  if (name === 'ec' && parameters?.tag === objectIdentifierTag) {
    const curve = parameters.objectIdentifier;
    return `ec-${curveNames[curve] ?? curve}`;
  }
  if ((name === 'rsa' || name === 'rsa-pss') && key) {
    const bits = modulusBits(key);
    return bits === undefined ? name : `${name}-${bits}`;
  }
  return name;
}

/** The name of a signature algorithm from its AlgorithmIdentifier, of RSASSA-PSS with its hash: `ecdsa-sha256`, `rsa-pss-sha256`; the object identifier where it has no name here. */
export function signatureAlgorithmOf(algorithm: DerElement): string {
  const [id, parameters] = algorithm.children;
  const name = algorithmName(id);
  return name === 'rsa-pss' ? `${name}-${pssHash(parameters)}` : name;
}

/** The name of an algorithm that an object identifier in dotted notation stands for, if it has one here. */
export function algorithmNameOf(dotted: string): string | undefined {
  return algorithmNames[dotted];
}

function algorithmName(id: DerElement | undefined): string {
  const dotted = id?.objectIdentifier ?? '';
  return algorithmNames[dotted] ?? dotted;
}

/** Of an RSAPublicKey; undefined where there is none to be read. As OpenSSL takes it: an unsigned number, with or without zeros in front. */
function modulusBits(key: DerElement): number | undefined {
  try {
    const [modulus] = key.expect(0x03, 'a public key').inner(1).children;
    const hex = Buffer.from(modulus?.expect(0x02, 'a modulus').content ?? []).toString('hex');
    return hex === '' ? undefined : BigInt(`0x${hex}`).toString(2).length;
  } catch (error) {
    if (error instanceof MtlsFixturesError) return undefined;
    throw error;
  }
}

/** hashAlgorithm of RSASSA-PSS-params, SHA-1 where it is left out (RFC 4055 3.1). */
function pssHash(parameters: DerElement | undefined): string {
  const wrapped = parameters?.tag === 0x30 ? parameters.children.find(({ tag }) => tag === 0xa0) : undefined;
  if (!wrapped) return 'sha1';
  const dotted = wrapped.inner().children[0]?.expect(objectIdentifierTag, 'a hash algorithm').objectIdentifier ?? '';
  return hashNames[dotted] ?? dotted;
}

const objectIdentifierTag = 0x06;

/** Public keys and signatures (RFC 3279, 4055, 5758, 8410, 8692, 9814, 9881; GB/T 32918). */
const algorithmNames: Readonly<Record<string, string>> = {
  '1.2.156.10197.1.501': 'sm2-sm3',
  '1.2.840.10040.4.1': 'dsa',
  '1.2.840.10040.4.3': 'dsa-sha1',
  '1.2.840.10045.2.1': 'ec',
  '1.2.840.10045.4.1': 'ecdsa-sha1',
  '1.2.840.10045.4.3.1': 'ecdsa-sha224',
  '1.2.840.10045.4.3.2': 'ecdsa-sha256',
  '1.2.840.10045.4.3.3': 'ecdsa-sha384',
  '1.2.840.10045.4.3.4': 'ecdsa-sha512',
  '1.2.840.113549.1.1.1': 'rsa',
  '1.2.840.113549.1.1.2': 'rsa-md2',
  '1.2.840.113549.1.1.3': 'rsa-md4',
  '1.2.840.113549.1.1.4': 'rsa-md5',
  '1.2.840.113549.1.1.5': 'rsa-sha1',
  '1.2.840.113549.1.1.10': 'rsa-pss',
  '1.2.840.113549.1.1.11': 'rsa-sha256',
  '1.2.840.113549.1.1.12': 'rsa-sha384',
  '1.2.840.113549.1.1.13': 'rsa-sha512',
  '1.2.840.113549.1.1.14': 'rsa-sha224',
  '1.2.840.113549.1.1.15': 'rsa-sha512-224',
  '1.2.840.113549.1.1.16': 'rsa-sha512-256',
  '1.3.14.3.2.29': 'rsa-sha1',
  '1.3.101.110': 'x25519',
  '1.3.101.111': 'x448',
  '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448',
  '2.16.840.1.101.3.4.3.1': 'dsa-sha224',
  '2.16.840.1.101.3.4.3.2': 'dsa-sha256',
  '2.16.840.1.101.3.4.3.3': 'dsa-sha384',
  '2.16.840.1.101.3.4.3.4': 'dsa-sha512',
  '2.16.840.1.101.3.4.3.5': 'dsa-sha3-224',
  '2.16.840.1.101.3.4.3.6': 'dsa-sha3-256',
  '2.16.840.1.101.3.4.3.7': 'dsa-sha3-384',
  '2.16.840.1.101.3.4.3.8': 'dsa-sha3-512',
  '2.16.840.1.101.3.4.3.9': 'ecdsa-sha3-224',
  '2.16.840.1.101.3.4.3.10': 'ecdsa-sha3-256',
  '2.16.840.1.101.3.4.3.11': 'ecdsa-sha3-384',
  '2.16.840.1.101.3.4.3.12': 'ecdsa-sha3-512',
  '2.16.840.1.101.3.4.3.13': 'rsa-sha3-224',
  '2.16.840.1.101.3.4.3.14': 'rsa-sha3-256',
  '2.16.840.1.101.3.4.3.15': 'rsa-sha3-384',
  '2.16.840.1.101.3.4.3.16': 'rsa-sha3-512',
  '2.16.840.1.101.3.4.3.17': 'ml-dsa-44',
  '2.16.840.1.101.3.4.3.18': 'ml-dsa-65',
  '2.16.840.1.101.3.4.3.19': 'ml-dsa-87',
  '2.16.840.1.101.3.4.3.20': 'slh-dsa-sha2-128s',
  '2.16.840.1.101.3.4.3.21': 'slh-dsa-sha2-128f',
  '2.16.840.1.101.3.4.3.22': 'slh-dsa-sha2-192s',
  '2.16.840.1.101.3.4.3.23': 'slh-dsa-sha2-192f',
  '2.16.840.1.101.3.4.3.24': 'slh-dsa-sha2-256s',
  '2.16.840.1.101.3.4.3.25': 'slh-dsa-sha2-256f',
  '2.16.840.1.101.3.4.3.26': 'slh-dsa-shake-128s',
  '2.16.840.1.101.3.4.3.27': 'slh-dsa-shake-128f',
  '2.16.840.1.101.3.4.3.28': 'slh-dsa-shake-192s',
  '2.16.840.1.101.3.4.3.29': 'slh-dsa-shake-192f',
  '2.16.840.1.101.3.4.3.30': 'slh-dsa-shake-256s',
  '2.16.840.1.101.3.4.3.31': 'slh-dsa-shake-256f',
};

const hashNames: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.5': 'sha512-224',
  '2.16.840.1.101.3.4.2.6': 'sha512-256',
  '2.16.840.1.101.3.4.2.7': 'sha3-224',
  '2.16.840.1.101.3.4.2.8': 'sha3-256',
  '2.16.840.1.101.3.4.2.9': 'sha3-384',
  '2.16.840.1.101.3.4.2.10': 'sha3-512',
};

/** Elliptic curves by the names that OpenSSL has for them, NIST's three by the short ones of TLS libraries. */
const curveNames: Readonly<Record<string, string>> = {
  '1.2.156.10197.1.301': 'sm2',
  '1.2.840.10045.3.0.1': 'c2pnb163v1',
  '1.2.840.10045.3.0.2': 'c2pnb163v2',
  '1.2.840.10045.3.0.3': 'c2pnb163v3',
  '1.2.840.10045.3.0.4': 'c2pnb176v1',
  '1.2.840.10045.3.0.5': 'c2tnb191v1',
  '1.2.840.10045.3.0.6': 'c2tnb191v2',
  '1.2.840.10045.3.0.7': 'c2tnb191v3',
  '1.2.840.10045.3.0.10': 'c2pnb208w1',
  '1.2.840.10045.3.0.11': 'c2tnb239v1',
  '1.2.840.10045.3.0.12': 'c2tnb239v2',
  '1.2.840.10045.3.0.13': 'c2tnb239v3',
  '1.2.840.10045.3.0.16': 'c2pnb272w1',
  '1.2.840.10045.3.0.17': 'c2pnb304w1',
  '1.2.840.10045.3.0.18': 'c2tnb359v1',
  '1.2.840.10045.3.0.19': 'c2pnb368w1',
  '1.2.840.10045.3.0.20': 'c2tnb431r1',
  '1.2.840.10045.3.1.1': 'prime192v1',
  '1.2.840.10045.3.1.2': 'prime192v2',
  '1.2.840.10045.3.1.3': 'prime192v3',
  '1.2.840.10045.3.1.4': 'prime239v1',
  '1.2.840.10045.3.1.5': 'prime239v2',
  '1.2.840.10045.3.1.6': 'prime239v3',
  '1.2.840.10045.3.1.7': 'p256',
  '1.3.36.3.3.2.8.1.1.1': 'brainpoolP160r1',
  '1.3.36.3.3.2.8.1.1.2': 'brainpoolP160t1',
  '1.3.36.3.3.2.8.1.1.3': 'brainpoolP192r1',
  '1.3.36.3.3.2.8.1.1.4': 'brainpoolP192t1',
  '1.3.36.3.3.2.8.1.1.5': 'brainpoolP224r1',
  '1.3.36.3.3.2.8.1.1.6': 'brainpoolP224t1',
  '1.3.36.3.3.2.8.1.1.7': 'brainpoolP256r1',
  '1.3.36.3.3.2.8.1.1.8': 'brainpoolP256t1',
  '1.3.36.3.3.2.8.1.1.9': 'brainpoolP320r1',
  '1.3.36.3.3.2.8.1.1.10': 'brainpoolP320t1',
  '1.3.36.3.3.2.8.1.1.11': 'brainpoolP384r1',
  '1.3.36.3.3.2.8.1.1.12': 'brainpoolP384t1',
  '1.3.36.3.3.2.8.1.1.13': 'brainpoolP512r1',
  '1.3.36.3.3.2.8.1.1.14': 'brainpoolP512t1',
  '1.3.132.0.1': 'sect163k1',
  '1.3.132.0.2': 'sect163r1',
  '1.3.132.0.3': 'sect239k1',
  '1.3.132.0.4': 'sect113r1',
  '1.3.132.0.5': 'sect113r2',
  '1.3.132.0.6': 'secp112r1',
  '1.3.132.0.7': 'secp112r2',
  '1.3.132.0.8': 'secp160r1',
  '1.3.132.0.9': 'secp160k1',
  '1.3.132.0.10': 'secp256k1',
  '1.3.132.0.15': 'sect163r2',
  '1.3.132.0.16': 'sect283k1',
  '1.3.132.0.17': 'sect283r1',
  '1.3.132.0.22': 'sect131r1',
  '1.3.132.0.23': 'sect131r2',
  '1.3.132.0.24': 'sect193r1',
  '1.3.132.0.25': 'sect193r2',
  '1.3.132.0.26': 'sect233k1',
  '1.3.132.0.27': 'sect233r1',
  '1.3.132.0.28': 'secp128r1',
  '1.3.132.0.29': 'secp128r2',
  '1.3.132.0.30': 'secp160r2',
  '1.3.132.0.31': 'secp192k1',
  '1.3.132.0.32': 'secp224k1',
  '1.3.132.0.33': 'secp224r1',
  '1.3.132.0.34': 'p384',
  '1.3.132.0.35': 'p521',
  '1.3.132.0.36': 'sect409k1',
  '1.3.132.0.37': 'sect409r1',
  '1.3.132.0.38': 'sect571k1',
  '1.3.132.0.39': 'sect571r1',
};
