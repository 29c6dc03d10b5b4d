import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { identityFromPem } from '../../../src/pki/formats/identity-from-pem.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { writeFiles } from '../../../src/pki/files/write-files.ts';
import { readRevocationLists } from '../../x509/read-parts.ts';

const pki = createPki();
const alice = pki.client('alice');
const read = (file: string | undefined) => fs.readFileSync(file ?? 'absent', 'utf8');
const mode = (file: string | undefined) => fs.statSync(file ?? 'absent').mode & 0o777;

let scratch = '';
beforeEach(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'write-files-test-'));
});
afterEach(() => {
  fs.rmSync(scratch, { recursive: true });
});

describe('what is written', () => {
  test('of an identity is its key, its chain and its anchors', () => {
    using files = writeFiles(alice);

    expect([read(files.key), read(files.cert), read(files.ca)]).toEqual([alice.keyPem, alice.chainPem, pki.anchors]);
    expect(filesIn(files.directory)).toEqual(['ca.pem', 'cert.pem', 'key.pem']);
    expect(files).not.toHaveProperty('crl');
  });

  test('of an identity without trust anchors have no file of them, and asking for its path throws', () => {
    using files = writeFiles(identityFromPem({ cert: alice.chainPem, key: alice.keyPem }));

    expect(filesIn(files.directory)).toEqual(['cert.pem', 'key.pem']);
    expect(() => files.ca).toThrow(expect.objectContaining({ code: 'TRUST_MISSING', facts: { who: '"alice"' } }));
    expect(Object.keys({ ...files })).not.toContain('ca');
  });

  test('of a PKI is what others need of it, and no key', () => {
    using files = writeFiles(pki);

    expect([read(files.ca), read(files.intermediates)]).toEqual([pki.anchors, pki.issuer.certificatePem]);
    expect(readRevocationLists(read(files.crl))).toHaveLength(2);
    expect(filesIn(files.directory)).toEqual(['ca.pem', 'crl.pem', 'intermediates.pem']);
    expect(
      fs
        .readdirSync(files.directory)
        .map((file) => read(path.join(files.directory, file)))
        .join(''),
    ).not.toContain('PRIVATE KEY');
  });

  test('of a PKI without intermediates have no file of them', () => {
    using files = writeFiles(createPki({ intermediates: 0 }));

    expect(filesIn(files.directory)).toEqual(['ca.pem', 'crl.pem']);
    expect(files.intermediates).toBeUndefined();
  });

  test.runIf(process.platform !== 'win32').for([0o000, 0o022, 0o077])('is for its owner only, whatever the umask (%i)', (umask) => {
    const before = process.umask(umask);
    try {
      using temporary = writeFiles(alice);
      using given = writeFiles(alice, path.join(scratch, 'outer', 'inner'));

      for (const files of [temporary, given])
        expect([files.directory, files.key, files.cert, files.ca].map(mode)).toEqual([0o700, 0o600, 0o600, 0o600]);
    } finally {
      process.umask(before);
    }
  });

  test.for(['null', '5', '{"keyPem":"x"}'])('is refused of %s', (json) => {
    expect(() => writeFiles(JSON.parse(json), scratch)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'writeFiles source' }) }),
    );
    expect(filesIn(scratch)).toEqual([]);
  });
});

describe('the folder', () => {
  test.for(['null', '5', '""'])('%s is refused', (json) => {
    expect(() => writeFiles(alice, JSON.parse(json))).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        facts: expect.objectContaining({ option: 'writeFiles directory', value: String(JSON.parse(json)) }),
      }),
    );
    using files = writeFiles(alice, scratch);
    expect(files.directory).toBe(scratch);
  });

  test('is a new one each time, below the system’s temporary folder', () => {
    using one = writeFiles(alice);
    using other = writeFiles(alice);

    expect(path.dirname(one.directory)).toBe(os.tmpdir());
    expect(other.directory).not.toBe(one.directory);
  });

  test.for(['remove', 'using', 'await using'] as const)('goes away with its files by %s', async (how) => {
    let directory = '';

    if (how === 'remove') {
      const files = writeFiles(alice);
      directory = files.directory;
      files.remove();
      files.remove(); // once more does nothing
    } else if (how === 'using') {
      using files = writeFiles(alice);
      directory = files.directory;
    } else {
      await using files = writeFiles(alice);
      directory = files.directory;
    }

    expect(directory).not.toBe('');
    expect(fs.existsSync(directory)).toBe(false);
  });

  test('that is given and missing is created with those above it, and they go away again', () => {
    const files = writeFiles(alice, path.join(scratch, 'outer', 'inner'));

    expect(files.directory).toBe(path.join(scratch, 'outer', 'inner'));
    expect(read(files.key)).toBe(alice.keyPem);
    files.remove();
    expect(filesIn(scratch)).toEqual([]);
  });

  test('that is given and there stays, and loses only what was written', () => {
    fs.writeFileSync(path.join(scratch, 'foreign.pem'), 'mine');

    const files = writeFiles(alice, scratch);
    expect(filesIn(scratch)).toEqual(['ca.pem', 'cert.pem', 'foreign.pem', 'key.pem']);
    files.remove();

    expect(filesIn(scratch)).toEqual(['foreign.pem']);
    expect(read(path.join(scratch, 'foreign.pem'))).toBe('mine');
  });

  test('that was created stays where another file was put into it', () => {
    const files = writeFiles(alice, path.join(scratch, 'outer', 'inner'));
    fs.writeFileSync(path.join(scratch, 'outer', 'foreign.pem'), 'mine');

    files.remove();

    expect(filesIn(path.join(scratch, 'outer'))).toEqual(['foreign.pem']);
  });

  test('may have lost its files before', () => {
    const files = writeFiles(alice);
    fs.rmSync(files.directory, { recursive: true });

    expect(files.remove()).toBeUndefined();
  });

  test('that is given may be relative', () => {
    using files = writeFiles(alice, path.relative(process.cwd(), scratch));

    expect(path.isAbsolute(files.key ?? '')).toBe(true);
    expect(files.directory).toBe(scratch);
  });
});

describe('a file that is there already', () => {
  test.for(['key.pem', 'cert.pem', 'ca.pem'])('is never written over or removed (%s)', (file) => {
    fs.writeFileSync(path.join(scratch, file), 'mine');

    expect(() => writeFiles(alice, scratch)).toThrow(
      expect.objectContaining({ code: 'FILE_EXISTS', facts: { path: path.join(scratch, file) } }),
    );
    expect(filesIn(scratch)).toEqual([file]);
    expect(read(path.join(scratch, file))).toBe('mine');
  });

  test('counts also where it is a link to nowhere', () => {
    fs.symlinkSync(path.join(scratch, 'nowhere'), path.join(scratch, 'ca.pem'));

    expect(() => writeFiles(alice, scratch)).toThrow(expect.objectContaining({ code: 'FILE_EXISTS' }));
    expect(filesIn(scratch)).toEqual(['ca.pem']);
  });

  test('is one of our own, too: a folder holds one identity', () => {
    using files = writeFiles(alice, scratch);

    expect(() => writeFiles(alice, scratch)).toThrow(expect.objectContaining({ code: 'FILE_EXISTS', facts: { path: files.ca } }));
    expect(read(files.key)).toBe(alice.keyPem);
  });
});

function filesIn(directory: string): string[] {
  return fs.readdirSync(directory).toSorted();
}
