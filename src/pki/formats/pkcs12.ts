import { createCipheriv, createHash, createHmac, type KeyObject, pbkdf2Sync, randomBytes, X509Certificate } from 'node:crypto';
import {
  contextConstructed,
  contextPrimitive,
  type Der,
  element,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
} from '../../asn1/der-writer.ts';
import { MtlsFixturesError } from '../../errors/index.ts';

/** A key, its certificate and the chain as a PKCS#12 file (RFC 7292), protected with a password by PBES2 and HMAC-SHA-256. */
export function encodePkcs12(parts: {
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
  readonly chain: readonly Uint8Array[];
  /** The friendly name, which Java uses as the alias. */
  readonly name: string;
  readonly password: string;
}): Buffer {
  const { certificate, key, chain, name, password } = parts;
  if (typeof password !== 'string')
    throw new MtlsFixturesError('OPTION_INVALID', { option: 'password', value: typeof password, expected: 'text, which may be empty' });
  const localKeyId = createHash('sha1').update(new X509Certificate(certificate).raw).digest();
  const attributes = setOf(attribute(pkcs9.localKeyId, octetString(localKeyId)), attribute(pkcs9.friendlyName, bmpString(name)));

  const certificates = sequence(
    sequence(objectIdentifier(bag.certificate), contextConstructed(0, certificateBag(certificate)), attributes),
    ...chain.map((der) => sequence(objectIdentifier(bag.certificate), contextConstructed(0, certificateBag(der)))),
  );
  const shroudedKey = key.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: password });
  const keys = sequence(sequence(objectIdentifier(bag.shroudedKey), contextConstructed(0, shroudedKey), attributes));

  const safes = sequence(encryptedData(certificates, password), data(keys));
  return Buffer.from(sequence(integer(3), data(safes), macData(safes, password)));
}

function data(content: Der): Der {
  return sequence(objectIdentifier(pkcs7.data), contextConstructed(0, octetString(content)));
}

function encryptedData(content: Der, password: string): Der {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', pbkdf2Sync(password, salt, iterations, 32, 'sha256'), iv);
  const encrypted = Buffer.concat([cipher.update(content), cipher.final()]);
  const hmacSha256 = sequence(objectIdentifier('1.2.840.113549.2.9'), nullValue());
  const derivation = sequence(objectIdentifier('1.2.840.113549.1.5.12'), sequence(octetString(salt), integer(iterations), hmacSha256));
  const scheme = sequence(objectIdentifier('2.16.840.1.101.3.4.1.42'), octetString(iv));
  const pbes2 = sequence(objectIdentifier('1.2.840.113549.1.5.13'), sequence(derivation, scheme));
  const info = sequence(objectIdentifier(pkcs7.data), pbes2, contextPrimitive(0, encrypted));
  return sequence(objectIdentifier(pkcs7.encryptedData), contextConstructed(0, sequence(integer(0), info)));
}

function certificateBag(der: Uint8Array): Der {
  return sequence(objectIdentifier('1.2.840.113549.1.9.22.1'), contextConstructed(0, octetString(der)));
}

function attribute(oid: string, value: Der): Der {
  return sequence(objectIdentifier(oid), setOf(value));
}

function macData(content: Uint8Array, password: string): Der {
  const salt = randomBytes(16);
  const mac = createHmac('sha256', macKey(password, salt)).update(content).digest();
  const digest = sequence(sequence(objectIdentifier('2.16.840.1.101.3.4.2.1'), nullValue()), octetString(mac));
  return sequence(digest, octetString(salt), integer(iterations));
}

/** The key derivation of RFC 7292 B.2 for one SHA-256 block of MAC key: purpose 3, blocks of 64 octets. */
function macKey(password: string, salt: Uint8Array): Buffer {
  const block = 64;
  const fill = (source: Uint8Array): Buffer => Buffer.alloc(Math.ceil(source.length / block) * block, source);
  const secret = Buffer.concat([utf16(password), Buffer.alloc(2)]); // RFC 7292 B.1: with its terminating zero
  let key: Buffer = createHash('sha256').update(Buffer.alloc(block, 3)).update(fill(salt)).update(fill(secret)).digest();
  for (let round = 1; round < iterations; round += 1) key = createHash('sha256').update(key).digest();
  return key;
}

function bmpString(text: string): Der {
  return element(0x1e, utf16(text));
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

const pkcs7 = { data: '1.2.840.113549.1.7.1', encryptedData: '1.2.840.113549.1.7.6' };
const pkcs9 = { friendlyName: '1.2.840.113549.1.9.20', localKeyId: '1.2.840.113549.1.9.21' };
const bag = { shroudedKey: '1.2.840.113549.1.12.10.1.2', certificate: '1.2.840.113549.1.12.10.1.3' };

/** What OpenSSL's own PKCS#12 files use. */
const iterations = 2048;
