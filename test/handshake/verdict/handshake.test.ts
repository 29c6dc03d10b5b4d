import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { attemptHandshake, createPki, startTlsServer } from '../../../src/index.ts';

test('a capture is written for its owner alone, and never over a file', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-write-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'handshake.pcapng');
  const pki = createPki();
  await using server = await startTlsServer({ identity: pki.server() });
  const handshake = await attemptHandshake(server, { identity: pki.client() });

  handshake.writePcapng(file);

  expect(readFileSync(file).equals(handshake.toPcapng())).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(() => handshake.writePcapng(file)).toThrow(expect.objectContaining({ code: 'FILE_EXISTS' }));
});

test.for<[file: string, code: string, message: string]>([
  ['5', 'OPTION_INVALID', 'Cannot use file of writePcapng "5": expected text that is not empty'],
  ['""', 'OPTION_INVALID', 'Cannot use file of writePcapng "": expected text that is not empty'],
  [
    '"/proc/absent/file"',
    'WRITE_FAILED',
    'Cannot write "/proc/absent/file": ENOENT: no such file or directory; create the folder above it, or correct the path',
  ],
])('a capture is not written to %s', async ([file, code, message]) => {
  await using server = await startTlsServer({ pki: createPki() });
  const handshake = await attemptHandshake(server);

  expect(() => handshake.writePcapng(JSON.parse(file))).toThrow(expect.objectContaining({ code, message }));
});
