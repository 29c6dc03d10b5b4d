import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
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
});

test('where no capture is wanted the transcript does not mention one', async () => {
  const handshake = await performHandshake();
  vi.stubEnv('MTLS_FIXTURES_CAPTURES', '');

  expect(failureTranscript(handshake, 'test')).toBe(handshake.explain());
  expect(existsSync(path.join(folder, 'captures'))).toBe(false);
});

test.for([
  ['MTLS_FIXTURES_CAPTURES', '/dev/null/captures', 'Cannot write "/dev/null/captures"'],
  ['MTLS_FIXTURES_MAX_CAPTURES', 'many', 'Cannot use MTLS_FIXTURES_MAX_CAPTURES "many"'],
] as const)('where the capture cannot be written the transcript is complete, and says why (%s=%s)', async ([name, value, why]) => {
  const handshake = await performHandshake();
  vi.stubEnv(name, value);

  const transcript = failureTranscript(handshake, 'test');

  expect(transcript.startsWith(`${handshake.explain()}\n  capture     none: ${why}`)).toBe(true);
  expect(transcript.split('\n')).toHaveLength(handshake.explain().split('\n').length + 1);
});
