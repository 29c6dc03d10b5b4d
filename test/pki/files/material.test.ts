import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FileDamage } from '../../../src/pki/files/damage.ts';
import type { FilesLayout } from '../../../src/pki/files/file-layout.ts';
import { writeFiles } from '../../../src/pki/files/write-files.ts';
import { identityFromPem } from '../../../src/pki/formats/identity-from-pem.ts';
import { createPki } from '../../../src/pki/pki.ts';

const pki = createPki();
const other = createPki({ name: 'other' });
const alice = pki.client('alice');
const bob = other.client('bob');
const layouts: readonly FilesLayout[] = ['files', 'kubernetes'];

let scratch = '';
beforeEach(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'material-test-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(scratch, { recursive: true });
});

const read = (file: string | undefined): string => fs.readFileSync(file ?? 'absent', 'utf8');
const contents = ({ key, cert, ca }: { readonly key: string; readonly cert: string; readonly ca: string }): string[] =>
  [key, cert, ca].map(read);

/** What reading a file comes to, as OpenSSL sees it. */
function outcome(file: string): string {
  try {
    return createPrivateKey(read(file)) && 'a key';
  } catch (error) {
    return String(Object(error).code).replace(/^ERR_OSSL_.*/u, 'ERR_OSSL'); // the rest depends on the version
  }
}

describe.for(layouts)('files in the layout "%s"', (layout) => {
  test('hold the identity, and after a rotation the other one, at the same paths', () => {
    using files = writeFiles(alice, { directory: scratch, layout });
    const paths = [files.key, files.cert, files.ca];

    expect(contents(files)).toEqual([alice.keyPem, alice.chainPem, pki.anchors]);
    files.rotate(bob);
    expect(contents(files)).toEqual([bob.keyPem, bob.chainPem, other.anchors]);
    for (let count = 0; count < 20; count += 1) files.rotate(count % 2 === 0 ? alice : bob);

    expect(contents(files)).toEqual([bob.keyPem, bob.chainPem, other.anchors]);
    expect([files.key, files.cert, files.ca]).toEqual(paths);
  });

  test('of a PKI follow its revocations, and another PKI', () => {
    const revoking = createPki();
    using files = writeFiles(revoking, { directory: scratch, layout });
    const before = read(files.crl);

    revoking.issuer.revoke(revoking.client());
    files.rotate(revoking);
    expect([read(files.ca), read(files.crl).length > before.length]).toEqual([revoking.anchors, true]);
    files.rotate(other);

    expect([read(files.ca), read(files.intermediates)]).toEqual([other.anchors, other.issuer.certificatePem]);
  });

  test('are for their owner only after a rotation too', () => {
    using files = writeFiles(alice, { directory: scratch, layout });
    files.rotate(bob);

    expect([files.key, files.cert, files.ca].map((file) => fs.statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
    expect(fs.statSync(path.dirname(fs.realpathSync(files.key))).mode & 0o777).toBe(0o700);
  });

  test('leave nothing behind in a folder that was there, however they changed', () => {
    const files = writeFiles(alice, { directory: scratch, layout });

    files.rotate(bob);
    for (const damage of ['missing', 'unreadable', 'truncated', 'empty', 'key-of-another'] as const) {
      files.damage(damage);
      files.restore();
    }
    files.damage('unreadable');
    files.remove();

    expect(fs.readdirSync(scratch)).toEqual([]);
  });

  test.for<[damage: FileDamage, seen: string]>([
    ['truncated', 'ERR_OSSL'],
    ['empty', 'ERR_OSSL'],
    ['missing', 'ENOENT'],
    ['unreadable', 'EISDIR'],
    ['key-of-another', 'a key'],
  ])('that are damaged (%s) are so until they are restored, the others are not', ([damage, seen]) => {
    using files = writeFiles(alice, { directory: scratch, layout });
    expect(outcome(files.key)).toBe('a key');

    files.damage(damage);
    expect([outcome(files.key), read(files.cert), read(files.ca)]).toEqual([seen, alice.chainPem, pki.anchors]);
    files.restore();
    expect(contents(files)).toEqual([alice.keyPem, alice.chainPem, pki.anchors]);
    files.restore(); // without damage nothing changes

    expect(contents(files)).toEqual([alice.keyPem, alice.chainPem, pki.anchors]);
  });

  test.for<FileDamage>(['truncated', 'empty', 'missing', 'unreadable', 'key-of-another'])(
    'that are damaged (%s) are whole after a rotation',
    (damage) => {
      using files = writeFiles(alice, { directory: scratch, layout });

      files.damage(damage);
      files.rotate(bob);
      files.restore();
      expect(contents(files)).toEqual([bob.keyPem, bob.chainPem, other.anchors]);
      files.damage(damage);
      files.restore();

      expect(contents(files)).toEqual([bob.keyPem, bob.chainPem, other.anchors]);
    },
  );

  test.for(['cert', 'ca'] as const)('that are named (%s) are damaged in place of the key', (file) => {
    using files = writeFiles(alice, { directory: scratch, layout });
    const leaf = (): X509Certificate => new X509Certificate(read(files[file]));
    expect(leaf()).toBeInstanceOf(X509Certificate);

    files.damage('truncated', { file });

    expect(leaf).toThrow(expect.objectContaining({ code: expect.stringMatching(/^ERR_OSSL_/u) }));
    expect(read(files.key)).toBe(alice.keyPem);
  });

  test('that are damaged already are not damaged again', () => {
    using files = writeFiles(alice, { directory: scratch, layout });
    files.damage('empty');

    expect(() => {
      files.damage('missing', { file: 'cert' });
    }).toThrow(expect.objectContaining({ code: 'ALREADY_DAMAGED', facts: { path: files.key, damage: 'empty' } }));
    expect([read(files.key), read(files.cert)]).toEqual(['', alice.chainPem]);
  });

  test('that are removed cannot be changed', () => {
    const files = writeFiles(alice, { directory: path.join(scratch, 'own'), layout });
    files.remove();

    for (const [action, change] of [
      ['rotate', () => files.rotate(bob)],
      ['damage', () => files.damage('empty')],
      ['restore', () => files.restore()],
    ] as const)
      expect(change).toThrow(expect.objectContaining({ code: 'FILES_REMOVED', facts: { directory: path.join(scratch, 'own'), action } }));
    expect(fs.readdirSync(scratch)).toEqual([]);
  });

  test('have one holder a folder', () => {
    using files = writeFiles(alice, { directory: scratch, layout });
    const before = fs.readdirSync(scratch).toSorted();

    for (const second of layouts)
      for (const source of [
        () => writeFiles(bob, { directory: scratch, layout: second }),
        () => writeFiles(pki, { directory: scratch, layout: second }),
      ])
        expect(source).toThrow(expect.objectContaining({ code: 'FILE_EXISTS' }));

    expect(fs.readdirSync(scratch).toSorted()).toEqual(before);
    expect(contents(files)).toEqual([alice.keyPem, alice.chainPem, pki.anchors]);
  });

  test('on a full disk stay what they were', () => {
    using files = writeFiles(alice, { directory: scratch, layout });
    const before = fs.readdirSync(scratch, { recursive: true }).map(String).toSorted();
    const { writeFileSync } = fs;
    let written = 0;
    const spy = vi.spyOn(fs, 'writeFileSync').mockImplementation((file, text) => {
      written += 1;
      if (written === 3) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      writeFileSync(file, text);
    });

    expect(() => {
      files.rotate(bob);
    }).toThrow(expect.objectContaining({ code: 'WRITE_FAILED' }));
    spy.mockRestore();

    expect(contents(files)).toEqual([alice.keyPem, alice.chainPem, pki.anchors]);
    expect(fs.readdirSync(scratch, { recursive: true }).map(String).toSorted()).toEqual(before);
    files.rotate(bob);
    expect(contents(files)).toEqual([bob.keyPem, bob.chainPem, other.anchors]);
  });

  test('whose folder is gone cannot be rotated, which says so', () => {
    const files = writeFiles(alice, { directory: path.join(scratch, 'own'), layout });
    fs.rmSync(path.join(scratch, 'own'), { recursive: true });

    expect(() => {
      files.rotate(bob);
    }).toThrow(
      expect.objectContaining({ code: 'WRITE_FAILED', facts: expect.objectContaining({ reason: 'ENOENT: no such file or directory' }) }),
    );
    files.remove();
    expect(fs.readdirSync(scratch)).toEqual([]);
  });
});

test('a truncated file is the beginning of what it was, cut within its first block', () => {
  using files = writeFiles(alice);

  files.damage('truncated', { file: 'cert' });
  const text = read(files.cert);

  expect(alice.chainPem.startsWith(text)).toBe(true);
  expect(text).toContain('-----BEGIN CERTIFICATE-----\nMII');
  expect(text).not.toContain('-----END');
});

test.for(['ec-p384', 'ed25519', 'rsa-2048', 'rsa-pss-2048'] as const)(
  'the key of another is of the same kind (%s), and does not fit',
  (keyAlgorithm) => {
    const identity = pki.client('carol', { keyAlgorithm });
    using files = writeFiles(identity);
    const own = createPrivateKey(read(files.key));

    files.damage('key-of-another');
    const key = createPrivateKey(read(files.key));

    expect([key.asymmetricKeyType, key.asymmetricKeyDetails]).toEqual([own.asymmetricKeyType, own.asymmetricKeyDetails]);
    expect(createPublicKey(own).equals(identity.certificate.publicKey)).toBe(true); // control
    expect(createPublicKey(key).equals(identity.certificate.publicKey)).toBe(false);
  },
);

test('files are not rotated to an identity without anchors, which would leave the old ones beside its certificate', () => {
  using files = writeFiles(alice);

  expect(() => {
    files.rotate(identityFromPem({ cert: bob.chainPem, key: bob.keyPem }));
  }).toThrow(
    expect.objectContaining({
      code: 'OPTION_INVALID',
      facts: expect.objectContaining({
        value: 'key.pem, cert.pem',
        expected: 'the files that were written at first: ca.pem, key.pem, cert.pem',
      }),
    }),
  );
  expect(contents(files)).toEqual([alice.keyPem, alice.chainPem, pki.anchors]);
});

describe('what is not an option, a source or a damage', () => {
  const invalid = (option: string, value: string) =>
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option, value }) });
  const anything = (json: string): never => JSON.parse(json) as never; // as a caller without types passes it

  test.for([
    ['{"layout":"secret"}', 'layout', 'secret'],
    ['{"layuot":"files"}', 'writeFiles option', 'layuot'],
    ['{"directory":""}', 'directory', ''],
    ['{"directory":"a\\u0000b"}', 'directory', 'a\0b'],
  ] as const)('is refused before anything is written (%s)', ([options, option, value]) => {
    const mkdtemp = vi.spyOn(fs, 'mkdtempSync');

    expect(() => writeFiles(alice, anything(options))).toThrow(invalid(option, value));
    expect(mkdtemp).not.toHaveBeenCalled();
  });

  test('is refused by rotate and damage, which change nothing', () => {
    using files = writeFiles(alice);
    using ofPki = writeFiles(pki);

    expect(() => files.rotate(anything('"bob"'))).toThrow(invalid('rotate identity', 'string'));
    expect(() => ofPki.rotate(anything('{}'))).toThrow(invalid('rotate pki', 'object'));
    expect(() => files.damage(anything('"broken"'))).toThrow(invalid('damage', 'broken'));
    expect(() => ofPki.damage(anything('"key-of-another"'))).toThrow(invalid('damage', 'key-of-another'));
    expect(() => files.damage('empty', anything('{"file":"crl"}'))).toThrow(invalid('file', 'crl'));
    expect(() => files.damage('key-of-another', { file: 'cert' })).toThrow(invalid('file', 'cert'));
    expect(contents(files)).toEqual([alice.keyPem, alice.chainPem, pki.anchors]);
    files.damage('empty');
    expect(read(files.key)).toBe('');
  });
});
