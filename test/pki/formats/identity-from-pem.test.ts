import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { generate } from 'selfsigned';
import { describe, expect, test } from 'vitest';
import { encodePem } from '../../../src/asn1/pem.ts';
import { identityFromPem, type PemIdentity } from '../../../src/pki/formats/identity-from-pem.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { inspectCertificate } from '../../../src/x509/inspect-certificate.ts';
import { catchError } from '../../support/catch-error.ts';

const pki = createPki({ name: 'p' });
const alice = pki.client('alice');
const { certificatePem: cert, keyPem: key } = alice;
const rsa = pki.client('rsa', { keyAlgorithm: 'rsa-2048' });
const pemInvalid = (what: string, value: string, problem: string) =>
  expect.objectContaining({ code: 'PEM_INVALID', facts: { what, value, problem: expect.stringContaining(problem) } });

describe('a key', () => {
  const sec1 = createPrivateKey(key).export({ type: 'sec1', format: 'pem' }).toString();
  const pkcs1 = createPrivateKey(rsa.keyPem).export({ type: 'pkcs1', format: 'pem' }).toString();

  test.for([
    ['PKCS#8', alice, key, 'BEGIN PRIVATE KEY'],
    ['SEC1', alice, sec1, 'BEGIN EC PRIVATE KEY'],
    [
      'SEC1 after its parameters',
      alice,
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${sec1}`,
      'BEGIN EC PARAMETERS',
    ],
    ['PKCS#1', rsa, pkcs1, 'BEGIN RSA PRIVATE KEY'],
  ] as const)('is taken as %s', ([, { certificatePem, keyPem, name }, pem, armour]) => {
    const identity = identityFromPem({ cert: certificatePem, key: pem });

    expect(pem).toContain(armour);
    expect([identity.name, identity.keyPem]).toEqual([name, keyPem]);
  });

  test('is taken as a KeyObject', () => {
    expect(identityFromPem({ cert, key: createPrivateKey(key) }).keyPem).toBe(key);
  });

  test.for([
    [
      'PKCS#8',
      createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pass' }).toString(),
      'BEGIN ENCRYPTED PRIVATE KEY',
      alice,
    ],
    [
      'PKCS#1',
      createPrivateKey(rsa.keyPem).export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'pass' }).toString(),
      'BEGIN RSA PRIVATE KEY',
      rsa,
    ],
  ] as const)('is taken encrypted as %s, with its passphrase and no other', ([, encrypted, armour, identity]) => {
    const given = { cert: identity.certificatePem, key: encrypted };
    const refused = (problem: string) => pemInvalid('key', `-----${armour}-----`, problem);

    expect(identityFromPem({ ...given, passphrase: 'pass' }).keyPem).toBe(identity.keyPem);
    expect(() => identityFromPem({ ...given, passphrase: 'wrong' })).toThrow(refused('the passphrase is wrong'));
    expect(() => identityFromPem(given)).toThrow(refused('the passphrase is missing'));
  });

  test('of another certificate is refused by comparing public keys', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

    expect(() => identityFromPem({ cert, key: other })).toThrow(
      expect.objectContaining({ code: 'KEY_MISMATCH', facts: { subject: 'CN=alice' } }),
    );
    expect(() => identityFromPem({ cert, key: rsa.keyPem })).toThrow(expect.objectContaining({ code: 'KEY_MISMATCH' }));
    expect(identityFromPem({ cert, key }).name).toBe('alice');
  });

  test('of another certificate is refused also where that has no subject', () => {
    const nameless = pki.issuer.issue({ subject: {}, dns: 'a.test', serialNumber: 0xabcn }).certificatePem;

    expect(() => identityFromPem({ cert: nameless, key })).toThrow(
      expect.objectContaining({ code: 'KEY_MISMATCH', facts: { subject: 'serial number 0ABC' } }),
    );
  });

  test('of an intermediate in the chain is not that of the leaf', () => {
    expect(() => identityFromPem({ cert: alice.chainPem, key: pki.issuer.keyPem })).toThrow(
      expect.objectContaining({ code: 'KEY_MISMATCH' }),
    );
  });
});

describe('certificates', () => {
  test('after the leaf are its chain', () => {
    const identity = identityFromPem({ cert: alice.chainPem, key });

    expect(identity.chainPem).toBe(alice.chainPem);
    expect(identity.certificatePem).toBe(cert);
  });

  test('are taken with CRLF and text around, and given back tidy', () => {
    expect(
      identityFromPem({ cert: `subject=x\r\n${alice.chainPem.replaceAll('\n', '\r\n')}\r\n`, key: key.replaceAll('\n', '\r\n') }).chainPem,
    ).toBe(alice.chainPem);
  });

  test('in ca are the anchors; without any there are none', () => {
    expect(identityFromPem({ cert, key, ca: pki.anchors }).tls.ca).toBe(pki.anchors);
    expect(identityFromPem({ cert, key }).anchors).toBe('');
  });
});

describe('what selfsigned generates', () => {
  test.for([
    { keyType: 'ec', curve: 'P-256' },
    { keyType: 'rsa', keySize: 2048 },
  ] as const)('is an identity as it is (%j)', async (options) => {
    const pems = await generate([{ name: 'commonName', value: 'foreign' }], { ...options, algorithm: 'sha256' });

    const identity = identityFromPem(pems);

    expect(identity.name).toBe('foreign');
    expect(identity.certificate.checkPrivateKey(createPrivateKey(identity.keyPem))).toBe(true);
    expect(() => identity.tls).toThrow(expect.objectContaining({ code: 'TRUST_MISSING' }));
    expect(identity.trusting(pki).tls.ca).toBe(pki.anchors);
  });

  test('and its client certificate mismatch is found', async () => {
    const [one, other] = await Promise.all([generate(), generate()]);

    expect(() => identityFromPem({ ...one, private: other.private })).toThrow(expect.objectContaining({ code: 'KEY_MISMATCH' }));
    expect(identityFromPem(one).name).toBe('example.org');
  });
});

test('RSA-PSS, Ed25519 and P-521 credentials are identities too', () => {
  for (const keyAlgorithm of ['rsa-pss-2048', 'ed25519', 'ec-p521'] as const) {
    const { chainPem, keyPem } = pki.client('x', { keyAlgorithm });

    expect(inspectCertificate(identityFromPem({ cert: chainPem, key: keyPem }).certificate).keyAlgorithm).toBe(keyAlgorithm);
  }
});

describe('refused, quoting nothing but armour', () => {
  const bare = key.split('\n').slice(1, -2).join('\n');
  const damaged = encodePem('CERTIFICATE', alice.certificate.raw.subarray(0, 100));

  test.for<readonly [string, object, unknown]>([
    ['a certificate that is not PEM', { cert: 'words', key }, pemInvalid('cert', 'text without BEGIN', 'it holds no BEGIN CERTIFICATE')],
    ['an empty certificate', { cert: '', key }, pemInvalid('cert', 'text without BEGIN', 'it holds no BEGIN CERTIFICATE')],
    ['a certificate in a list', { cert: [cert], key }, pemInvalid('cert', 'list', 'it is a list')],
    ['a missing certificate', { key }, pemInvalid('cert', 'undefined', 'it is not text')],
    ['a key in place of the certificate', { cert: key, key }, pemInvalid('cert', 'BEGIN PRIVATE KEY', 'it is not a certificate')],
    ['a key beside the certificate', { cert: cert + key, key }, pemInvalid('cert', 'BEGIN PRIVATE KEY', 'it is not a certificate')],
    [
      'a key without armour in place of the certificate',
      { cert: bare, key },
      pemInvalid('cert', 'text without BEGIN', 'it holds no BEGIN CERTIFICATE'),
    ],
    [
      'a key under the label of a certificate',
      { cert: key.replaceAll('PRIVATE KEY', 'CERTIFICATE'), key },
      pemInvalid('cert', 'BEGIN CERTIFICATE', 'the bytes inside are not a certificate'),
    ],
    ['a damaged certificate', { cert: damaged, key }, pemInvalid('cert', 'BEGIN CERTIFICATE', 'the bytes inside are not a certificate')],
    [
      'a damaged certificate in the chain',
      { cert: cert + damaged, key },
      pemInvalid('cert', 'BEGIN CERTIFICATE', 'the bytes inside are not a certificate'),
    ],
    ['a certificate without an end', { cert: cert.slice(0, 200), key }, pemInvalid('PEM text', 'BEGIN CERTIFICATE', 'it has no END')],
    ['a certificate in place of the key', { cert, key: cert }, pemInvalid('key', '-----BEGIN CERTIFICATE-----', 'it is not a private key')],
    ['a key without armour', { cert, key: bare }, pemInvalid('key', 'text without BEGIN', 'it is not a private key')],
    ['a missing key', { cert }, pemInvalid('key', 'undefined', 'it is not text')],
    ['anchors that are a key', { cert, key, ca: key }, pemInvalid('ca', 'BEGIN PRIVATE KEY', 'it is not a certificate')],
    [
      'anchors that are a key without armour',
      { cert, key, ca: bare },
      pemInvalid('ca', 'text without BEGIN', 'it holds no BEGIN CERTIFICATE'),
    ],
    ['empty anchors', { cert, key, ca: '' }, pemInvalid('ca', 'text without BEGIN', 'it holds no BEGIN CERTIFICATE')],
    [
      'a public KeyObject',
      { cert, key: alice.certificate.publicKey },
      expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'key', value: 'public ec' }) }),
    ],
  ])('%s', ([, pem, refused]) => {
    const error = catchError(() => identityFromPem(pem as PemIdentity)); // as plain JavaScript may

    expect(error).toEqual(refused);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(bare.slice(0, 12));
    expect(identityFromPem({ cert, key, ca: pki.anchors }).name).toBe('alice');
  });

  test.for(['null', '5'])('the value %s', (json) => {
    const value: PemIdentity = JSON.parse(json);

    expect(() => identityFromPem(value)).toThrow(
      expect.objectContaining({ code: 'PEM_INVALID', facts: expect.objectContaining({ what: 'identity' }) }),
    );
  });
});

describe('one PEM that holds key and certificates', () => {
  const deep = createPki({ name: 'deep', intermediates: 2 });
  const bob = deep.client('bob');
  const intermediates = [deep.issuer, deep.issuer.parent ?? deep.issuer].map(({ certificatePem }) => certificatePem);
  const encrypted = createPrivateKey(bob.keyPem)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pass' })
    .toString();

  test.for<readonly [string, readonly string[]]>([
    ['key first', [bob.keyPem, bob.certificatePem, ...intermediates]],
    ['leaf first', [bob.certificatePem, ...intermediates, bob.keyPem]],
    ['chain upside down', [...intermediates.toReversed(), bob.keyPem, bob.certificatePem]],
    ['with a certificate of another chain', [pki.issuer.certificatePem, ...intermediates, bob.certificatePem, bob.keyPem]],
  ])('%s is read', ([, parts]) => {
    for (const pem of [parts.join(''), Buffer.from(parts.join('# note\n'))]) {
      const identity = identityFromPem(pem);

      expect([identity.keyPem, identity.chainPem, identity.anchors]).toEqual([bob.keyPem, bob.chainPem, '']);
    }
  });

  test('has its root as anchor, unless ca is given', () => {
    const pem = bob.keyPem + bob.chainPem + deep.anchors;

    expect(identityFromPem(pem)).toMatchObject({ chainPem: bob.chainPem, anchors: deep.anchors });
    expect(identityFromPem({ pem, ca: pki.anchors })).toMatchObject({ chainPem: bob.chainPem, anchors: pki.anchors });
  });

  test('may be encrypted, and a self-signed leaf stays the leaf', async () => {
    const own = await generate();

    expect(identityFromPem({ pem: encrypted + bob.chainPem, passphrase: 'pass' }).keyPem).toBe(bob.keyPem);
    expect(() => identityFromPem({ pem: encrypted + bob.chainPem })).toThrow(expect.objectContaining({ code: 'PEM_INVALID' }));
    expect(identityFromPem(own.private + own.cert).name).toBe('example.org');
  });

  test.for<readonly [string, unknown, unknown]>([
    ['no key', bob.chainPem, pemInvalid('key', '-----BEGIN CERTIFICATE-----', 'it is not a private key')],
    ['no certificate', bob.keyPem, pemInvalid('pem', 'text without BEGIN', 'it holds no BEGIN CERTIFICATE')],
    ['two keys', bob.keyPem + alice.keyPem + bob.chainPem, pemInvalid('key', '-----BEGIN PRIVATE KEY-----', '2 private keys')],
    [
      'a key of another certificate',
      alice.keyPem + bob.chainPem,
      expect.objectContaining({ code: 'KEY_MISMATCH', facts: { subject: 'CN=bob' } }),
    ],
    ['no PEM', 'text', pemInvalid('key', 'text without BEGIN', 'it is not a private key')],
    ['a pem that is a number', { pem: 5 }, pemInvalid('pem', 'number', 'it is not text')],
    ['cert beside pem', { pem: bob.keyPem + bob.chainPem, cert }, expect.objectContaining({ code: 'OPTION_INVALID' })],
  ])('%s is refused', ([, pem, refused]) => {
    expect(catchError(() => identityFromPem(pem as string))).toEqual(refused); // as plain JavaScript may
    expect(identityFromPem(bob.keyPem + bob.chainPem).name).toBe('bob');
  });
});
