import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createPki } from '../../src/pki/pki.ts';
import { selfSignedIdentity } from '../../src/pki/self-signed-identity.ts';
import { inspectCertificate } from '../../src/x509/inspect-certificate.ts';

const hour = 3_600_000;
const day = 24 * hour;
const read = async (options?: object) => inspectCertificate((await selfSignedIdentity(options)).certificate);

test('a self-signed identity signs itself, for both roles, and has no trust anchors', async () => {
  const untrusted = await selfSignedIdentity();

  expect(inspectCertificate(untrusted.certificate)).toMatchObject({
    commonName: 'self-signed',
    issuer: { text: 'CN=self-signed' },
    altNames: { dns: ['localhost'], ip: [], uri: [], email: [] },
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['serverAuth', 'clientAuth'],
    isAuthority: false,
    keyAlgorithm: 'ec-p256',
    signatureAlgorithm: 'ecdsa-sha256',
  });
  expect(untrusted.certificate.verify(untrusted.certificate.publicKey)).toBe(true);
  expect(untrusted.chainPem).toBe(untrusted.certificatePem);
  expect(() => untrusted.tls).toThrow(expect.objectContaining({ code: 'TRUST_MISSING' }));
  expect(untrusted.trusting(createPki()).tls.cert).toBe(untrusted.certificatePem);
});

test.for([
  [{ dns: ['a.test', '*.b.test'] }, { dns: ['a.test', '*.b.test'] }],
  [{ dns: 'bücher.example' }, { dns: ['xn--bcher-kva.example'] }],
  [{ ip: ['10.0.0.1', 'fe80::1'] }, { ip: ['10.0.0.1', 'fe80::1'] }],
  [{ uri: 'spiffe://a.test/x' }, { uri: ['spiffe://a.test/x'] }],
  [
    { dns: 'a.test', ip: '::1' },
    { dns: ['a.test'], ip: ['::1'] },
  ],
  [{ dns: [] }, {}],
] as const)('it has the names %j', async ([options, altNames]) => {
  expect((await read(options)).altNames).toEqual({ dns: [], ip: [], uri: [], email: [], ...altNames });
});

test.for(['ec-p256', 'ec-p384', 'ec-p521', 'rsa-2048'] as const)('it can have a key of %s, and SHA-1 signs none', async (keyAlgorithm) => {
  expect(await read({ keyAlgorithm })).toMatchObject({ keyAlgorithm, signatureAlgorithm: expect.stringMatching(/-sha256$/u) });
});

test.for([
  'alice',
  'alice, O=Evil',
  'a+OU=b',
  'a\nO=Evil',
  '#0c00',
  '"quoted"',
  String.raw`back\slash\0a`,
  ' padded ',
  'localhost\0.evil',
  'Jürgen 🔑',
])('it has the common name %j, and nothing else', async (commonName) => {
  const { subject, issuer } = await read({ commonName });

  expect(subject.parts).toEqual([{ type: 'commonName', value: commonName }]);
  expect(issuer).toEqual(subject);
});

describe('its validity', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('is from an hour ago for a day', async () => {
    const { notBefore, notAfter } = await read();

    expect(notBefore.getTime() - Date.now()).toBeCloseTo(-hour, -5);
    expect(notAfter.getTime() - Date.now()).toBeCloseTo(day, -5);
  });

  test('is the one that is given', async () => {
    const given = { notBefore: new Date('2001-02-03T04:05:06Z'), notAfter: new Date('2002-02-03T04:05:06Z') };

    expect(await read(given)).toMatchObject(given);
    expect((await read({ notAfter: given.notAfter, validFor: day })).notBefore).toEqual(new Date('2002-02-02T04:05:06Z'));
  });

  test('is the real one under fake timers', async () => {
    const realTime = Date.now();
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime('2001-01-01');

    const { notBefore, notAfter } = await read();

    expect(notBefore.getTime()).toBeLessThan(realTime);
    expect(notAfter.getTime()).toBeGreaterThan(realTime);
  });
});

test.for<readonly [string, object, string]>([
  ['an unknown option', { email: 'a@b' }, 'OPTION_INVALID'],
  ['an empty name', { commonName: '' }, 'NAME_INVALID'],
  ['half a character', { commonName: '\ud83d' }, 'NAME_INVALID'],
  ['a name that is not text', { commonName: 5 }, 'NAME_INVALID'],
  ['an invalid DNS name', { dns: 'a b' }, 'NAME_INVALID'],
  ['an invalid address', { ip: 'localhost' }, 'NAME_INVALID'],
  ['an invalid URI', { uri: 'x' }, 'NAME_INVALID'],
  ['a key algorithm that selfsigned does not know', { keyAlgorithm: 'ed25519' }, 'KEY_ALGORITHM_UNKNOWN'],
  ['a key algorithm that every object inherits', { keyAlgorithm: 'constructor' }, 'KEY_ALGORITHM_UNKNOWN'],
  ['an end before the beginning', { notBefore: new Date(86_400_000), notAfter: new Date(0) }, 'DATE_ORDER'],
  ['an invalid date', { notAfter: new Date(Number.NaN) }, 'OPTION_INVALID'],
  ['no lifetime', { validFor: 0 }, 'OPTION_INVALID'],
])('%s is refused', async ([, options, code]) => {
  await expect(selfSignedIdentity(options)).rejects.toThrow(expect.objectContaining({ code }));
  expect((await selfSignedIdentity({ commonName: 'control' })).name).toBe('control');
});

test('the selfsigned package is loaded for the first self-signed identity, not before', () => {
  const index = new URL('../../src/index.ts', import.meta.url).href;
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    const { createPki, selfSignedIdentity } = await import('${index}');
    const isLoaded = () => loaded.some((url) => url.includes('node_modules/selfsigned'));
    createPki().client();
    const before = isLoaded();
    await selfSignedIdentity();
    console.log(JSON.stringify([before, isLoaded()]));
  `;

  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });

  expect(JSON.parse(output)).toEqual([false, true]);
});
