import { createCipheriv, createHash, createHmac, type KeyObject, pbkdf2Sync, randomBytes, X509Certificate } from 'node:crypto';
import { invalidOption } from '../../../errors/index.ts';
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
} from '../../../asn1/der-writer.ts';
import { aes256Cbc, bag, bagAttribute, hmacSha256, pbes2, pbkdf2, pkcs7, sha256, x509Certificate } from './identifiers.ts';
import { bmpPassword, passwordKey, purpose, utf16 } from './password-key.ts';

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
  requirePassword(password);
  const localKeyId = createHash('sha1').update(new X509Certificate(certificate).raw).digest();
  const attributes = setOf(
    attribute(bagAttribute.localKeyId, octetString(localKeyId)),
    attribute(bagAttribute.friendlyName, bmpString(name)),
  );

  const certificates = sequence(
    sequence(objectIdentifier(bag.certificate), contextConstructed(0, certificateBag(certificate)), attributes),
    ...chain.map((der) => sequence(objectIdentifier(bag.certificate), contextConstructed(0, certificateBag(der)))),
  );
  const shroudedKey = key.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: password });
  const keys = sequence(sequence(objectIdentifier(bag.shroudedKey), contextConstructed(0, shroudedKey), attributes));

  return protectedFile(sequence(encryptedData(certificates, password), data(keys)), password);
}

/** Trust anchors as a PKCS#12 file that Java takes for a truststore: each certificate has the attribute by which it knows one that is trusted. */
export function encodeTrustStore(
  anchors: readonly { readonly certificate: Uint8Array; /** The alias. */ readonly name: string }[],
  password: string,
): Buffer {
  requirePassword(password);
  const certificates = anchors.map(({ certificate, name }) =>
    sequence(
      objectIdentifier(bag.certificate),
      contextConstructed(0, certificateBag(certificate)),
      setOf(attribute(bagAttribute.friendlyName, bmpString(name)), attribute(bagAttribute.trustedKeyUsage, objectIdentifier(anyPurpose))),
    ),
  );
  return protectedFile(sequence(encryptedData(sequence(...certificates), password)), password);
}

function requirePassword(password: unknown): void {
  if (typeof password !== 'string') throw invalidOption('password', typeof password, 'text, which may be empty');
}

function protectedFile(safes: Der, password: string): Buffer {
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
  const prf = sequence(objectIdentifier(hmacSha256), nullValue());
  const derivation = sequence(objectIdentifier(pbkdf2), sequence(octetString(salt), integer(iterations), prf));
  const scheme = sequence(objectIdentifier(aes256Cbc), octetString(iv));
  const algorithm = sequence(objectIdentifier(pbes2), sequence(derivation, scheme));
  const info = sequence(objectIdentifier(pkcs7.data), algorithm, contextPrimitive(0, encrypted));
  return sequence(objectIdentifier(pkcs7.encryptedData), contextConstructed(0, sequence(integer(0), info)));
}

function certificateBag(der: Uint8Array): Der {
  return sequence(objectIdentifier(x509Certificate), contextConstructed(0, octetString(der)));
}

function attribute(oid: string, value: Der): Der {
  return sequence(objectIdentifier(oid), setOf(value));
}

function macData(content: Uint8Array, password: string): Der {
  const salt = randomBytes(16);
  const mac = createHmac(
    'sha256',
    passwordKey(bmpPassword(password), { hash: 'sha256', purpose: purpose.mac, salt, iterations, length: 32 }),
  )
    .update(content)
    .digest();
  const digest = sequence(sequence(objectIdentifier(sha256), nullValue()), octetString(mac));
  return sequence(digest, octetString(salt), integer(iterations));
}

function bmpString(text: string): Der {
  return element(0x1e, utf16(text));
}

/** anyExtendedKeyUsage: what Java itself writes for a trusted certificate. */
const anyPurpose = '2.5.29.37.0';
/** What OpenSSL's own PKCS#12 files use. */
const iterations = 2048;
