import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keysIn, type Keys } from './secrets.ts';
import { projectRoot } from './syntax.ts';

const reports = ['report.html', 'report.json', 'mtls.xml', 'ctrf.json', 'mtls.sarif', 'summary.md', 'vitest.json', 'junit.xml'];

test('no failing assertion, snapshot, title, printed line, report or capture of a run shows a key', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mtls-fixtures-secrets-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const at = (name: string): string => path.join(folder, name);

  const output = await runSuite(at);
  const keys: Keys = JSON.parse(await readFile(at('keys.json'), 'utf8'));
  const written = await Promise.all(reports.map(async (name) => [name, await readFile(at(name), 'utf8')] as const));

  const names = (await readdir(at('captures'))).filter((name) => name.endsWith('.pcapng'));
  const captures = await Promise.all(names.map((name) => readFile(path.join(at('captures'), name))));

  expect(Object.keys(keys)).toEqual(['root', 'issuer', 'server', 'alice']);
  expect(await readdir(folder)).toEqual(expect.arrayContaining(reports));
  expect(output).toMatch(/Tests +150 failed \| 8 passed/u);
  expect([['output', output] as const, ...written].map(([name, text]) => [name, keysIn(text, keys)])).toEqual(
    ['output', ...reports].map((name) => [name, []]),
  );
  expect(captures.length).toBeGreaterThan(0);
  expect(captures.flatMap((capture) => keysIn(capture, keys))).toEqual([]);
});

/** In a process of its own, with the reporters that write most. */
async function runSuite(at: (name: string) => string): Promise<string> {
  const files = { outputFile: at('report.html'), jsonFile: at('report.json'), junitFile: at('mtls.xml'), ctrfFile: at('ctrf.json') };
  const own = [path.join(projectRoot, 'src/report/index.ts'), { ...files, sarifFile: at('mtls.sarif'), github: true }];
  const reporters = ['verbose', ['json', { outputFile: at('vitest.json') }], ['junit', { outputFile: at('junit.xml') }], own];
  const suite = { include: ['test/vitest/suites/secrets.suite.ts'], reporters, globalSetup: 'src/vitest/global-setup.ts', retry: 0 };
  await writeFile(
    at('vitest.config.mjs'),
    `export default ${JSON.stringify({ root: projectRoot, cacheDir: at('cache'), test: suite })};\n`,
  );
  const program = path.join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [program, 'run', '--config', at('vitest.config.mjs')], {
    cwd: projectRoot,
    env: {
      ...process.env,
      NO_COLOR: '1',
      GITHUB_STEP_SUMMARY: at('summary.md'),
      MTLS_FIXTURES_CAPTURES: at('captures'),
      MTLS_FIXTURES_TEST_KEYS: at('keys.json'),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  return output;
}
