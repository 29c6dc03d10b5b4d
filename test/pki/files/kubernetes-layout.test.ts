import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeFiles } from '../../../src/pki/files/write-files.ts';
import { createPki } from '../../../src/pki/pki.ts';

const pki = createPki();
const alice = pki.client('alice');
const bob = pki.client('bob');

let directory = '';
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kubernetes-layout-test-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(directory, { recursive: true });
});

const at = (name: string): string => path.join(directory, name);
const dataFolder = (): string => fs.readlinkSync(at('..data'));

test('the files are links through ..data to a folder named by the time', () => {
  using files = writeFiles(alice, { directory, layout: 'kubernetes' });

  expect(files.directory).toBe(directory);
  expect(fs.readdirSync(directory).toSorted()).toEqual(['..data', dataFolder(), 'ca.pem', 'cert.pem', 'key.pem'].toSorted());
  expect(dataFolder()).toMatch(/^\.\.\d{4}(?:_\d\d){5}\.\w+$/u);
  expect(['ca.pem', 'cert.pem', 'key.pem'].map((name) => fs.readlinkSync(at(name)))).toEqual([
    '..data/ca.pem',
    '..data/cert.pem',
    '..data/key.pem',
  ]);
});

test('a rotation leaves the links alone and swaps ..data in one rename: key and certificate of one identity on either side of it', () => {
  using files = writeFiles(alice, { directory, layout: 'kubernetes' });
  const links = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => fs.lstatSync(at(name)).ino);
  const before = dataFolder();
  const seen: string[] = [];
  const look = (): void => {
    const certificate = new X509Certificate(fs.readFileSync(at('cert.pem')));
    const fits = certificate.checkPrivateKey(createPrivateKey(fs.readFileSync(at('key.pem'))));
    seen.push(`${certificate.subject}, ${fits ? 'its key' : 'another key'}`);
  };
  const { renameSync, symlinkSync, writeFileSync } = fs;
  vi.spyOn(fs, 'writeFileSync').mockImplementation((file, text) => {
    writeFileSync(file, text);
    look();
  });
  vi.spyOn(fs, 'symlinkSync').mockImplementation((target, link) => {
    symlinkSync(target, link);
    look();
  });
  const rename = vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    look();
    renameSync(from, to);
    look();
  });

  files.rotate(bob);

  expect(seen).toEqual([...Array.from({ length: 5 }, () => 'CN=alice, its key'), 'CN=bob, its key']);
  expect(rename).toHaveBeenCalledExactlyOnceWith(at('..data_tmp'), at('..data'));
  expect(['ca.pem', 'cert.pem', 'key.pem'].map((name) => fs.lstatSync(at(name)).ino)).toEqual(links);
  expect(fs.existsSync(at(before))).toBe(false);
  expect(fs.readdirSync(directory)).toHaveLength(5);
});

test.runIf(process.platform === 'linux')(
  'a watcher on the file alone misses the rotations after the first, one on the folder sees each',
  async () => {
    using files = writeFiles(alice, { directory, layout: 'kubernetes' });
    const onFile: string[] = [];
    const onlyFile = fs.watch(files.key, (event) => onFile.push(event));
    const swaps = watchSwaps(directory);

    files.rotate(bob);
    await swaps.next();
    await swaps.settled(files.directory); // what the first rotation has to say has been said: the old file is removed
    const afterFirst = onFile.length;
    for (const next of [alice, bob, alice]) {
      files.rotate(next);
      await swaps.next();
    }
    await swaps.settled(files.directory);

    onlyFile.close();
    swaps.watcher.close();
    expect(afterFirst).toBeGreaterThan(0); // the old file was removed
    expect(onFile.slice(afterFirst)).toEqual([]);
    expect(fs.readFileSync(files.key, 'utf8')).toBe(alice.keyPem);
  },
);

test.for(['EPERM', 'ENOTSUP', 'ENOSYS'])('a file system without links is named as such (%s), and nothing is left', (code) => {
  vi.spyOn(fs, 'symlinkSync').mockImplementation((target, link) => {
    throw Object.assign(new Error(`${code}: operation not permitted, symlink '${target.toString()}' -> '${link.toString()}'`), { code });
  });

  expect(() => writeFiles(alice, { directory: at('new'), layout: 'kubernetes' })).toThrow(
    expect.objectContaining({ code: 'LINKS_UNSUPPORTED', facts: { directory: at('new'), reason: `${code}: operation not permitted` } }),
  );
  expect(fs.readdirSync(directory)).toEqual([]);
  using files = writeFiles(alice, { directory: at('new') }); // control: the other layout needs none
  expect(fs.readFileSync(files.key, 'utf8')).toBe(alice.keyPem);
});

test('a folder of this layout that others hold is refused, and stays as it is', () => {
  fs.mkdirSync(at('..2026_01_01_00_00_00.123'));
  fs.symlinkSync('..2026_01_01_00_00_00.123', at('..data'));

  expect(() => writeFiles(alice, { directory, layout: 'kubernetes' })).toThrow(
    expect.objectContaining({ code: 'FILE_EXISTS', facts: { path: at('..data') } }),
  );
  expect(fs.readdirSync(directory).toSorted()).toEqual(['..2026_01_01_00_00_00.123', '..data']);
});

/** Swaps of `..data` as a watcher on the folder sees them. */
function watchSwaps(folder: string) {
  const events: string[] = [];
  let wake = (): void => {};
  const watcher = fs.watch(folder, (_event, name) => {
    events.push(String(name));
    wake();
  });
  const seen = async (wanted: string): Promise<void> => {
    while (!events.includes(wanted)) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      wake = () => {
        resolve(undefined);
      };
      await promise;
    }
    events.length = 0;
  };
  return {
    watcher,
    next: () => seen('..data'),
    /** inotify reports in order: once a later change of the folder was seen, all before it were. */
    settled: async (settledFolder: string) => {
      fs.writeFileSync(path.join(settledFolder, 'last'), '');
      fs.rmSync(path.join(settledFolder, 'last'));
      await seen('last');
    },
  };
}
