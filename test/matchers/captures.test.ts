import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { attemptHandshake, createPki, type Handshake, startTlsServer } from '../../src/index.ts';
import { writeCapture } from '../../src/matchers/captures.ts';
import { hasGit } from '../support/has-git.ts';

const pki = createPki();
let scratch: string;
let captures: string;

beforeEach(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-captures-'));
  captures = path.join(scratch, 'captures');
  vi.stubEnv('MTLS_FIXTURES_CAPTURES', captures);
});

afterEach(() => {
  vi.unstubAllEnvs();
  fs.rmSync(scratch, { recursive: true, force: true });
});

async function performHandshake(): Promise<Handshake> {
  await using server = await startTlsServer({ pki });
  return await attemptHandshake(server, { identity: pki.client() });
}

const run = promisify(execFile);

/** A program of its own that has a handshake to write. */
function program(statement: string): string {
  return `
    import { attemptHandshake, createPki, startTlsServer } from '${new URL('../../src/index.ts', import.meta.url).href}';
    import { writeCapture } from '${new URL('../../src/matchers/captures.ts', import.meta.url).href}';
    const server = await startTlsServer({ pki: createPki() });
    const handshake = await attemptHandshake(server);
    await server.close();
    ${statement}
  `;
}

const namesIn = (folder: string): string[] => fs.readdirSync(folder).toSorted();

/** Dates a capture back, so that its order does not depend on the resolution of the clock. */
function writeAged(handshake: Handshake, name: string, secondsAgo: number): string {
  const file = writeCapture(handshake, name) ?? '';
  const time = Date.now() / 1000 - secondsAgo;
  fs.utimesSync(file, time, time);
  return path.basename(file);
}

test('a folder that is created gets a .gitignore for everything in it, one that was there keeps its own', async () => {
  const handshake = await performHandshake();
  writeCapture(handshake, 'new');

  const given = path.join(scratch, 'given');
  fs.mkdirSync(given);
  vi.stubEnv('MTLS_FIXTURES_CAPTURES', given);
  writeCapture(handshake, 'given');

  expect(fs.readFileSync(path.join(captures, '.gitignore'), 'utf8').split('\n')).toContain('*');
  expect(fs.statSync(captures).mode & 0o777).toBe(0o700);
  expect(namesIn(given)).toEqual([`given-${process.pid}-1.pcapng`]);
});

test.skipIf(!hasGit)('the default folder is .vitest/captures, which git does not see', async () => {
  const { MTLS_FIXTURES_CAPTURES: _, ...env } = process.env;
  const write = program("console.log(writeCapture(handshake, 'here'));");
  await run('git', ['init', '-q', scratch]);

  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', write], { cwd: scratch, env });
  const { stdout: seen } = await run('git', ['-C', scratch, 'status', '--porcelain', '--untracked-files=all']);

  expect(stdout.trim()).toMatch(/^\.vitest\/captures\/here-\d+-1\.pcapng$/u);
  expect(fs.existsSync(path.join(scratch, stdout.trim()))).toBe(true);
  expect(seen).toBe('');
});

test('the newest stay, the oldest go first', async () => {
  const handshake = await performHandshake();
  vi.stubEnv('MTLS_FIXTURES_MAX_CAPTURES', '3');

  const oldest = writeAged(handshake, 'a', 10);
  const newer = writeAged(handshake, 'c', 5);
  const newest = writeAged(handshake, 'b', 1);
  expect(namesIn(captures)).toEqual(['.gitignore', oldest, newest, newer]);
  const last = path.basename(writeCapture(handshake, 'd') ?? '');

  expect(namesIn(captures)).toEqual(['.gitignore', newest, newer, last]);
});

test('200 stay unless another number is given', async () => {
  const handshake = await performHandshake();
  for (let count = 0; count < 203; count += 1) writeCapture(handshake, 'many');

  expect(namesIn(captures).filter((name) => name.endsWith('.pcapng'))).toHaveLength(200);
});

test('what others have put there is never removed, whatever its name', async () => {
  const handshake = await performHandshake();
  vi.stubEnv('MTLS_FIXTURES_MAX_CAPTURES', '1');
  const foreign = ['foreign-1-1.pcapng', 'empty-1-1.pcapng', 'notes.txt', 'own.pcapng'];
  writeCapture(handshake, 'first');
  fs.writeFileSync(
    path.join(captures, 'foreign-1-1.pcapng'),
    Buffer.from('0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000', 'hex'),
  );
  fs.writeFileSync(path.join(captures, 'empty-1-1.pcapng'), '');
  fs.writeFileSync(path.join(captures, 'notes.txt'), 'mine');
  handshake.writePcapng(path.join(captures, 'own.pcapng'));
  fs.mkdirSync(path.join(captures, 'folder-1-1.pcapng'));
  fs.symlinkSync(path.join(captures, 'own.pcapng'), path.join(captures, 'link-1-1.pcapng'));

  writeCapture(handshake, 'second');

  expect(namesIn(captures)).toEqual(
    ['.gitignore', ...foreign, 'folder-1-1.pcapng', 'link-1-1.pcapng', `second-${process.pid}-1.pcapng`].toSorted(),
  );
});

test('processes that write at the same time keep the number and end without an error', async () => {
  const write = program("for (let count = 0; count < 40; count += 1) writeCapture(handshake, 'same name');");
  const env = { ...process.env, MTLS_FIXTURES_MAX_CAPTURES: '20' };

  await Promise.all([1, 2, 3].map(() => run(process.execPath, ['--input-type=module', '--eval', write], { env })));

  expect(namesIn(captures).filter((name) => name.endsWith('.pcapng'))).toHaveLength(20);
});

test('threads of one process take names of their own', async () => {
  const write = program("for (let count = 0; count < 20; count += 1) writeCapture(handshake, 'same name');");
  const url = `data:text/javascript,${encodeURIComponent(write)}`;
  const threads = `import { Worker } from 'node:worker_threads'; for (const _ of [1, 2, 3]) new Worker(new URL(${JSON.stringify(url)}));`;

  await run(process.execPath, ['--input-type=module', '--eval', threads]);

  expect(namesIn(captures).filter((name) => name.endsWith('.pcapng'))).toHaveLength(60);
});

test.for(['0', '-1', 'many', '1.5', ''])('the number %j is refused, and nothing is written', async (value) => {
  vi.stubEnv('MTLS_FIXTURES_MAX_CAPTURES', value);
  const handshake = await performHandshake();

  expect(() => writeCapture(handshake, 'test')).toThrow(
    expect.objectContaining({
      code: 'OPTION_INVALID',
      facts: expect.objectContaining({ option: 'MTLS_FIXTURES_MAX_CAPTURES', value }),
    }),
  );
  expect(fs.existsSync(captures)).toBe(false);
});

test('a folder that cannot be created is one error of ours, and nothing of it stays', async () => {
  const handshake = await performHandshake();
  const tooLong = path.join(scratch, 'outer', 'x'.repeat(300));
  vi.stubEnv('MTLS_FIXTURES_CAPTURES', tooLong);

  expect(() => writeCapture(handshake, 'test')).toThrow(
    expect.objectContaining({ code: 'WRITE_FAILED', facts: expect.objectContaining({ path: tooLong }) }),
  );
  expect(namesIn(scratch)).toEqual([]);
});
