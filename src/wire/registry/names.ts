import { registeredCipherSuite } from './cipher-suites.ts';
import { namesByNumber, unregistered } from './names-by-number.ts';

/** A cipher suite by the name of IANA's registry, e.g. `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`. */
export function cipherSuiteName(number: number): string {
  return registeredCipherSuite(number) ?? unregistered(number);
}

/** A key-exchange group, e.g. `x25519`. */
export function groupName(number: number): string {
  return groupOf(number) ?? unregistered(number);
}

/** A signature scheme, e.g. `rsa_pss_rsae_sha256`; the pairs of hash and signature of TLS 1.2 that RFC 8446 left out in the same style. */
export function signatureSchemeName(number: number): string {
  return schemeOf(number) ?? unregistered(number);
}

/** A kind of certificate that a TLS 1.2 server accepts, e.g. `ecdsa_sign`. */
export function certificateTypeName(number: number): string {
  return certificateTypeOf(number) ?? octet(number);
}

/** A way to use a pre-shared key, e.g. `psk_dhe_ke`. */
export function pskModeName(number: number): string {
  return pskModes[number] ?? octet(number);
}

function octet(number: number): string {
  return `0x${number.toString(16).padStart(2, '0')}`;
}

/** The numbers of the key-exchange groups (RFC 8446 4.2.7 and the registry). */
export const groups = {
  secp192r1: 0x0013,
  secp224r1: 0x0015,
  secp256k1: 0x0016,
  secp256r1: 0x0017,
  secp384r1: 0x0018,
  secp521r1: 0x0019,
  brainpoolP256r1: 0x001a,
  brainpoolP384r1: 0x001b,
  brainpoolP512r1: 0x001c,
  x25519: 0x001d,
  x448: 0x001e,
  brainpoolP256r1tls13: 0x001f,
  brainpoolP384r1tls13: 0x0020,
  brainpoolP512r1tls13: 0x0021,
  curveSM2: 0x0029,
  ffdhe2048: 0x0100,
  ffdhe3072: 0x0101,
  ffdhe4096: 0x0102,
  ffdhe6144: 0x0103,
  ffdhe8192: 0x0104,
  MLKEM512: 0x0200,
  MLKEM768: 0x0201,
  MLKEM1024: 0x0202,
  SecP256r1MLKEM768: 0x11eb,
  X25519MLKEM768: 0x11ec,
  SecP384r1MLKEM1024: 0x11ed,
} as const;

const groupOf = namesByNumber(groups);

/** The numbers of the signature schemes (RFC 8446 4.2.3 and the registry). */
export const signatureSchemes = {
  rsa_pkcs1_md5: 0x0101,
  rsa_pkcs1_sha1: 0x0201,
  dsa_sha1: 0x0202,
  ecdsa_sha1: 0x0203,
  rsa_pkcs1_sha224: 0x0301,
  dsa_sha224: 0x0302,
  ecdsa_sha224: 0x0303,
  rsa_pkcs1_sha256: 0x0401,
  dsa_sha256: 0x0402,
  ecdsa_secp256r1_sha256: 0x0403,
  rsa_pkcs1_sha384: 0x0501,
  dsa_sha384: 0x0502,
  ecdsa_secp384r1_sha384: 0x0503,
  rsa_pkcs1_sha512: 0x0601,
  dsa_sha512: 0x0602,
  ecdsa_secp521r1_sha512: 0x0603,
  sm2sig_sm3: 0x0708,
  rsa_pss_rsae_sha256: 0x0804,
  rsa_pss_rsae_sha384: 0x0805,
  rsa_pss_rsae_sha512: 0x0806,
  ed25519: 0x0807,
  ed448: 0x0808,
  rsa_pss_pss_sha256: 0x0809,
  rsa_pss_pss_sha384: 0x080a,
  rsa_pss_pss_sha512: 0x080b,
  ecdsa_brainpoolP256r1tls13_sha256: 0x081a,
  ecdsa_brainpoolP384r1tls13_sha384: 0x081b,
  ecdsa_brainpoolP512r1tls13_sha512: 0x081c,
  mldsa44: 0x0904,
  mldsa65: 0x0905,
  mldsa87: 0x0906,
} as const;

/** A signature scheme by the registry's name. */
export type SignatureScheme = keyof typeof signatureSchemes;

const schemeOf = namesByNumber(signatureSchemes);

/** RFC 5246 7.4.4 and RFC 8422 5.5. */
const certificateTypeOf = namesByNumber({
  rsa_sign: 1,
  dss_sign: 2,
  rsa_fixed_dh: 3,
  dss_fixed_dh: 4,
  ecdsa_sign: 64,
  rsa_fixed_ecdh: 65,
  ecdsa_fixed_ecdh: 66,
});

const pskModes = ['psk_ke', 'psk_dhe_ke'] as const;
