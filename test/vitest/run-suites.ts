import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ScenarioRecord } from '../../src/scenarios/records/scenario-record.ts';

/** One test of a run of Vitest. */
export interface SuiteTest {
  /** The names of its describe blocks and its own, joined by ` > `. */
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** The messages of its failure. */
  readonly message: string;
  /** What a test of a suite left for reporters: its kind, its sentence, and whether another row says it too. */
  readonly kind?: string | undefined;
  readonly result?: string | undefined;
  readonly isAside: boolean;
}

/** Runs one file of `suites/` by Vitest in a process of its own, and tells what its report says. `more`: further options of Vitest. */
export async function runSuites(file: string, more: readonly string[] = []): Promise<readonly SuiteTest[]> {
  const report = path.join(await mkdtemp(path.join(tmpdir(), 'suites-')), 'report.json');
  await runVitest(file, ['--reporter=json', `--outputFile=${report}`, ...more]);
  const written = await readFile(report, 'utf8');
  await rm(path.dirname(report), { recursive: true });
  return testsIn(JSON.parse(written) as JsonReport); // Vitest's JSON reporter
}

/** The same, and gives what Vitest prints for people: the JSON has nothing of hooks that failed. */
export function printedBySuites(file: string, more: readonly string[] = []): Promise<string> {
  return runVitest(file, ['--reporter=default', ...more]);
}

async function runVitest(file: string, options: readonly string[]): Promise<string> {
  const folder = fileURLToPath(new URL('suites/', import.meta.url));
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const config = fileURLToPath(new URL('suites/vitest.config.ts', import.meta.url));
  const child = spawn(process.execPath, [vitest, 'run', '--config', config, ...options, `${folder}${file}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  return (await printed).join('\n');
}

interface JsonReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
      readonly meta?: { readonly mtlsFixtures?: ScenarioRecord };
    }[];
    readonly message: string;
  }[];
}

function testsIn(report: JsonReport): SuiteTest[] {
  return report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status, failureMessages, meta: { mtlsFixtures: record } = {} }) => ({
      name: [...ancestorTitles, title].filter(Boolean).join(' > '),
      status: status === 'passed' || status === 'failed' ? status : 'skipped',
      message: (failureMessages ?? []).join('\n'),
      kind: record?.kind,
      result: record?.result?.message,
      isAside: record?.result?.isAside === true,
    })),
  );
}
