import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createPki } from '../../../src/index.ts';

const entry = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

function inspect(
  file: string,
  options: { readonly input?: string; readonly cwd?: string } = {},
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [entry, 'inspect', file], { encoding: 'utf8', ...options });
}

test('- is standard input', () => {
  const { status, stdout } = inspect('-', { input: createPki().client('alice').chainPem });

  expect(stdout).toContain('CN=alice');
  expect(status).toBe(0);
});

test('a PKCS#12 file gets the command that reads it', () => {
  const cwd = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-inspect-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(path.join(cwd, 'my identity.p12'), createPki().client().pkcs12('changeit'));

  const { status, stderr } = inspect('my identity.p12', { cwd });

  expect(stderr).toContain("it is PKCS#12; openssl pkcs12 -nokeys -in 'my identity.p12' prints its certificates");
  expect(status).toBe(2);
});

test.for<[what: string, file: string, content: string | Uint8Array | undefined]>([
  ['nothing on standard input', '-', undefined],
  ['a folder', '.', undefined],
  ['no name', '', undefined],
  ['a file that is not there', 'none.pem', undefined],
  ['an endless device', '/dev/zero', undefined],
  ['an empty file', 'empty.pem', ''],
  ['a file that is too long', 'long.pem', new Uint8Array(16_777_217)],
  ['a program', 'program', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0x02, 0x01, 0x01, 0x00])],
  ['PEM that is cut off', 'cut.pem', '-----BEGIN CERTIFICATE-----\nMIIB'],
])('%s is one line and code 2', ([, file, content]) => {
  const cwd = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-inspect-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  if (content !== undefined) writeFileSync(path.join(cwd, file), content);

  const { status, stdout, stderr } = inspect(file, { cwd, input: '' });

  expect(stderr).toMatch(/^Cannot [^\n]+\n$/u);
  expect(stderr).toContain(`"${file}"`);
  expect([status, stdout]).toEqual([2, '']);
});
