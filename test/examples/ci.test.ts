import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { programOf } from '../meta/packed-package.ts';
import { blockBelow } from '../meta/shown-output.ts';
import { projectRoot } from '../meta/syntax.ts';

interface Job {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  /** What is kept after the run. */
  readonly kept: string;
}

interface GithubStep {
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: { readonly path?: string };
}

interface GitlabJob {
  readonly script: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly artifacts: { readonly paths: readonly string[]; readonly reports: { readonly junit: string } };
}

test.for([
  ['GitHub', 'github', ofGithub],
  ['GitLab', 'gitlab', ofGitlab],
] as const)('what %s keeps of a run with a failing test is its capture and JUnit', { timeout: 120_000 }, ([, name, jobOf]) => {
  const page = readFileSync(path.join(projectRoot, 'docs/ci.md'), 'utf8');
  const { command, env, kept } = jobOf(blockBelow(page, `<!-- run by test/examples/ci.test.ts: ${name} -->`).join('\n'));
  const folder = projectThatFails();

  const { status, log } = runAsCi(command, { cwd: folder, env });

  expect(status).toBe(1);
  expect(log).toContain('Handshake accepted, although verification failed with CERT_HAS_EXPIRED');
  expect(readdirSync(path.join(folder, kept)).toSorted()).toEqual(['captures', 'junit.xml']);
  expect(readFileSync(path.join(folder, kept, 'junit.xml'), 'utf8')).toContain('the server rejects an expired client');
  expect(readdirSync(path.join(folder, kept, 'captures')).filter((file) => file.endsWith('.pcapng'))).toHaveLength(1);
});

function ofGithub(yaml: string): Job {
  const { steps } = parse(yaml) as { readonly steps: readonly GithubStep[] }; // as the page has it
  const { run = '', env = {} } = steps.find((step) => step.run?.includes('vitest')) ?? {};
  return { command: run, env, kept: steps.find((step) => step.with?.path)?.with?.path ?? '' };
}

function ofGitlab(yaml: string): Job {
  const { script, variables, artifacts } = (parse(yaml) as { readonly test: GitlabJob }).test; // as the page has it
  const [kept = ''] = artifacts.paths;
  expect(artifacts.reports.junit).toBe(`${kept}/junit.xml`);
  return { command: script.at(-1) ?? '', env: variables, kept };
}

/** A project with the first test of the README, whose server only requests certificates: the test fails. Removed when this test ends. */
function projectThatFails(): string {
  const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'mtls-fixtures-ci-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const examples = path.join(projectRoot, 'test/examples');
  copyFileSync(path.join(examples, 'first-test.test.ts'), path.join(folder, 'first.test.ts'));
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  const permissive = JSON.stringify(path.join(examples, 'permissive/vitest.config.ts'));
  writeFileSync(
    path.join(folder, 'vitest.config.ts'),
    `import config from ${permissive};\nexport default { ...config, test: { include: ['first.test.ts'] } };\n`,
  );
  return folder;
}

/** The command as the page has it, without the environment of this Vitest. */
function runAsCi(
  command: string,
  { cwd, env }: { readonly cwd: string; readonly env: Job['env'] },
): { status: number | null; log: string } {
  const [npx, vitest, ...options] = command.split(' ');
  expect([npx, vitest]).toEqual(['npx', 'vitest']);
  const own = Object.entries(process.env).filter(([variable]) => !/^(?:VITEST|NODE_ENV$|TEST$|DEV$|PROD$)/u.test(variable));
  const { status, stdout, stderr } = spawnSync(process.execPath, [programOf('vitest'), ...options], {
    cwd,
    env: { ...Object.fromEntries(own), ...env },
    encoding: 'utf8',
  });
  return { status, log: `${stdout}${stderr}` };
}
