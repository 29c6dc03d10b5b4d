import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPki, writeFiles } from '../../src/index.ts';
import { runSuites } from '../vitest/run-suites.ts';
import { isOpen } from './is-open.ts';
import { ended, startVitest } from './run-vitest.ts';
import { patience } from './size.ts';

describe('what a test leaves behind', { timeout: patience }, () => {
  test('is no listener, when it throws or is over its time', async () => {
    const tests = await runSuites('../../reliability/suites/leavers.suite.ts');

    expect(tests.map(({ name, status, message }) => [name, status, message.split('\n')[0]])).toEqual([
      ['throws while its servers are open', 'failed', 'Error: on purpose'],
      ['whose own server is closed then', 'passed', ''],
      ['is over its time while its server is open', 'failed', expect.stringContaining('timed out in 200ms')],
      ['whose fixture is closed then', 'passed', ''],
      ['is killed with a server and files, when somebody does so', 'passed', ''],
    ]);
  });

  test.for(['SIGINT', 'SIGTERM'] as const)('is neither listener nor file, when the run is ended by %s', async (signal) => {
    const run = await startLeaver();

    process.kill(-run.pid, signal); // the whole group, as a terminal or a CI server does
    await run.ended;

    expect(existsSync(run.directory)).toBe(false);
    await expect.poll(() => isOpen(run)).toBe(false); // a worker may end a moment after the run
  });

  test('is files that only their owner reads, when the run is killed without notice', async () => {
    const run = await startLeaver();

    process.kill(-run.pid, 'SIGKILL');
    await run.ended;

    await expect.poll(() => isOpen(run)).toBe(false); // a worker may end a moment after the run
    expect(statSync(run.directory).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(run.directory, 'key.pem')).mode & 0o777).toBe(0o600);
    rmSync(run.directory, { recursive: true });
  });
});

test.for([0o000, 0o022, 0o077])('keys are for their owner alone under umask %s', (mask) => {
  const before = process.umask(mask);
  onTestFinished(() => void process.umask(before));

  using files = writeFiles(createPki().client());

  expect(statSync(files.directory).mode & 0o777).toBe(0o700);
  expect(statSync(files.key ?? '').mode & 0o777).toBe(0o600);
});

/** A run of Vitest whose last test has a server and files, and waits. */
async function startLeaver(): Promise<{ pid: number; directory: string; host: string; port: number; ended: Promise<unknown> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mtls-fixtures-leaver-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const log = path.join(folder, 'log');
  const child = startVitest(['--config', 'test/vitest/suites/vitest.config.ts', 'test/reliability/suites/leavers.suite.ts'], {
    LEAVERS_LOG: log,
  });
  const end = ended(child);
  const { pid = 0 } = child;
  await expect.poll(() => existsSync(log) && readFileSync(log, 'utf8').endsWith('}'), { timeout: 60_000 }).toBe(true);
  const left = JSON.parse(readFileSync(log, 'utf8')) as { directory: string; host: string; port: number }; // the suite's own
  expect(existsSync(left.directory) && (await isOpen(left))).toBe(true);
  return { ...left, pid, ended: end };
}
