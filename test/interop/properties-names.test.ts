import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { type AuthorityOptions, createPki, inspectCertificate, type LeafOptions, MtlsFixturesError } from '../../src/index.ts';
import { describeWith, outputOf } from './judges.ts';
import { hostNames, internationalNames, texts } from './plan-values.ts';
import { propertyTimeout, runs } from './plans.ts';

vi.setConfig({ testTimeout: propertyTimeout });

const { issuer } = createPki({ intermediates: 0 });
const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describeWith('certtool')('certtool displays', () => {
  test('every international host name as it was planned', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(internationalNames(), { minLength: 1, maxLength: 30 }), async (dns) => {
        const text = await outputOf('certtool', ['--certificate-info'], { input: issuer.issue({ subject: {}, dns, key }).certificatePem });

        expect([...text.matchAll(/DNSname: \S+ \((.*)\)$/gmu)].map(([, name]) => name)).toEqual(dns);
      }),
      runs(10),
    );
  });
});

test('a host name is written as it is where it is ASCII, and refused with any character that no host name has', () => {
  const foreign = fc
    .integer({ min: 0, max: 0x7f })
    .map((code) => String.fromCharCode(code))
    .filter((character) => !/[\w.*-]/u.test(character));
  fc.assert(
    fc.property(fc.oneof(hostNames(), internationalNames()), foreign, fc.nat(), (name, character, at) => {
      const position = at % (name.length + 1);
      const corrupted = name.slice(0, position) + character + name.slice(position);

      expect(writtenName(name)).toMatch(/^(?:\*\.)?[\w.-]+$/u);
      expect(/^[\0-\x7f]*$/u.test(name) ? writtenName(name) : name).toBe(name);
      expect(() => issuer.issue({ dns: corrupted, key })).toThrow(
        expect.objectContaining({ code: 'NAME_INVALID', facts: expect.objectContaining({ value: corrupted }) }),
      );
    }),
    runs(300),
  );
});

test.for([
  [
    'leaf',
    [
      'commonName',
      'subject',
      'notBefore',
      'notAfter',
      'validFor',
      'keyAlgorithm',
      'key',
      'keyUsage',
      'extendedKeyUsage',
      'serialNumber',
      'crlDistributionPoints',
      'ocsp',
      'caIssuers',
      'extensions',
      'dns',
      'ip',
      'uri',
      'email',
      'mustStaple',
    ],
  ],
  ['authority', ['pathLength', 'nameConstraints', 'commonName', 'subject']],
] as const)(
  'whatever is given for an option of a %s is written so that it can be read, or refused with an error of ours',
  ([kind, names]) => {
    const options = fc.tuple(fc.constantFrom<string>(...names), values()).map((option) => Object.fromEntries([option]));
    fc.assert(
      fc.property(options, (given) => {
        const outcome = outcomeOf(
          () =>
            kind === 'leaf'
              ? issuer.issue({ ...(given as LeafOptions) }).certificate
              : issuer.issueAuthority({ ...(given as AuthorityOptions) }).certificate, // as JavaScript would
        );

        expect(outcome instanceof MtlsFixturesError || inspectCertificate(outcome).fingerprint256 === outcome.fingerprint256).toBe(true);
      }),
      runs(600),
    );
  },
);

/** Anything, most often what is near to the right thing. */
function values(): fc.Arbitrary<unknown> {
  const text = fc.oneof(
    texts(),
    hostNames(),
    fc.constantFrom('', 'ec-p256', 'serverAuth', '1.2.3', '::1', '10.0.0.0/8', 'a:b', 'a@b', 'dns'),
  );
  const part = fc.record(
    { type: text, value: text, oid: text, dns: fc.array(text), permitted: fc.record({ ip: text, dns: text }) },
    { requiredKeys: [] },
  );
  const single = fc.oneof(
    text,
    part,
    fc.date(),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.anything(),
  );
  return fc.oneof({ weight: 3, arbitrary: single }, fc.array(single, { maxLength: 3 })).filter(hasText);
}

/** Errors quote values as text, which objects without a prototype, or with a toString of their own that is none, do not have. */
function hasText(value: unknown): boolean {
  try {
    String(value);
    return typeof value !== 'object' || value === null || Object.values(value).every(hasText);
  } catch {
    return false;
  }
}

function outcomeOf<T>(action: () => T): T | MtlsFixturesError {
  try {
    return action();
  } catch (error) {
    if (error instanceof MtlsFixturesError) return error;
    throw error;
  }
}

function writtenName(name: string): string | undefined {
  return inspectCertificate(issuer.issue({ subject: {}, dns: name, key }).certificate).altNames.dns[0];
}
