import { createDecipheriv, createPrivateKey, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type DerElement, readDer } from '../../../../src/asn1/der-reader.ts';
import { createPki } from '../../../../src/pki/pki.ts';

const pki = createPki({ intermediates: 2 });
const alice = pki.client('älice 🔑', { serialNumber: 1 });
const password = 'pässword';

describe('the file', () => {
  const [version, safes, mac] = readDer(alice.pkcs12(password), 'PFX').children;
  const [encrypted, plain] = readDer(contentOf(safes), 'safes').children;

  test('is a PFX of version 3: an encrypted bag of certificates, a plain one with the shrouded key, and a MAC of SHA-256', () => {
    expect(version?.integer).toBe(3n);
    expect(safes?.children[0]?.objectIdentifier).toBe('1.2.840.113549.1.7.1');
    expect([encrypted, plain].map((safe) => safe?.children[0]?.objectIdentifier)).toEqual(['1.2.840.113549.1.7.6', '1.2.840.113549.1.7.1']);
    expect(mac?.children[0]?.children[0]?.children[0]?.objectIdentifier).toBe('2.16.840.1.101.3.4.2.1');
    expect(mac?.children[0]?.children[1]?.content).toHaveLength(32);
  });

  test('holds the leaf, then its intermediates, encrypted with the password', () => {
    const bags = readDer(decrypt(encrypted, password), 'certificates').children;
    const certificates = bags.map((bag) => Buffer.from(bag.children[1]?.inner().children[1]?.inner().content ?? []));

    expect(certificates).toEqual(
      [alice.certificate, pki.issuer.certificate, pki.issuer.parent?.certificate].map((certificate) => certificate?.raw),
    );
    expect(bags.map((bag) => bag.children.length)).toEqual([3, 2, 2]);
  });

  test('opens with no other password', () => {
    expect(() => decrypt(encrypted, 'wrong')).toThrow(expect.objectContaining({ code: 'ERR_OSSL_BAD_DECRYPT' }));
  });

  test('holds the key, encrypted as PKCS#8 under the same password', () => {
    const [bag] = readDer(contentOf(plain), 'keys').children;
    const shrouded = Buffer.from(bag?.children[1]?.inner().bytes ?? []);
    const key = (passphrase: string) => createPrivateKey({ key: shrouded, format: 'der', type: 'pkcs8', passphrase });

    expect(bag?.children[0]?.objectIdentifier).toBe('1.2.840.113549.1.12.10.1.2');
    expect(alice.certificate.checkPrivateKey(key(password))).toBe(true);
    expect(() => key('wrong')).toThrow(expect.objectContaining({ code: 'ERR_OSSL_BAD_DECRYPT' }));
  });

  test('ties key and leaf together by one identifier, and names both as the identity is named', () => {
    const [keyBag] = readDer(contentOf(plain), 'keys').children;
    const [leafBag] = readDer(decrypt(encrypted, password), 'certificates').children;

    expect(attributesOf(keyBag)).toEqual(attributesOf(leafBag));
    expect(attributesOf(keyBag)).toMatchObject({
      '1.2.840.113549.1.9.20': 'älice 🔑',
      '1.2.840.113549.1.9.21': expect.stringMatching(/^.{20}$/su),
    });
  });
});

test('each file has salts of its own', () => {
  expect(alice.pkcs12(password).equals(alice.pkcs12(password))).toBe(false);
});

test('the password may be empty, but has to be text', () => {
  const none = undefined as never; // as plain JavaScript may

  expect(alice.pkcs12('')).toBeInstanceOf(Buffer);
  expect(() => alice.pkcs12(none)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'password', value: 'undefined' }) }),
  );
});

/** What a ContentInfo of plain data wraps. */
function contentOf(info: DerElement | undefined): Uint8Array {
  return info?.children[1]?.inner().content ?? new Uint8Array();
}

/** PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC (RFC 8018), from what the file itself says of them. */
function decrypt(info: DerElement | undefined, secret: string): Uint8Array {
  const [, scheme, content] = info?.children[1]?.inner().children[1]?.children ?? [];
  const [derivation, cipher] = scheme?.children[1]?.children ?? [];
  const [salt, iterations, hmac] = derivation?.children[1]?.children ?? [];
  const iv = cipher?.children[1]?.content;
  if (!salt || !iterations || !iv || !content) throw new Error('no PBES2');
  const identifiers = [scheme?.children[0], derivation?.children[0], hmac?.children[0], cipher?.children[0]].map(
    (id) => id?.objectIdentifier,
  );
  expect(identifiers).toEqual(['1.2.840.113549.1.5.13', '1.2.840.113549.1.5.12', '1.2.840.113549.2.9', '2.16.840.1.101.3.4.1.42']);
  const key = pbkdf2Sync(secret, salt.content, Number(iterations.integer), 32, 'sha256');
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([decipher.update(content.content), decipher.final()]);
}

function attributesOf(bag: DerElement | undefined): Record<string, string | undefined> {
  return Object.fromEntries(
    (bag?.children[2]?.children ?? []).map(({ children: [type, values] }) => [type?.objectIdentifier, values?.children[0]?.text]),
  );
}
