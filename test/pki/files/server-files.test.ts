import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type ServerMaterial, writeServerFiles } from '../../../src/pki/files/server-files.ts';
import { createPki } from '../../../src/pki/pki.ts';

const pki = createPki();
const other = createPki();
const first: ServerMaterial = { identity: pki.server(), trust: pki.anchors, crl: pki.crls() };
const next: ServerMaterial = { identity: pki.server(), trust: other.anchors, crl: other.crls() };

test.for(['files', 'kubernetes'] as const)('key, certificate, anchors and CRLs are in one folder, and replaced together (%s)', (layout) => {
  using files = writeServerFiles(first, { layout });
  const read = (): string[] => [files.key, files.cert, files.ca, files.crl].map((file) => readFileSync(file, 'utf8'));
  const textsOf = ({ identity, trust, crl }: ServerMaterial): string[] => [identity.keyPem, identity.chainPem, trust, crl.join('')];

  expect([files.key, files.cert, files.ca, files.crl].map((file) => path.dirname(file))).toEqual(Array(4).fill(files.directory));
  expect(read()).toEqual(textsOf(first));

  files.rotate(next);

  expect(read()).toEqual(textsOf(next));
});

test.for(['files', 'kubernetes'] as const)('a file can be damaged in the step that replaces the others (%s)', (layout) => {
  using files = writeServerFiles(first, { layout });

  files.rotate(next, { file: 'key', damage: 'empty' });

  expect(readFileSync(files.key, 'utf8')).toBe('');
  expect(readFileSync(files.cert, 'utf8')).toBe(next.identity.chainPem);

  files.restore();

  expect(readFileSync(files.key, 'utf8')).toBe(next.identity.keyPem);
});

test('one file is damaged at a time', () => {
  using files = writeServerFiles(first);
  files.damage({ file: 'crl', damage: 'missing' });

  expect(() => files.damage({ file: 'ca', damage: 'empty' })).toThrow(expect.objectContaining({ code: 'ALREADY_DAMAGED' }));
  files.rotate(next);
  expect(readFileSync(files.crl, 'utf8')).toBe(next.crl.join(''));
});
