import { createPrivateKey } from 'node:crypto';
import { format, inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { decodePem, encodePem } from '../../src/asn1/pem.ts';
import { identityFromPem } from '../../src/pki/formats/identity-from-pem.ts';
import { createPki } from '../../src/pki/pki.ts';
import { inspectCertificate } from '../../src/x509/inspect-certificate.ts';
import { catchError } from '../support/catch-error.ts';

const pki = createPki({ name: 'p' });
const alice = pki.client('alice', { serialNumber: 0xabcn });
const untrusted = identityFromPem({ cert: alice.chainPem, key: alice.keyPem });

describe('what an identity presents', () => {
  test('is PEM of leaf, chain and key that belong together', () => {
    expect(alice.chainPem).toBe(alice.certificatePem + pki.issuer.certificatePem);
    expect(inspectCertificate(alice.certificatePem).fingerprint256).toBe(alice.certificate.fingerprint256);
    expect(alice.certificate.checkPrivateKey(createPrivateKey(alice.keyPem))).toBe(true);
    expect(alice.keyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/u);
  });

  test('goes to clients as tls, and to servers that require a certificate as serverTls', () => {
    expect(alice.tls).toEqual({ key: alice.keyPem, cert: alice.chainPem, ca: pki.anchors });
    expect(alice.serverTls).toEqual({ ...alice.tls, requestCert: true, rejectUnauthorized: true });
  });

  test('knows the authority that issued it, where that is ours', () => {
    expect(alice.authority).toBe(pki.issuer);
    expect(untrusted.authority).toBeUndefined();
  });
});

describe('the name', () => {
  test.for([
    [{ commonName: 'cn', dns: 'a.test' }, 'cn'],
    [{ subject: {}, dns: 'a.test', uri: 'a:b' }, 'a.test'],
    [{ subject: {}, uri: 'a:b', ip: '::1' }, 'a:b'],
    [{ subject: {}, ip: '::1', email: 'a@b' }, '::1'],
    [{ subject: {}, email: 'a@b' }, 'a@b'],
    [{ subject: { organization: 'o' }, serialNumber: 0xfff }, '0FFF'],
    [{ subject: { organization: 'Org' }, serialNumber: 1 }, '01'],
  ] as const)('of %j is %s', ([options, name]) => {
    expect(pki.issuer.issue(options).name).toBe(name);
  });
});

test('a certificate that cannot be read whole is presented all the same, under a name for messages', () => {
  const month13 = Buffer.from(decodePem(alice.certificatePem)[0]?.der ?? []);
  month13.write('261301000000Z', month13.indexOf(Uint8Array.of(0x17, 13)) + 2, 'latin1');
  const cert = encodePem('CERTIFICATE', month13);
  expect(() => inspectCertificate(cert)).toThrow(expect.objectContaining({ code: 'DER_INVALID' }));

  const broken = identityFromPem({ cert, key: alice.keyPem, ca: pki.anchors });

  expect(broken.name).toBe('unreadable certificate');
  expect(inspect(broken)).toBe('Identity "unreadable certificate"');
  expect(broken.tls.cert).toBe(cert);
  expect(identityFromPem({ cert: alice.certificatePem, key: alice.keyPem }).name).toBe('alice');
});

describe('trust', () => {
  test('that are missing make tls throw, and serverTls too', () => {
    const missing = expect.objectContaining({ code: 'TRUST_MISSING', facts: { who: '"alice"' } });

    expect(untrusted.anchors).toBe('');
    expect(() => untrusted.tls).toThrow(missing);
    expect(() => untrusted.serverTls).toThrow(missing);
    expect(untrusted.trusting(pki).tls.ca).toBe(pki.anchors);
  });

  test('is replaced by trusting, which leaves credential and original as they were', () => {
    const other = createPki();

    const trusting = alice.trusting(other);

    expect(trusting.tls).toEqual({ ...alice.tls, ca: other.anchors });
    expect(trusting.authority).toBe(pki.issuer);
    expect(alice.anchors).toBe(pki.anchors);
  });

  test('is taken from a PKI, an authority, an identity or text, one after the other', () => {
    const other = createPki();

    expect(untrusted.trusting(other, pki.issuer, alice, other.anchors.trimEnd()).anchors).toBe(
      other.anchors + pki.anchors + pki.anchors + other.anchors,
    );
  });

  test.for<readonly [string, unknown, string]>([
    ['text', 'no certificate', 'text without BEGIN'],
    ['empty text', '', 'text without BEGIN'],
    ['a private key', alice.keyPem, 'BEGIN PRIVATE KEY'],
    ['a certificate beside its key', alice.certificatePem + alice.keyPem, 'BEGIN PRIVATE KEY'],
    ['a CRL', pki.issuer.crl(), 'BEGIN X509 CRL'],
    ['armour around something else', encodePem('CERTIFICATE', Uint8Array.of(0, 0, 0)), 'BEGIN CERTIFICATE'],
    ['an attribute certificate', alice.certificatePem.replaceAll('CERTIFICATE', 'ATTRIBUTE CERTIFICATE'), 'BEGIN ATTRIBUTE CERTIFICATE'],
    ['an identity without trust anchors', untrusted, 'text without BEGIN'],
    ['undefined', undefined, 'undefined'],
    ['an object without anchors', {}, 'object'],
  ])('in %s is refused, of which nothing but the armour is quoted', ([, anchors, value]) => {
    expect(() => alice.trusting(pki, anchors as string)).toThrow(
      expect.objectContaining({ code: 'PEM_INVALID', facts: expect.objectContaining({ what: 'trust anchors', value }) }),
    ); // as plain JavaScript may pass it
    expect(alice.trusting(pki).anchors).toBe(pki.anchors);
  });

  test('in nothing at all is refused', () => {
    expect(() => alice.trusting()).toThrow(expect.objectContaining({ code: 'PEM_INVALID' }));
  });
});

// Everything by which a value usually ends up in a log, a report or a snapshot.
describe.for([
  ['an identity', alice, 'Identity "alice"', { name: 'alice', certificate: alice.certificatePem }],
  ['an authority', pki.issuer, 'Authority "p issuing CA"', { name: 'p issuing CA', certificate: pki.issuer.certificatePem }],
] as const)('%s never shows its key', ([, value, inspected, json]) => {
  const secret = value.keyPem.split('\n')[1] ?? '';

  test.for<readonly [string, () => string]>([
    ['util.inspect', () => inspect(value, { showHidden: true, depth: 9 })],
    ['util.inspect without customs', () => inspect(value, { customInspect: false, showHidden: true, depth: 9 })],
    ['util.format', () => format('%s %o %O %j', value, value, value, value)],
    ['JSON.stringify', () => JSON.stringify({ nested: [value] })],
    ['String', () => String(value)],
    ['a template', () => `${Object.prototype.toString.call(value)} ${Object.keys(value).join(',')}`],
    ['structuredClone', () => inspect(structuredClone(value), { depth: 9 })],
  ])('in %s', ([, show]) => {
    const shown = show();

    expect(secret).not.toBe('');
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain('PRIVATE KEY');
    expect(value.keyPem).toContain(secret);
  });

  test('in a failed assertion', () => {
    const failure = catchError(() => {
      expect({ value }).toEqual({ value: 5 });
    });

    expect(String(failure)).toContain('AssertionError');
    expect(inspect(failure, { depth: 9 })).not.toContain('PRIVATE KEY');
  });

  test('but its name and its certificate', () => {
    expect(inspect(value)).toBe(inspected);
    expect(JSON.parse(JSON.stringify(value))).toEqual(json);
  });
});

test('a snapshot holds names and certificates only', () => {
  expect.addSnapshotSerializer({
    test: (value) => typeof value === 'string' && value.startsWith('-----BEGIN CERTIFICATE-----') && !value.includes('PRIVATE'),
    serialize: () => '(a certificate)',
  });

  expect({ alice, authority: pki.issuer, pki }).toMatchInlineSnapshot(`
    {
      "alice": {
        "certificate": (a certificate),
        "name": "alice",
      },
      "authority": {
        "certificate": (a certificate),
        "name": "p issuing CA",
      },
      "pki": {
        "anchors": (a certificate),
        "name": "p",
      },
    }
  `);
});

test('a key shows in errors no more than elsewhere', () => {
  const failure = catchError(() => alice.trusting(alice.keyPem));

  expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain(alice.keyPem.split('\n')[1]);
});
