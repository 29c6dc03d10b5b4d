import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** A project of a user's: the packed tarball installed by npm, the peers linked to ours. */
let consumer = '';
let packed: readonly string[] = [];

beforeAll(() => {
  consumer = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-consumer-'));
  cpSync('fixtures/consumers/project', consumer, { recursive: true });
  execFileSync('npm', ['run', '--silent', 'build']);
  const [{ filename, files }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', consumer], { encoding: 'utf8' }),
  ) as [{ filename: string; files: { path: string }[] }];
  packed = files.map((file) => file.path);
  // As a user installs it, so that a dependency that was not declared is missing here.
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-save', '--omit=peer', `./${filename}`], {
    cwd: consumer,
    stdio: 'pipe',
  });
  for (const peer of ['vitest', 'typescript', '@types', 'undici-types']) {
    const link = path.join(consumer, 'node_modules', peer);
    rmSync(link, { recursive: true, force: true });
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.resolve('node_modules', peer), link);
  }
}, 240_000);

afterAll(() => {
  rmSync(consumer, { recursive: true, force: true });
});

function run(program: string, ...args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: consumer,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', VITEST: '', NODE_OPTIONS: '' },
  });
  return { status, output: `${stdout}${stderr}` };
}

describe('the packed package', () => {
  test('holds the doors, their types and the legal texts, and no sources or tests', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'package.json',
        'dist/index.js',
        'dist/types/index.d.ts',
        'dist/vitest.js',
        'dist/types/vitest/index.d.ts',
      ]),
    );
    expect(packed.filter((file) => /^(?:src|test|fixtures|\.ci)\//u.test(file))).toEqual([]);
  });

  test('works in a project without a test runner', () => {
    const { status, output } = run(process.execPath, 'use-core.js');

    expect(output).toBe(
      JSON.stringify({
        accepted: 'accepted',
        rejected: ['server', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'unknown_ca'],
        code: 'KEY_ALGORITHM_UNKNOWN',
      }),
    );
    expect(status).toBe(0);
  });

  test('works in a Vitest project, with global-setup and setup named by the package', () => {
    const { status, output } = run(process.execPath, 'node_modules/vitest/vitest.mjs', 'run', 'good.test.ts');

    expect(output).toContain('1 passed');
    expect(status).toBe(0);
  });

  test('prints both ends of the story when a test fails', () => {
    const { status, output } = run(process.execPath, 'node_modules/vitest/vitest.mjs', 'run', 'failing.test.ts');

    expect(output).toContain('it was rejected by the server: CERT_HAS_EXPIRED (alert certificate_expired, 45, sent by the server)');
    expect(output).toContain('server API  verification failed with CERT_HAS_EXPIRED');
    expect(status).toBe(1);
  });

  test('is typed for a strict project that checks its libraries', () => {
    const { status, output } = run(process.execPath, 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');

    expect(output).toBe('');
    expect(status).toBe(0);
  });

  test('is found well formed by publint and attw', () => {
    const [tarball = ''] = readdirSync(consumer).filter((file) => file.endsWith('.tgz'));
    const location = path.join(consumer, tarball);

    expect(execFileSync('npx', ['publint', location, '--strict'], { encoding: 'utf8' })).toContain('All good');
    // attw exits with 1 on any problem that its profile does not ignore.
    expect(execFileSync('npx', ['attw', location, '--profile', 'esm-only', '--no-emoji'], { encoding: 'utf8' })).toContain(
      '"mtls-fixtures/vitest"',
    );
  });
});

test.for([
  ['index.js', []],
  ['vitest.js', ['vitest']],
] as const)('%s loads nothing heavy', ([door, allowed]) => {
  const hook = `
    import module from 'node:module';
    const seen = [];
    module.registerHooks({ resolve(specifier, context, next) { seen.push(specifier); return next(specifier, context); } });
    await import(${JSON.stringify(path.resolve('dist', door))}).catch(() => {}); // outside of a run, vitest refuses to be imported
    const loaded = process.moduleLoadList.filter((name) => /NativeModule (https|http2|tls)$/u.test(name));
    console.log(JSON.stringify({ packages: seen.filter((specifier) => /^[a-z@]/u.test(specifier) && !specifier.startsWith('node:')), loaded }));
  `;
  const { packages, loaded } = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', hook], { encoding: 'utf8' }),
  ) as { packages: string[]; loaded: string[] };

  expect(packages.filter((name) => !(allowed as readonly string[]).includes(name.split('/')[0] ?? '') && door === 'index.js')).toEqual([]);
  expect(packages.filter((name) => /^(?:selfsigned|get-port|testcontainers)/u.test(name))).toEqual([]);
  if (door === 'index.js') expect(loaded).toEqual([]);
});
