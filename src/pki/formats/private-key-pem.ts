import { createPrivateKey, generateKeyPairSync, getCiphers, type KeyObject } from 'node:crypto';
import { type DerElement, readDer } from '../../asn1/der-reader.ts';
import { decodePem, encodeBlock, firstArmour, type PemBlock } from '../../asn1/pem.ts';
import { MtlsFixturesError } from '../../errors/index.ts';
import { algorithmNameOf } from '../../x509/algorithm-names.ts';
import { type PemInput, pemText } from '../../x509/pem-input.ts';

/** Whether a value may hold PEM: text, or bytes. */
export function isPemInput(value: unknown): value is PemInput {
  return typeof value === 'string' || ArrayBuffer.isView(value);
}

/** The key of a text or of bytes, written anew before OpenSSL gets it. Throws `PEM_INVALID` with the true cause, or `KEY_ALGORITHM_UNAVAILABLE`. */
export function readPrivateKey(input: PemInput, passphrase: string | undefined): KeyObject {
  const text = pemText(input, labelOfDer) ?? '';
  const foreign = foreignFormats.find(([pattern]) => pattern.test(text));
  if (foreign) throw invalid(text, `it is not a private key that OpenSSL reads but ${foreign[1]}`);
  const blocks = decodePem(text);
  const [block, ...others] = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'));
  if (!block) throw invalid(text, `it is not a private key${blocks[0] ? `: it holds a ${blocks[0].label}` : ''}`);
  if (others.length > 0) throw invalid(text, `it holds ${others.length + 1} private keys; pass one`);
  const key = readBlock(block, passphrase);
  const name = algorithmOf(block);
  // Node 22 reads some, as keys of no type at all, and cannot use them (measured on 22.23).
  if (key.asymmetricKeyType === undefined && name?.startsWith('ml-dsa') === true) throw algorithmUnavailable(name, undefined);
  return key;
}

function readBlock(block: PemBlock, passphrase: string | undefined): KeyObject {
  const key = encodeBlock(block);
  const read = (): KeyObject => createPrivateKey(passphrase === undefined ? key : { key, passphrase });
  try {
    return read();
  } catch {
    // Other code of the process may have left its error in OpenSSL's queue, by `KeyObject.equals` of two types for one: that is reported here once, for a good key (measured on Node 20 to 26).
  }
  try {
    return read();
  } catch (cause) {
    throw isEncrypted(block) ? encryptedProblem(block, passphrase, cause) : plainProblem(block, cause);
  }
}

/** The error for an algorithm that this Node.js does not have. */
export function algorithmUnavailable(algorithm: string, cause: unknown): MtlsFixturesError {
  const runtime = `Node.js ${process.versions.node} with OpenSSL ${process.versions.openssl}`;
  return new MtlsFixturesError('KEY_ALGORITHM_UNAVAILABLE', { algorithm, runtime, needs: 'Node.js 24.6 with OpenSSL 3.5' }, { cause });
}

function isEncrypted({ label, headers }: PemBlock): boolean {
  return label === 'ENCRYPTED PRIVATE KEY' || /ENCRYPTED/u.test(headers);
}

function encryptedProblem(block: PemBlock, passphrase: string | undefined, cause: unknown): MtlsFixturesError {
  const missing = unsupportedCipher(block);
  if (missing !== undefined)
    return invalid(
      armour(block),
      `it is encrypted with ${missing}, a cipher that OpenSSL ${process.versions.openssl} does not support here; encrypt it anew with AES`,
      cause,
    );
  const problem = passphrase === undefined ? 'the passphrase is missing' : 'the passphrase is wrong, or the key corrupt';
  return invalid(armour(block), `it is encrypted and ${problem}`, cause);
}

/** The name of the algorithm that PKCS#8 gives, or its object identifier; undefined for other forms. */
function algorithmOf(block: PemBlock): string | undefined {
  const dotted = pkcs8Algorithm(block);
  return dotted === undefined ? undefined : (algorithmNameOf(dotted) ?? dotted);
}

function plainProblem(block: PemBlock, cause: unknown): MtlsFixturesError {
  const name = algorithmOf(block);
  if (name?.startsWith('ml-dsa') === true)
    return hasMlDsa() ? invalid(armour(block), `its ${name} key is corrupt`, cause) : algorithmUnavailable(name, cause);
  if (name !== undefined && !readable.has(name))
    return invalid(armour(block), `it is a key of ${name}, which this Node.js does not read, or it is corrupt`, cause);
  return invalid(armour(block), 'it is not a private key: the bytes inside are corrupt', cause);
}

/** The cipher that OpenSSL lacks, by its name or object identifier; undefined where it has it. The code of its error does not tell: a wrong passphrase may look the same. */
function unsupportedCipher({ label, headers, der }: PemBlock): string | undefined {
  if (label !== 'ENCRYPTED PRIVATE KEY') {
    const name = /DEK-Info: *([^,\s]+)/u.exec(headers)?.[1] ?? 'an unnamed cipher';
    return getCiphers().includes(name.toLowerCase()) ? undefined : name;
  }
  try {
    const [scheme, parameters] = readDer(der, 'key').children[0]?.children ?? [];
    const dotted = scheme?.objectIdentifier ?? '';
    if (dotted !== pbes2) return supportedSchemes.has(dotted) ? undefined : (legacySchemes[dotted] ?? dotted);
    const cipher = parameters?.children[1]?.children[0]?.objectIdentifier ?? '';
    return pbes2Ciphers.has(cipher) ? undefined : (legacySchemes[cipher] ?? cipher);
  } catch {
    return undefined; // damaged: the caller reports it
  }
}

/** The object identifier that PKCS#8 names. */
function pkcs8Algorithm({ label, der }: PemBlock): string | undefined {
  if (label !== 'PRIVATE KEY') return undefined;
  try {
    return readDer(der, 'key').children[1]?.children[0]?.objectIdentifier;
  } catch {
    return undefined; // the caller reports what is wrong with it
  }
}

function hasMlDsa(): boolean {
  try {
    generateKeyPairSync('ml-dsa-44');
    return true;
  } catch {
    return false;
  }
}

/** What DER without armour is, by its first elements: PKCS#8, encrypted or not, PKCS#1, SEC1. */
function labelOfDer(der: Uint8Array): string | undefined {
  try {
    const [first, second] = readDer(der, 'key').children;
    if (first?.tag === sequenceTag && second?.tag === octetStringTag) return 'ENCRYPTED PRIVATE KEY';
    if (first?.tag !== integerTag || first.integer > 1n) return undefined;
    return labelBySecond(second);
  } catch {
    return undefined;
  }
}

function labelBySecond(second: DerElement | undefined): string | undefined {
  if (second?.tag === sequenceTag) return 'PRIVATE KEY';
  if (second?.tag === integerTag) return 'RSA PRIVATE KEY';
  return second?.tag === octetStringTag ? 'EC PRIVATE KEY' : undefined;
}

function armour({ label }: PemBlock): string {
  return `-----BEGIN ${label}-----`;
}

function invalid(text: string, problem: string, cause?: unknown): MtlsFixturesError {
  return new MtlsFixturesError(
    'PEM_INVALID',
    { what: 'key', value: firstArmour(text), problem },
    cause === undefined ? undefined : { cause },
  );
}

const integerTag = 0x02;
const octetStringTag = 0x04;
const sequenceTag = 0x30;

/** Private keys that are not PEM of OpenSSL's. */
const foreignFormats: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN OPENSSH PRIVATE KEY-----/u, 'a key of OpenSSH; convert a copy of it with ssh-keygen -p -m PKCS8'],
  [/-----BEGIN PGP (?:PRIVATE|PUBLIC) KEY BLOCK-----/u, 'a key of OpenPGP'],
  [/-----BEGIN TSS2 (?:PRIVATE )?KEY(?: BLOB)?-----/u, 'a key that is bound to a TPM (TSS2)'],
  [/-----BEGIN (?:TPM2?|STORED) .*KEY-----/u, 'a key that is bound to a TPM'],
  [/^\s*PuTTY-User-Key-File-\d/u, 'a key of PuTTY; export it with puttygen'],
  [/---- BEGIN SSH2 (?:ENCRYPTED )?P\w+ KEY ----/u, 'a key in the format of SSH2'],
  [/^\s*(?:ssh-|ecdsa-sha2-)\S+ AAAA/u, 'a public key of OpenSSH'],
  [/^\s*\{[^]*"kty"/u, 'a JSON Web Key; read it with crypto.createPrivateKey({ format: "jwk" })'],
];

/** Kinds of keys that every OpenSSL 3 reads, so that a refusal is about the key. */
const readable: ReadonlySet<string> = new Set(['rsa', 'rsa-pss', 'dsa', 'ec', 'ed25519', 'ed448', 'x25519', 'x448']);

const pbes2 = '1.2.840.113549.1.5.13';
/** pbeWithSHAAnd3-KeyTripleDES-CBC and its two-key kind: the schemes of PKCS#12 that OpenSSL 3 has without its legacy provider. */
const supportedSchemes: ReadonlySet<string> = new Set(['1.2.840.113549.1.12.1.3', '1.2.840.113549.1.12.1.4']);
/** 3DES and AES in CBC and other modes, those without a chain of blocks too. */
const pbes2Ciphers: ReadonlySet<string> = new Set([
  '1.2.840.113549.3.7',
  ...[1, 2, 3, 4, 21, 22, 23, 24, 41, 42, 43, 44].map((number) => `2.16.840.1.101.3.4.1.${number}`),
  ...[2, 3, 4].map((number) => `1.2.392.200011.61.1.1.1.${number}`), // Camellia
  ...[2, 7, 12].map((number) => `1.2.410.200046.1.1.${number}`), // ARIA
  '1.2.156.10197.1.104.2', // SM4
]);
const legacySchemes: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.5.1': 'pbeWithMD2AndDES-CBC',
  '1.2.840.113549.1.5.3': 'pbeWithMD5AndDES-CBC',
  '1.2.840.113549.1.5.4': 'pbeWithMD2AndRC2-CBC',
  '1.2.840.113549.1.5.6': 'pbeWithMD5AndRC2-CBC',
  '1.2.840.113549.1.5.10': 'pbeWithSHA1AndDES-CBC',
  '1.2.840.113549.1.5.11': 'pbeWithSHA1AndRC2-CBC',
  '1.2.840.113549.1.12.1.1': 'pbeWithSHA1And128BitRC4',
  '1.2.840.113549.1.12.1.2': 'pbeWithSHA1And40BitRC4',
  '1.2.840.113549.1.12.1.5': 'pbeWithSHA1And128BitRC2-CBC',
  '1.2.840.113549.1.12.1.6': 'pbeWithSHA1And40BitRC2-CBC',
  '1.3.14.3.2.7': 'DES-CBC',
  '1.2.840.113549.3.2': 'RC2-CBC',
  '1.2.840.113549.3.4': 'RC4',
  '1.2.840.113533.7.66.10': 'CAST5-CBC',
  '1.3.6.1.4.1.3029.1.2': 'BF-CBC',
  '1.3.6.1.4.1.188.7.1.1.2': 'IDEA-CBC',
  '1.2.410.200004.1.4': 'SEED-CBC',
};
