import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { writeFiles } from '../../../src/pki/files/write-files.ts';
import { createPki } from '../../../src/pki/pki.ts';

const pki = createPki();

afterEach(() => {
  vi.restoreAllMocks();
});

test('a rotation replaces the anchors, the key and at last the certificate, each whole', () => {
  using files = writeFiles(pki.client('alice'));
  const bob = pki.client('bob');
  const { renameSync } = fs;
  const seen: [file: string, key: boolean, cert: boolean][] = [];
  vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    renameSync(from, to);
    seen.push([
      path.basename(String(to)),
      fs.readFileSync(files.key, 'utf8') === bob.keyPem,
      fs.readFileSync(files.cert, 'utf8') === bob.chainPem,
    ]);
  });

  files.rotate(bob);

  expect(seen).toEqual([
    ['ca.pem', false, false],
    ['key.pem', true, false],
    ['cert.pem', true, true],
  ]);
  expect(fs.readdirSync(files.directory).toSorted()).toEqual(['ca.pem', 'cert.pem', 'key.pem']);
});

test('damage replaces one file, and leaves the inodes of the others', () => {
  using files = writeFiles(pki.client('alice'));
  const inodes = (): number[] => [files.key, files.cert, files.ca].map((file) => fs.statSync(file).ino);
  const [key, ...others] = inodes();

  files.damage('truncated');
  const [damaged, ...after] = inodes();

  expect(after).toEqual(others);
  expect(damaged).not.toBe(key);
});
