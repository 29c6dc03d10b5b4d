import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readDer } from '../../src/asn1/der-reader.ts';
import { nullValue } from '../../src/asn1/der-writer.ts';
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  crlDistributionPoints,
  encodeExtension,
  extendedKeyUsage,
  keyIdentifier,
  keyUsage,
  subjectAltName,
  subjectKeyIdentifier,
} from '../../src/x509/extensions.ts';
import type { KeyUsage } from '../../src/x509/object-identifiers.ts';
import { dnsName } from '../../src/x509/names/general-name.ts';

test('an extension that is not critical leaves the flag out, as DER leaves out defaults', () => {
  const extension = { oid: '2.5.29.99', value: nullValue() };

  expect(hex(encodeExtension(extension))).toBe('30090603551d6304020500');
  expect(hex(encodeExtension({ ...extension, critical: false }))).toBe('30090603551d6304020500');
  expect(hex(encodeExtension({ ...extension, critical: true }))).toBe('300c0603551d630101ff04020500');
});

test.for([
  ['basicConstraints', basicConstraints({ ca: false }), true, '2.5.29.19', '3000'],
  ['basicConstraints of a CA', basicConstraints({ ca: true }), true, '2.5.29.19', '30030101ff'],
  ['basicConstraints with a path length', basicConstraints({ ca: true, pathLength: 0 }), true, '2.5.29.19', '30060101ff020100'],
  ['basicConstraints that contradict themselves', basicConstraints({ ca: false, pathLength: 1 }), true, '2.5.29.19', '3003020101'],
  ['keyUsage', keyUsage(['digitalSignature']), true, '2.5.29.15', '03020780'],
  ['keyUsage of a CA', keyUsage(['cRLSign', 'keyCertSign']), true, '2.5.29.15', '03020106'],
  ['keyUsage with the ninth bit', keyUsage(['keyAgreement', 'decipherOnly']), true, '2.5.29.15', '0303070880'],
  ['extendedKeyUsage', extendedKeyUsage(['clientAuth']), undefined, '2.5.29.37', '300a06082b06010505070302'],
  ['subjectKeyIdentifier', subjectKeyIdentifier(Uint8Array.of(1, 2)), undefined, '2.5.29.14', '04020102'],
  ['authorityKeyIdentifier', authorityKeyIdentifier(Uint8Array.of(1, 2)), undefined, '2.5.29.35', '300480020102'],
  ['subjectAltName', subjectAltName([dnsName('a')], false), false, '2.5.29.17', '3003820161'],
  ['subjectAltName beside an empty subject', subjectAltName([dnsName('a')], true), true, '2.5.29.17', '3003820161'],
  [
    'crlDistributionPoints',
    crlDistributionPoints(['http://a', 'http://b']),
    undefined,
    '2.5.29.31',
    '3020300ea00ca00a8608687474703a2f2f61300ea00ca00a8608687474703a2f2f62',
  ],
  [
    'authorityInfoAccess',
    authorityInfoAccess({ ocsp: ['http://a'], caIssuers: ['http://b'] }),
    undefined,
    '1.3.6.1.5.5.7.1.1',
    '302c301406082b060105050730018608687474703a2f2f61301406082b060105050730028608687474703a2f2f62',
  ],
] as const)('%s has the criticality and the octets of RFC 5280', ([, extension, critical, oid, octets]) => {
  expect([extension.oid, extension.critical, hex(extension.value)]).toEqual([oid, critical, octets]);
});

describe('keyUsage', () => {
  test.for(['constructor', 'toString', 'serverAuth', '', 'DigitalSignature'])('refuses "%s"', (usage) => {
    const usages: KeyUsage[] = JSON.parse(JSON.stringify([usage]));

    expect(() => keyUsage(usages)).toThrow(optionInvalid('keyUsage', usage, 'one of digitalSignature, '));
    expect(readDer(keyUsage(['digitalSignature']).value, 'usage').namedBits).toEqual([0]);
  });
});

describe('extendedKeyUsage', () => {
  test('takes names and dotted object identifiers, in their order', () => {
    const purposes = readDer(extendedKeyUsage(['clientAuth', '1.3.6.1.4.1.311.20.2.2', 'anyExtendedKeyUsage']).value, 'purposes');

    expect(purposes.children.map(({ objectIdentifier }) => objectIdentifier)).toEqual([
      '1.3.6.1.5.5.7.3.2',
      '1.3.6.1.4.1.311.20.2.2',
      '2.5.29.37.0',
    ]);
  });

  test.for(['client', 'toString', '', '1', '1.40', '3.1', '1.2.'])('refuses "%s"', (purpose) => {
    expect(() => extendedKeyUsage([purpose])).toThrow(optionInvalid('extendedKeyUsage', purpose, 'a dotted object identifier'));
    expect(extendedKeyUsage(['serverAuth']).oid).toBe('2.5.29.37');
  });
});

describe('the key identifier', () => {
  test.for([
    ['ec', generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey],
    ['rsa', generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey],
    ['ed25519', generateKeyPairSync('ed25519').publicKey],
  ] as const)('is SHA-1 of the bits of the public key alone (%s)', ([, key]) => {
    const spki = key.export({ type: 'spki', format: 'der' });
    const bits = readDer(spki, 'key').children[1]?.content.subarray(1) ?? new Uint8Array();

    expect(hex(keyIdentifier(spki))).toBe(createHash('sha1').update(bits).digest('hex'));
  });

  test('of RFC 9500’s P-256 test key is the one that openssl x509 writes', () => {
    const key = createPublicKey(
      '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQiVI+I+3gv+17KN0RFLHKh5Vj71v\nc75eSOkyMsxFxbFsTNEMTLjVuKFxOelIgsiZJXKZNCX0FBmrfpCkKklCcg==\n-----END PUBLIC KEY-----',
    );

    expect(hex(keyIdentifier(key.export({ type: 'spki', format: 'der' })))).toBe('5b70a79817f79ff637d2f7e3dc446c2109d7bbd4');
  });
});

test('an invalid URL is rejected wherever one is written', () => {
  const refused = expect.objectContaining({ code: 'NAME_INVALID', facts: expect.objectContaining({ kind: 'URI', value: 'not a url' }) });

  expect(() => crlDistributionPoints(['not a url'])).toThrow(refused);
  expect(() => authorityInfoAccess({ ocsp: ['not a url'], caIssuers: [] })).toThrow(refused);
  expect(() => authorityInfoAccess({ ocsp: [], caIssuers: ['not a url'] })).toThrow(refused);
  expect(crlDistributionPoints(['http://a']).oid).toBe('2.5.29.31');
});

function optionInvalid(option: string, value: string, expected: string): unknown {
  return expect.objectContaining({ code: 'OPTION_INVALID', facts: { option, value, expected: expect.stringContaining(expected) } });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
