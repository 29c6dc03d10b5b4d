import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

/** The folders of a run, and how Vitest is configured in them. */
interface Layout {
  readonly test: string;
  readonly config: object;
  readonly captures: string;
  readonly env?: NodeJS.ProcessEnv;
}

const reporters = ['default', [source('report/index.ts'), { outputFile: 'out/report.html' }]];
const api = { name: 'api', include: ['*.suite.ts'] };
const projects = [{ root: 'packages/api', test: api }];
const withSetup = [{ root: 'packages/api', test: { ...api, globalSetup: [source('vitest/global-setup.ts')] } }];

test.for<[what: string, layout: Layout]>([
  ['without the reporter', { test: 'a.suite.ts', config: { include: ['*.suite.ts'] }, captures: 'root/.vitest/captures' }],
  ['beside a report', { test: 'a.suite.ts', config: { include: ['*.suite.ts'], reporters }, captures: 'root/.vitest/captures' }],
  [
    'of a project, beside a report',
    { test: 'packages/api/a.suite.ts', config: { projects, reporters }, captures: 'root/.vitest/captures' },
  ],
  [
    'of a project, with the global set-up',
    {
      test: 'packages/api/a.suite.ts',
      config: { projects: withSetup },
      captures: 'root/.vitest/captures',
    },
  ],
  [
    'in a folder that the environment names',
    {
      test: 'a.suite.ts',
      config: { include: ['*.suite.ts'], reporters },
      captures: 'root/out/captures',
      env: { MTLS_FIXTURES_CAPTURES: 'out/captures' },
    },
  ],
])("captures are below Vitest's root, whatever the working directory: %s", { timeout: 60_000 }, async ([, layout]) => {
  const cwd = fs.mkdtempSync(path.join(tmpdir(), 'captures-root-'));
  onTestFinished(() => fs.rmSync(cwd, { recursive: true }));
  write(path.join(cwd, 'root', layout.test), failing);
  write(path.join(cwd, 'root', 'vitest.config.mjs'), `export default ${JSON.stringify({ test: layout.config })};\n`);

  const printed = await runVitest(cwd, layout.env);

  const [, shown = ''] = /capture +(\S+\.pcapng)/u.exec(printed) ?? [];
  expect(path.dirname(shown), printed).toBe(layout.captures);
  expect(fs.existsSync(path.join(cwd, shown))).toBe(true);
  expect(fs.existsSync(path.join(cwd, 'root/out/report.html'))).toBe('reporters' in layout.config);
});

const failing = `
import { createPki, startTlsServer } from '${source('index.ts')}';
import { expect, test } from '${source('vitest/index.ts')}';

test('fails', async () => {
  await using server = await startTlsServer({ pki: createPki() });
  await expect(server).toAccept(createPki().client());
});
`;

function source(file: string): string {
  return fileURLToPath(new URL(`../../src/${file}`, import.meta.url));
}

function write(file: string, content: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

async function runVitest(cwd: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { MTLS_FIXTURES_CAPTURES: _, ...inherited } = process.env;
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const child = spawn(process.execPath, [vitest, 'run', '--root', 'root'], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
  });
  return (await Promise.all([text(child.stdout), text(child.stderr)])).join('\n');
}
