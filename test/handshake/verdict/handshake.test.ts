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
