import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPki, writeFiles } from '../../src/index.ts';
import { runSuites } from '../vitest/run-suites.ts';
import { isOpen } from './is-open.ts';
import { ended, startVitest } from './run-vitest.ts';
import { patience } from './size.ts';

describe('what a test leaves behind', { timeout: patience }, () => {
  test('leaves no listener, when it throws or is over its time', async () => {
    const tests = await runSuites('../../reliability/suites/leavers.suite.ts');

    expect(tests.map(({ name, status, message }) => [name, status, message.split('\n')[0]])).toEqual([
      ['throws while its servers are open', 'failed', 'Error: on purpose'],
      ['whose own server is closed then', 'passed', ''],
      ['is over its time while its server is open', 'failed', expect.stringContaining('timed out in 200ms')],
      ['whose fixture is closed then', 'passed', ''],
      ['is killed with a server and files, on request', 'passed', ''],
    ]);
  });

  test.for(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('is neither listener nor file, when its worker is ended by %s', async (signal) => {
    const run = await startLeaver();

    process.kill(run.worker, signal);

    expect(await run.ended).toBe(1);
    expect(existsSync(run.directory)).toBe(false);
    expect(await isOpen(run)).toBe(false);
  });

  // Vitest's watchdog kills the workers without notice as soon as their parent ends, so a worker may not come to removing its files.
  test.for([
    ['SIGTERM', /^$|^700:( 600){0,3}$/u],
    ['SIGINT', /^$|^700:( 600){0,3}$/u],
    ['SIGKILL', /^700:( 600){3}$/u],
  ] as const)('is at most files that only their owner reads, when the whole run is ended by %s', async ([signal, modes]) => {
    const run = await startLeaver();

    process.kill(-run.pid, signal); // the whole group, as a terminal or a CI server does
    await run.ended;

    await expect.poll(() => isOpen(run)).toBe(false); // a worker may end a moment after the run
    expect(modesIn(run.directory)).toMatch(modes);
    rmSync(run.directory, { recursive: true, force: true });
  });
});

test.for([0o000, 0o022, 0o077])('keys are for their owner alone under umask %s', (mask) => {
  const before = process.umask(mask);
  onTestFinished(() => void process.umask(before));

  using files = writeFiles(createPki().client());

  expect([files.directory, files.key ?? ''].map(modeOf)).toEqual([0o700, 0o600]);
});

/** A run of Vitest whose last test has a server and files, and waits. */
async function startLeaver(): Promise<Left & { readonly pid: number; readonly ended: Promise<unknown> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mtls-fixtures-leaver-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const log = path.join(folder, 'log');
  const child = startVitest(['--config', 'test/vitest/suites/vitest.config.ts', 'test/reliability/suites/leavers.suite.ts'], {
    LEAVERS_LOG: log,
  });
  const end = ended(child);
  const { pid = 0 } = child;
  await expect.poll(() => existsSync(log) && readFileSync(log, 'utf8').endsWith('}'), { timeout: 60_000 }).toBe(true);
  const left = JSON.parse(readFileSync(log, 'utf8')) as Left; // the suite's own
  expect(existsSync(left.directory) && (await isOpen(left))).toBe(true);
  return { ...left, pid, ended: end };
}

interface Left {
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  readonly worker: number;
}

function modeOf(file: string): number {
  return statSync(file).mode & 0o777;
}

/** Of a folder and of what it holds; empty where it is gone. */
function modesIn(directory: string): string {
  if (!existsSync(directory)) return '';
  const files = readdirSync(directory).map((file) => modeOf(path.join(directory, file)).toString(8));
  return [`${modeOf(directory).toString(8)}:`, ...files].join(' ');
}
