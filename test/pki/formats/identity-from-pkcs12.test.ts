import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { contextPrimitive, type Der, element, integer, objectIdentifier, octetString, sequence } from '../../../src/asn1/der-writer.ts';
import { readDer } from '../../../src/asn1/der-reader.ts';
import { identityFromPkcs12 } from '../../../src/pki/formats/identity-from-pkcs12.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { catchError } from '../../support/catch-error.ts';
import { certificateBag, keyBag, makeAttribute, makeBag, makePfx, plainSafes } from './pkcs12/make-pfx.ts';

const pki = createPki({ name: 'p', intermediates: 2 });
const alice = pki.client('alice');
const bob = pki.client('bob');
const password = 'pässword';
const pkcs8 = (identity: { readonly keyPem: string }): Buffer => createPrivateKey(identity.keyPem).export({ type: 'pkcs8', format: 'der' });
const chain = [pki.issuer, pki.issuer.parent ?? pki.issuer].map(({ certificate }) => certificateBag(certificate.raw));
const friendlyName = (text: string) => makeAttribute('1.2.840.113549.1.9.20', element(0x1e, Buffer.from(text, 'utf16le').swap16()));
const localKeyId = (text: string) => makeAttribute('1.2.840.113549.1.9.21', octetString(Buffer.from(text)));
const read = (...safes: readonly (readonly Der[])[]) => identityFromPkcs12(makePfx(plainSafes(...safes), password), password);
const refusal = (code: string, facts: object = {}) => expect.objectContaining({ code, facts: expect.objectContaining(facts) });

describe('what identity.pkcs12() writes is read again', () => {
  test.for(['ec-p256', 'ec-p521', 'ed25519', 'rsa-2048', 'rsa-pss-2048'] as const)('a key of %s', (keyAlgorithm) => {
    const { keyPem, chainPem, pkcs12 } = wholeOf(pki.client('alice', { keyAlgorithm }));

    expect(identityFromPkcs12(pkcs12, password)).toMatchObject({ keyPem, chainPem, anchors: '', name: 'alice' });
  });

  test.for(['', 'ascii', 'p'.repeat(150), 'Zürich-Пароль-密码-🔐'])('under the password "%s", and no other', (secret) => {
    const file = alice.pkcs12(secret);

    expect(identityFromPkcs12(file, secret).keyPem).toBe(alice.keyPem);
    expect(() => identityFromPkcs12(file, `${secret}x`)).toThrow(refusal('PKCS12_PASSWORD_WRONG'));
  });

  test('from bytes within a larger buffer', () => {
    const file = alice.pkcs12(password);
    const larger = Buffer.concat([Buffer.alloc(3), file, Buffer.alloc(3)]);

    expect(identityFromPkcs12(new Uint8Array(larger.buffer, larger.byteOffset + 3, file.length), password).name).toBe('alice');
  });
});

describe('the parts of a file', () => {
  test('may come in any order, the root among them as the trust anchor', () => {
    const root = certificateBag(pki.root.certificate.raw);

    const identity = read([root, ...chain.toReversed()], [certificateBag(alice.certificate.raw), keyBag(pkcs8(alice))]);

    expect(identity).toMatchObject({ keyPem: alice.keyPem, chainPem: alice.chainPem, anchors: pki.anchors });
  });

  test('of several certificates of one key, the one that its identifier points to is the leaf', () => {
    const renewed = pki.client('renewed', { key: alice.keyPem });
    const bags = (id: string) => [
      keyBag(pkcs8(alice), localKeyId(id)),
      certificateBag(alice.certificate.raw, localKeyId('1')),
      certificateBag(renewed.certificate.raw, localKeyId('2')),
    ];

    expect([read(bags('1')).name, read(bags('2')).name]).toEqual(['alice', 'renewed']);
  });

  test('a certificate that Java trusts is an anchor', () => {
    const other = createPki({ name: 'other' });
    const trusted = certificateBag(
      other.issuer.certificate.raw,
      makeAttribute('2.16.840.1.113894.746875.1.1', objectIdentifier('2.5.29.37.0')),
    );

    expect(read([keyBag(pkcs8(alice)), certificateBag(alice.certificate.raw), trusted]).anchors).toBe(other.issuer.certificatePem);
  });

  test('bags may be nested, and others than keys and certificates are passed over', () => {
    const nested = makeBag('1.2.840.113549.1.12.10.1.6', sequence(certificateBag(alice.certificate.raw)));
    const secret = makeBag('1.2.840.113549.1.12.10.1.5', sequence(integer(1)));

    expect(read([nested, secret], [keyBag(pkcs8(alice))]).name).toBe('alice');
  });
});

describe('refused, each with its own code:', () => {
  const leaf = certificateBag(alice.certificate.raw);
  const own = keyBag(pkcs8(alice), friendlyName('alice'));
  const file = alice.pkcs12(password);
  const [version, safes] = readDer(file, 'file').children;
  const encryptedBy = (scheme: string) =>
    sequence(
      sequence(
        objectIdentifier('1.2.840.113549.1.7.6'),
        element(
          0xa0,
          sequence(
            integer(0),
            sequence(
              objectIdentifier('1.2.840.113549.1.7.1'),
              sequence(objectIdentifier(scheme), sequence(octetString(Buffer.alloc(8)), integer(2048))),
              contextPrimitive(0, Buffer.alloc(16)),
            ),
          ),
        ),
      ),
    );

  test.for<readonly [string, unknown, object]>([
    ['no key', makePfx(plainSafes([leaf, ...chain]), password), refusal('PKCS12_KEY_MISSING', { certificates: 3 })],
    ['a truststore', pki.trustStore(password), refusal('PKCS12_KEY_MISSING', { certificates: 1 })],
    ['nothing', makePfx(plainSafes(), password), refusal('PKCS12_KEY_MISSING', { certificates: 0 })],
    [
      'several keys',
      makePfx(plainSafes([own, keyBag(pkcs8(bob)), leaf]), password),
      refusal('PKCS12_SEVERAL_KEYS', { names: ['alice', 'without a name'] }),
    ],
    ['no certificate', makePfx(plainSafes([own]), password), refusal('PKCS12_CERTIFICATE_MISSING', { key: 'alice' })],
    ['the key of another', makePfx(plainSafes([keyBag(pkcs8(bob)), leaf]), password), refusal('KEY_MISMATCH', { subject: 'CN=alice' })],
    ['no MAC', sequence(version?.bytes ?? file, safes?.bytes ?? file), refusal('PKCS12_MAC_MISSING')],
    ['another password', alice.pkcs12('other'), refusal('PKCS12_PASSWORD_WRONG')],
    ['a changed octet', Buffer.from(file).fill(0, 300, 301).fill(1, 301, 302), refusal('PKCS12_PASSWORD_WRONG')],
    [
      'RC2 with 40 bits',
      makePfx(encryptedBy('1.2.840.113549.1.12.1.6'), password),
      refusal('PKCS12_ALGORITHM_UNSUPPORTED', { algorithm: expect.stringMatching(/^RC2 with 40 bits/u) }),
    ],
    ['an unknown scheme', makePfx(encryptedBy('1.2.3.4'), password), refusal('PKCS12_ALGORITHM_UNSUPPORTED', { algorithm: '1.2.3.4' })],
    ['3DES of noise', makePfx(encryptedBy('1.2.840.113549.1.12.1.3'), password), refusal('DER_INVALID', { what: 'PKCS#12 file' })],
    ['a key that is not one', makePfx(plainSafes([keyBag(sequence(integer(0))), leaf]), password), refusal('PEM_INVALID', { what: 'key' })],
    [
      'a certificate that is not one',
      makePfx(plainSafes([own, certificateBag(Buffer.from('no'))]), password),
      refusal('PEM_INVALID', { what: 'cert' }),
    ],
    [
      'octets behind',
      Buffer.concat([file, Buffer.alloc(1)]),
      refusal('DER_INVALID', { problem: expect.stringMatching(/1 octets follow/u) }),
    ],
    ['a certificate', alice.certificate.raw, refusal('DER_INVALID', { problem: expect.stringMatching(/not a PKCS#12 file/u) })],
    ['PEM', Buffer.from(alice.keyPem + alice.chainPem), refusal('DER_INVALID')],
    ['no octets', Buffer.alloc(0), refusal('DER_INVALID')],
    ['text', 'text', refusal('OPTION_INVALID', { option: 'pkcs12', value: 'string' })],
    ['undefined', undefined, refusal('OPTION_INVALID', { option: 'pkcs12', value: 'undefined' })],
  ])('%s', ([, bytes, refused]) => {
    expect(catchError(() => identityFromPkcs12(bytes as Uint8Array, password))).toEqual(refused); // as plain JavaScript may
    expect(identityFromPkcs12(file, password).name).toBe('alice');
  });

  test('every cut', () => {
    const cuts = Array.from({ length: Math.ceil(file.length / 7) }, (_none, index) => index * 7);

    const codes = new Set(cuts.map((cut) => Object(catchError(() => identityFromPkcs12(file.subarray(0, cut), password))).code));

    expect([...codes]).toEqual(['DER_INVALID']);
  });

  test('a password that is not text', () => {
    expect(() => identityFromPkcs12(file, undefined as never)).toThrow(refusal('OPTION_INVALID', { option: 'password' })); // as plain JavaScript may
  });

  test('more rounds than a process can be kept busy with', () => {
    const rounds = 0x7fff_ffff;
    const [, , mac] = readDer(file, 'file').children;
    const [digest, salt] = mac?.children ?? [];
    const hostile = sequence(integer(3), safes?.bytes ?? file, sequence(digest?.bytes ?? file, salt?.bytes ?? file, integer(rounds)));

    expect(() => identityFromPkcs12(hostile, password)).toThrow(
      refusal('DER_INVALID', { problem: expect.stringMatching(/hashed 2147483647 times/u) }),
    );
  });
});

function wholeOf(identity: { readonly keyPem: string; readonly chainPem: string; pkcs12(secret: string): Buffer }) {
  return { keyPem: identity.keyPem, chainPem: identity.chainPem, pkcs12: identity.pkcs12(password) };
}
