import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { attemptHandshake, createPki, type Handshake, startTlsServer } from '../../src/index.ts';
import { failureTranscript } from '../../src/matchers/failure-transcript.ts';

const pki = createPki();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-captures-'));
  vi.stubEnv('MTLS_FIXTURES_CAPTURES', path.join(folder, 'captures'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function performHandshake(): Promise<Handshake> {
  await using server = await startTlsServer({ identity: pki.server() });
  return await attemptHandshake(server, { identity: pki.client() });
}

test('a transcript names the capture, which only its owner can read', async () => {
  const transcript = failureTranscript(await performHandshake(), 'suite > a test: with "odd" letters/äöü');

  const file = /capture +(\S+\.pcapng) \(Wireshark/u.exec(transcript)?.[1] ?? '';
  expect(path.basename(file)).toMatch(/^suite-a-test-with-odd-letters-\d+-1\.pcapng$/u);
  expect(readFileSync(file).readUInt32BE(0)).toBe(0x0a0d0d0a); // the section header block of pcapng
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('one handshake is written once, another beside it', async () => {
  const handshake = await performHandshake();

  const first = failureTranscript(handshake, 'test');
  const again = failureTranscript(handshake, 'test');
  const other = failureTranscript(await performHandshake(), 'test');

  expect(again).toBe(first);
  expect(other).not.toBe(first);
  expect(readdirSync(path.join(folder, 'captures'))).toHaveLength(2);
});

test('nothing is written where that is not wanted, or cannot be done', async () => {
  const handshake = await performHandshake();

  vi.stubEnv('MTLS_FIXTURES_CAPTURES', '');
  const unwanted = failureTranscript(handshake, 'test');
  vi.stubEnv('MTLS_FIXTURES_CAPTURES', '/dev/null/captures');
  const impossible = failureTranscript(handshake, 'test');

  expect([unwanted, impossible]).toEqual([handshake.explain(), handshake.explain()]);
  expect(existsSync(path.join(folder, 'captures'))).toBe(false);
});
