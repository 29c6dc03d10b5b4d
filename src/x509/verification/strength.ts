import type { DerElement } from '../../asn1/der-reader.ts';

/** The signature algorithms that issuers are known by: the key each needs, and the bits of security of its digest as OpenSSL counts them. */
interface SignatureAlgorithm {
  readonly key: string;
  readonly bits: number | 'of the parameters' | 'of the signed key';
}

/** Whether a key could have made a signature by that algorithm. Throws where one of them is not known. */
export function canSignWith(spki: DerElement, algorithm: DerElement): boolean {
  const { key } = signatureAlgorithm(algorithm);
  const type = keyType(spki);
  return type === key || (type === 'rsa' && key === 'rsa-pss');
}

/** Whether a public key is below a security level of OpenSSL. Throws where that cannot be told. */
export function isKeyTooWeak(spki: DerElement, level: number): boolean {
  return level > 0 && keyBits(spki) < requiredBits(level);
}

/**
 * Whether the digest of a signature is below a security level of OpenSSL. Throws where that cannot be told. For algorithms without a
 * digest of their own, as ML-DSA, OpenSSL rates the key of the certificate that was signed.
 */
export function isDigestTooWeak(
  algorithm: DerElement,
  { level, signedKey }: { readonly level: number; readonly signedKey: DerElement },
): boolean {
  return level > 0 && digestBits(algorithm, signedKey) < requiredBits(level);
}

/** Whether a key of an elliptic curve comes with the curve's parameters in place of its name. */
export function hasExplicitCurve(spki: DerElement): boolean {
  return keyType(spki) === 'ec' && parametersOf(spki)?.tag === 0x30;
}

function requiredBits(level: number): number {
  return [0, 80, 112, 128, 192][level] ?? 256;
}

function keyType(spki: DerElement): string {
  const type = keyTypes[algorithmId(spki.children[0])];
  if (type === undefined) throw spki.problem('its key is of a type that is not known here');
  return type;
}

function keyBits(spki: DerElement): number {
  const type = keyType(spki);
  if (type === 'rsa' || type === 'rsa-pss') return rsaBits(modulusLength(spki));
  if (type === 'dsa') return dsaBits(spki);
  if (type === 'ec') return curveBits(curveOrderLength(spki));
  const bits = fixedKeyBits[type];
  if (bits === undefined) throw spki.problem('its key is of a strength that is not known here');
  return bits;
}

function modulusLength(spki: DerElement): number {
  const [modulus] = spki.children[1]?.expect(0x03, 'the public key').inner(1).children ?? [];
  return bitLength(modulus);
}

function bitLength(number: DerElement | undefined): number {
  const value = number?.expect(0x02, 'a number of the public key').integer ?? 0n;
  return value <= 0n ? 0 : value.toString(2).length;
}

/**
 * The strength of a modulus: NIST's estimate for factoring it (SP 800-56B rev. 2, appendix D), which OpenSSL rounds to whole octets,
 * with fixed values for the usual lengths.
 */
function rsaBits(length: number): number {
  const usual = usualRsaBits[length];
  if (usual !== undefined) return usual;
  const x = length * Math.LN2;
  const estimate = (1.923 * Math.cbrt(x * Math.log(x) ** 2) - 4.69) / Math.LN2;
  const octets = (estimate + 4) / 8;
  if (!(Math.abs(octets - Math.round(octets)) > 0.02)) throw new RangeError('the estimate is too near to the next octet to be certain');
  return Math.floor(octets) * 8;
}

/** By the smaller of the two numbers that it rests on. */
function dsaBits(spki: DerElement): number {
  const [p, q] = parametersOf(spki)?.children ?? [];
  const [field, order] = [bitLength(p), bitLength(q)];
  const byField = field >= 3072 ? 128 : field >= 2048 ? 112 : field >= 1024 ? 80 : 0;
  return order < 160 ? 0 : Math.min(byField, order / 2);
}

function curveOrderLength(spki: DerElement): number {
  const parameters = parametersOf(spki);
  if (parameters?.tag === 0x30) return bitLength(parameters.children[4]); // ECParameters: the order is the fifth field (SEC 1 C.2)
  const length = curveOrderLengths[parameters?.tag === 0x06 ? parameters.objectIdentifier : ''];
  if (length === undefined) throw spki.problem('its curve is not known here');
  return length;
}

function curveBits(orderLength: number): number {
  return Math.floor((curveSteps.find((step) => orderLength >= step) ?? orderLength) / 2);
}

function digestBits(algorithm: DerElement, signedKey: DerElement): number {
  const { bits } = signatureAlgorithm(algorithm);
  if (bits === 'of the signed key') return keyBits(signedKey);
  if (bits !== 'of the parameters') return bits;
  // RSASSA-PSS-params: the digest is the first field, SHA-1 where it is left out (RFC 4055 3.1).
  const named = algorithm.children[1]?.children.find(({ tag }) => tag === 0xa0);
  const digest = pssDigestBits[named === undefined ? sha1 : algorithmId(named.inner())];
  if (digest === undefined) throw algorithm.problem('its digest is not known here');
  return digest;
}

function signatureAlgorithm(algorithm: DerElement): SignatureAlgorithm {
  const known = signatureAlgorithms[algorithmId(algorithm)];
  if (!known) throw algorithm.problem('its signature algorithm is not known here');
  return known;
}

function algorithmId(algorithm: DerElement | undefined): string {
  return algorithm?.children[0]?.expect(0x06, 'an algorithm').objectIdentifier ?? '';
}

function parametersOf(spki: DerElement): DerElement | undefined {
  return spki.children[0]?.children[1];
}

const keyTypes: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.1': 'rsa',
  '1.2.840.113549.1.1.10': 'rsa-pss',
  '1.2.840.10040.4.1': 'dsa',
  '1.2.840.10045.2.1': 'ec',
  '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448',
  '2.16.840.1.101.3.4.3.17': 'ml-dsa-44',
  '2.16.840.1.101.3.4.3.18': 'ml-dsa-65',
  '2.16.840.1.101.3.4.3.19': 'ml-dsa-87',
};

const fixedKeyBits: Readonly<Record<string, number>> = { ed25519: 128, ed448: 224, 'ml-dsa-44': 128, 'ml-dsa-65': 192, 'ml-dsa-87': 256 };

const usualRsaBits: Readonly<Record<number, number>> = { 2048: 112, 3072: 128, 4096: 152, 6144: 176, 7680: 192, 8192: 200, 15360: 256 };

const curveOrderLengths: Readonly<Record<string, number>> = {
  '1.2.840.10045.3.1.1': 192,
  '1.2.840.10045.3.1.7': 256,
  '1.3.132.0.33': 224,
  '1.3.132.0.34': 384,
  '1.3.132.0.35': 521,
  '1.3.132.0.10': 256,
};

/** Lengths between two steps count as the lower one. */
const curveSteps: readonly number[] = [512, 384, 256, 224, 160];

const sha1 = '1.3.14.3.2.26';

const pssDigestBits: Readonly<Record<string, number>> = {
  [sha1]: 64,
  '2.16.840.1.101.3.4.2.4': 112,
  '2.16.840.1.101.3.4.2.1': 128,
  '2.16.840.1.101.3.4.2.2': 192,
  '2.16.840.1.101.3.4.2.3': 256,
};

/** MD5 and SHA-1 count for less than half of their length: collisions are cheaper (measured: both are refused from level 1 on). */
const signatureAlgorithms: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.113549.1.1.4': { key: 'rsa', bits: 39 },
  '1.2.840.113549.1.1.5': { key: 'rsa', bits: 63 },
  '1.2.840.113549.1.1.14': { key: 'rsa', bits: 112 },
  '1.2.840.113549.1.1.11': { key: 'rsa', bits: 128 },
  '1.2.840.113549.1.1.12': { key: 'rsa', bits: 192 },
  '1.2.840.113549.1.1.13': { key: 'rsa', bits: 256 },
  '1.2.840.113549.1.1.10': { key: 'rsa-pss', bits: 'of the parameters' },
  '1.2.840.10045.4.1': { key: 'ec', bits: 63 },
  '1.2.840.10045.4.3.1': { key: 'ec', bits: 112 },
  '1.2.840.10045.4.3.2': { key: 'ec', bits: 128 },
  '1.2.840.10045.4.3.3': { key: 'ec', bits: 192 },
  '1.2.840.10045.4.3.4': { key: 'ec', bits: 256 },
  '1.2.840.10040.4.3': { key: 'dsa', bits: 63 },
  '2.16.840.1.101.3.4.3.1': { key: 'dsa', bits: 112 },
  '2.16.840.1.101.3.4.3.2': { key: 'dsa', bits: 128 },
  '1.3.101.112': { key: 'ed25519', bits: 128 },
  '1.3.101.113': { key: 'ed448', bits: 224 },
  '2.16.840.1.101.3.4.3.17': { key: 'ml-dsa-44', bits: 'of the signed key' },
  '2.16.840.1.101.3.4.3.18': { key: 'ml-dsa-65', bits: 'of the signed key' },
  '2.16.840.1.101.3.4.3.19': { key: 'ml-dsa-87', bits: 'of the signed key' },
};
