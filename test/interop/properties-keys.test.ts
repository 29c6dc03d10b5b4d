import 'reflect-metadata'; // which the next import demands
import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import * as peculiar from '@peculiar/x509';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { type Authority, createPki, inspectCertificate } from '../../src/index.ts';
import { describeWith, run } from './judges.ts';
import { leafPlans, propertyTimeout, runs } from './plans.ts';
import { temporaryFolder } from './temporary-folder.ts';

vi.setConfig({ testTimeout: propertyTimeout });

const usual: readonly (readonly [string, KeyObject])[] = [
  ...['P-256', 'P-384', 'P-521'].map(
    (namedCurve) => [`ec-${namedCurve.replace('-', '').toLowerCase()}`, generateKeyPairSync('ec', { namedCurve }).privateKey] as const,
  ),
  ...[1024, 2048, 2056].map((modulusLength) => [`rsa-${modulusLength}`, generateKeyPairSync('rsa', { modulusLength }).privateKey] as const),
  ['rsa-pss-2048', generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey],
  ['ed25519', generateKeyPairSync('ed25519').privateKey],
  ['ed448', generateKeyPairSync('ed448').privateKey],
];
/** The keys that this Node makes; older ones have no ML-DSA, and OpenSSL's command line may be older. */
const keys = new Map([...usual, ...(['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const).flatMap((type) => mlDsaKey(type))]);

const { root } = createPki({ intermediates: 0 });
const issuers = new Map([...keys].map(([algorithm, key]) => [algorithm, root.issueAuthority({ key })]));

const pairs = fc.record({ issuer: fc.constantFrom(...issuers.keys()), subject: fc.constantFrom(...keys.keys()) });

test('every certificate has the key of its subject and the signature of its issuer, by Node', () => {
  fc.assert(
    fc.property(pairs, leafPlans(), ({ issuer, subject }, { options }) => {
      const { certificate: issuing } = authorityOf(issuer);

      const identity = authorityOf(issuer).issue({ ...options, key: keyOf(subject) });

      expect(identity.certificate.verify(issuing.publicKey)).toBe(true);
      expect(new X509Certificate(withLastBitChanged(identity.certificate.raw)).verify(issuing.publicKey)).toBe(false);
      expect(identity.certificate.checkPrivateKey(keyOf(subject))).toBe(true);
      expect(inspectCertificate(identity.certificate).keyAlgorithm).toBe(subject);
      expect(inspectCertificate(identity.certificate).signatureAlgorithm).toBe(signatureOf(issuer));
    }),
    runs(150),
  );
});

test('every signature of a kind that @peculiar/x509 knows is good to it', async () => {
  const known = pairs.filter(({ issuer }) => !/^(?:rsa-pss|ed448|ml-dsa)/u.test(issuer));
  await fc.assert(
    fc.asyncProperty(known, leafPlans(), async ({ issuer, subject }, { options }) => {
      const { certificate } = authorityOf(issuer).issue({ ...options, key: keyOf(subject) });
      const issuing = new peculiar.X509Certificate(Uint8Array.from(authorityOf(issuer).certificate.raw));

      const [good, damaged] = [certificate.raw, withLastBitChanged(certificate.raw)].map(
        (der) => new peculiar.X509Certificate(Uint8Array.from(der)),
      );

      expect(await good?.verify({ publicKey: issuing, signatureOnly: true })).toBe(true);
      expect(await damaged?.verify({ publicKey: issuing, signatureOnly: true })).toBe(false);
    }),
    runs(60),
  );
});

describeWith('openssl')('openssl verifies', () => {
  test.for([...issuers.keys()].filter((algorithm) => !algorithm.startsWith('ml-dsa')))(
    'whatever a CA with a key of %s has signed',
    async (issuer) => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(leafPlans(), fc.constantFrom(...usual)), { minLength: 1, maxLength: 20 }), async (plans) => {
          using folder = temporaryFolder();
          const files = plans.map(([{ options }, [, key]], index) =>
            folder.write(`${index}.pem`, authorityOf(issuer).issue({ ...options, key }).certificatePem),
          );
          const damaged = folder.write('damaged.der', withLastBitChanged(authorityOf(issuer).issue().certificate.raw));

          const trusted = ['-partial_chain', '-trusted', folder.write('issuer.pem', authorityOf(issuer).certificatePem)];
          const { stdout, stderr } = await run('openssl', ['verify', '-no_check_time', '-ignore_critical', ...trusted, ...files, damaged]);

          expect(stdout.split('\n').filter((line) => line.endsWith(': OK'))).toEqual(files.map((file) => `${file}: OK`));
          expect(stderr).toContain('certificate signature failure');
        }),
        runs(1),
      );
    },
  );
});

function authorityOf(algorithm: string): Authority {
  return issuers.get(algorithm) ?? root;
}

function keyOf(algorithm: string): KeyObject {
  const key = keys.get(algorithm);
  if (!key) throw new Error(`there is no key of ${algorithm}`);
  return key;
}

function mlDsaKey(type: 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87'): readonly (readonly [string, KeyObject])[] {
  try {
    return [[type, generateKeyPairSync(type).privateKey]];
  } catch {
    return [];
  }
}

function signatureOf(algorithm: string): string {
  const usualHashes = new Map([
    ['ec-p256', 'ecdsa-sha256'],
    ['ec-p384', 'ecdsa-sha384'],
    ['ec-p521', 'ecdsa-sha512'],
    ['rsa-pss-2048', 'rsa-pss-sha256'],
  ]);
  return usualHashes.get(algorithm) ?? (algorithm.startsWith('rsa-') ? 'rsa-sha256' : algorithm);
}

/** The last octet is the last of the signature. */
function withLastBitChanged(der: Uint8Array): Buffer {
  const damaged = Buffer.from(der);
  damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1);
  return damaged;
}
