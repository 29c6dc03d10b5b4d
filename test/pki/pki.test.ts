import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createPki, Pki } from '../../src/pki/pki.ts';
import { inspectCertificate } from '../../src/x509/inspect-certificate.ts';

const hour = 3_600_000;
const day = 24 * hour;
const pki = createPki({ name: 'p' });
const read = inspectCertificate;
const fromNow = (date: Date) => date.getTime() - Date.now();

describe('createPki', () => {
  test('makes a root, an issuing authority below it, and anchors that are the root', () => {
    expect([pki.root.name, pki.issuer.name, pki.name]).toEqual(['p root CA', 'p issuing CA', 'p']);
    expect(pki.issuer.parent).toBe(pki.root);
    expect(pki.anchors).toBe(pki.root.certificatePem);
    expect(read(pki.root.certificate).subject.text).toBe('O=mtls-fixtures, CN=p root CA');
    expect(pki.root.certificate.verify(pki.root.certificate.publicKey)).toBe(true);
  });

  test('names itself uniquely', () => {
    expect(createPki().name).toMatch(/^mtls-fixtures [0-9a-f]{6}$/u);
    expect(createPki().name).not.toBe(createPki().name);
  });

  test('with a name that there is already makes an impostor: same subjects, other keys', () => {
    const impostor = createPki({ name: 'p' });

    expect(read(impostor.root.certificate).subject).toEqual(read(pki.root.certificate).subject);
    expect(impostor.root.certificate.publicKey.equals(pki.root.certificate.publicKey)).toBe(false);
    expect(impostor.client().certificate.verify(pki.issuer.certificate.publicKey)).toBe(false);
    expect(pki.client().certificate.verify(pki.issuer.certificate.publicKey)).toBe(true);
  });

  test.for([0, 1, 2, 5])('puts %d intermediates between root and leaf', (intermediates) => {
    const deep = createPki({ name: 'deep', intermediates });
    const { certificate, chainPem, tls } = deep.client();

    const { chain } = read(chainPem);

    expect(chain).toHaveLength(intermediates);
    expect(chain.map(({ commonName }) => commonName)).not.toContain('deep root CA');
    expect([certificate, ...chain.map(({ pem }) => pem)].map((entry) => read(entry).issuer.text)).toEqual([
      ...chain.map(({ subject }) => subject.text),
      'O=mtls-fixtures, CN=deep root CA',
    ]);
    expect(tls.ca).toBe(deep.anchors);
  });

  test('passes key algorithm and lifetime on to all that it issues', () => {
    const rsa = createPki({ keyAlgorithm: 'rsa-2048', validFor: 10 * day });

    for (const certificate of [rsa.root.certificate, rsa.issuer.certificate, rsa.client().certificate]) {
      expect(read(certificate)).toMatchObject({ keyAlgorithm: 'rsa-2048', signatureAlgorithm: 'rsa-sha256' });
      expect(fromNow(read(certificate).notAfter)).toBeCloseTo(10 * day, -5);
    }
  });

  test.for<readonly [string, object, string]>([
    ['an unknown option', { intermediate: 1 }, 'OPTION_INVALID'],
    ['an empty name', { name: '' }, 'NAME_INVALID'],
    ['a name that is not text', { name: 5 }, 'NAME_INVALID'],
    ['an unknown key algorithm', { keyAlgorithm: 'rsa' }, 'KEY_ALGORITHM_UNKNOWN'],
    ['no lifetime', { validFor: 0 }, 'OPTION_INVALID'],
    ['a lifetime that is not a number', { validFor: '1d' }, 'OPTION_INVALID'],
    ['a negative number of intermediates', { intermediates: -1 }, 'OPTION_INVALID'],
    ['half an intermediate', { intermediates: 0.5 }, 'OPTION_INVALID'],
    ['more intermediates than OpenSSL follows', { intermediates: 21 }, 'OPTION_INVALID'],
  ])('refuses %s', ([, options, code]) => {
    expect(() => createPki(options)).toThrow(expect.objectContaining({ code }));
    expect(createPki({ name: 'control' }).name).toBe('control');
  });

  test.for(['null', '5', '"main"'])('refuses options that are %s, and so do server and client', (json) => {
    const refused = expect.objectContaining({
      code: 'OPTION_INVALID',
      facts: expect.objectContaining({ value: String(JSON.parse(json)) }),
    });

    expect(() => createPki(JSON.parse(json))).toThrow(refused);
    expect(() => pki.server(JSON.parse(json))).toThrow(refused);
    expect(() => pki.client('alice', JSON.parse(json))).toThrow(refused);
    expect(createPki({ name: 'control' }).client('alice', {}).name).toBe('alice');
  });
});

describe('a server', () => {
  test('has one role and the names of this machine', () => {
    expect(read(pki.server().certificate)).toMatchObject({
      commonName: 'localhost',
      extendedKeyUsage: ['serverAuth'],
      altNames: { dns: ['localhost'], ip: ['127.0.0.1', '::1'], uri: [], email: [] },
      isAuthority: false,
    });
  });

  test.for<readonly [object, string]>([
    [{ dns: 5 }, 'OPTION_INVALID'],
    [{ dns: [5] }, 'NAME_INVALID'],
    [{ dns: [5, 'a.test'] }, 'NAME_INVALID'],
  ])('with %j is refused for its host names', ([options, code]) => {
    expect(() => pki.server(options)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(/dns|DNS name/u) }));
    expect(pki.server({ dns: 'a.test' }).name).toBe('a.test');
  });

  test.for([
    [{ dns: 'a.test' }, 'a.test', { dns: ['a.test'] }],
    [{ dns: ['a.test', 'b.test'] }, 'a.test', { dns: ['a.test', 'b.test'] }],
    [{ ip: '10.0.0.1' }, 'localhost', { ip: ['10.0.0.1'] }],
    [{ uri: 'spiffe://a.test/x' }, 'localhost', { uri: ['spiffe://a.test/x'] }],
    [{ dns: [], commonName: 'nameless' }, 'nameless', {}],
    [{ subject: { organization: 'Org' }, dns: 'a.test' }, undefined, { dns: ['a.test'] }],
    [{ subject: { organization: 'Org' }, commonName: 'x', email: 'a@b' }, 'x', { email: ['a@b'] }],
  ] as const)('with %j has just those names', ([options, commonName, altNames]) => {
    const certificate = read(pki.server(options).certificate);

    expect(certificate.commonName).toBe(commonName);
    expect(certificate.altNames).toEqual({ dns: [], ip: [], uri: [], email: [], ...altNames });
  });
});

describe('a client', () => {
  test('has one role and its name, and no alternative names unless given', () => {
    expect(read(pki.client().certificate)).toMatchObject({
      commonName: 'client',
      extendedKeyUsage: ['clientAuth'],
      altNames: { dns: [], ip: [], uri: [], email: [] },
    });
    expect(read(pki.client('alice', { email: 'alice@a.test' }).certificate)).toMatchObject({
      commonName: 'alice',
      altNames: { email: ['alice@a.test'] },
    });
  });

  test.for([
    [undefined, { subject: { organization: 'Org' } }, 'O=Org'],
    ['alice', { subject: { organization: 'Org' } }, 'O=Org, CN=alice'],
    [undefined, { subject: 'bob' }, 'CN=bob'],
  ] as const)('called %j with %j has the subject %s', ([name, options, text]) => {
    expect(read(pki.client(name, options).certificate).subject.text).toBe(text);
  });

  test('whose options stand where its name belongs is refused', () => {
    const options = JSON.parse('{"dns":"a.test"}') as string; // as plain JavaScript may pass it

    expect(() => pki.client(options)).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        facts: { option: 'commonName', value: 'object', expected: 'text; options come second' },
      }),
    );
    expect(() => pki.client('')).toThrow(expect.objectContaining({ code: 'NAME_INVALID' }));
  });
});

test('an authority takes the short names of a subject, and refuses a common name twice', () => {
  const { subject } = read(pki.issuer.issue({ subject: { O: 'Example', CN: 'x' } }).certificate);

  expect(subject).toMatchObject({ organization: 'Example', commonName: 'x' });
  expect(() => pki.issuer.issue({ commonName: 'y', subject: { CN: 'x' } })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'commonName', value: 'y' }) }),
  );
  expect(read(pki.issuer.issue({ commonName: 'y', subject: { CN: undefined, O: 'Example' } }).certificate).commonName).toBe('y');
});

describe.for([
  ['a server', (options: object) => pki.server(options)],
  ['a client', (options: object) => pki.client('c', options)],
] as const)('%s', ([, issue]) => {
  test('keeps its one role and its names where options are given as undefined', () => {
    const [plain, explicit] = [
      read(issue({}).certificate),
      read(
        issue({ extendedKeyUsage: undefined, commonName: undefined, dns: undefined, subject: undefined, notAfter: undefined }).certificate,
      ),
    ];

    expect([explicit.extendedKeyUsage, explicit.commonName, explicit.altNames]).toEqual([
      plain.extendedKeyUsage,
      plain.commonName,
      plain.altNames,
    ]);
    expect(plain.extendedKeyUsage).toHaveLength(1);
  });

  test('counts from an hour ago for a day, and within the time of its authorities', () => {
    const [leaf, issuer, root] = [read(issue({}).certificate), read(pki.issuer.certificate), read(pki.root.certificate)];

    expect(fromNow(leaf.notBefore)).toBeCloseTo(-hour, -5);
    expect([issuer, root].map(({ notBefore }) => Math.round(fromNow(notBefore) / hour))).toEqual([-2, -2]);
    expect(fromNow(leaf.notAfter)).toBeCloseTo(day, -5);
    expect(leaf.notAfter.getTime()).toBeLessThanOrEqual(issuer.notAfter.getTime());
    expect(issuer.notAfter.getTime()).toBeLessThanOrEqual(root.notAfter.getTime());
    expect(read(issue({ validFor: 100 * day }).certificate).notAfter).toEqual(issuer.notAfter);
  });

  test('has the dates that are given', () => {
    const given = { notBefore: new Date('2001-02-03T04:05:06Z'), notAfter: new Date('2061-02-03T04:05:06Z') };

    expect(read(issue(given).certificate)).toMatchObject(given);
    expect(() => issue({ notBefore: given.notAfter, notAfter: given.notBefore })).toThrow(expect.objectContaining({ code: 'DATE_ORDER' }));
  });

  test('refuses an option that there is not', () => {
    expect(() => issue({ altNames: [] })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'leaf option', value: 'altNames' }) }),
    );
  });
});

describe('under fake timers', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.resetModules();
  });

  test.for([
    ['set before', async () => ({ createPki })],
    ['set before the module is even imported', async () => (vi.resetModules(), import('../../src/pki/pki.ts'))],
  ] as const)('%s, certificates and CRLs count really now', async ([, importPki]) => {
    const realTime = Date.now();
    vi.useFakeTimers();
    vi.setSystemTime('2001-01-01');

    const fresh = (await importPki()).createPki();
    fresh.issuer.revoke(1n);
    const dates = [fresh.root.certificate, fresh.issuer.certificate, fresh.client().certificate].map((certificate) => read(certificate));

    expect(new Date().getFullYear()).toBeLessThan(2002);
    for (const { notBefore, notAfter } of dates) {
      expect(notBefore.getTime()).toBeLessThan(realTime);
      expect(notAfter.getTime()).toBeGreaterThan(realTime + day - hour);
    }
    expect((fresh.issuer.revoked[0]?.date.getTime() ?? 0) - realTime).toBeCloseTo(0, -5);
  });
});

test('a PKI never shows its keys', () => {
  for (const shown of [
    inspect(pki, { depth: 9, showHidden: true }),
    inspect(pki, { customInspect: false, depth: 9, showHidden: true, getters: false }),
    JSON.stringify(pki),
    String(pki),
    inspect(structuredClone(pki), { depth: 9 }),
  ])
    expect(shown).not.toMatch(/PRIVATE|BEGIN EC/u);
  expect(inspect(pki)).toBe('Pki "p"');
  expect(JSON.parse(JSON.stringify(pki))).toEqual({ name: 'p', anchors: pki.anchors });
  expect(pki).toBeInstanceOf(Pki);
  expect(JSON.stringify(pki.serialize())).toContain('PRIVATE KEY');
});
