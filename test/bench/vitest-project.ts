import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './peers/programs.ts';

/** A project of its own that uses the built package as users do: Vitest leaves it to Node. */
export interface VitestProject {
  /** Runs Vitest, and tells what it took from start to end. */
  run(...options: readonly string[]): Promise<VitestRun>;
  remove(): void;
}

export interface VitestRun {
  readonly milliseconds: number;
  readonly tests: readonly TestOutcome[];
}

/** What is used of Vitest's JSON about one test. */
interface TestOutcome {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
  readonly meta: Readonly<Record<string, unknown>>;
}

/** `DIST` stands for the folder of the built package in the files and the configuration. */
export function createVitestProject(files: Readonly<Record<string, string>>, config: string): VitestProject {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-vitest-'));
  mkdirSync(path.join(folder, 'out'));
  const all = { ...files, 'vitest.config.mjs': config, 'package.json': '{ "type": "module" }' };
  for (const [name, text] of Object.entries(all)) writeFileSync(path.join(folder, name), text.replaceAll('DIST', dist));
  return {
    run: async (...options) => {
      const output = path.join(folder, 'out', 'results.json');
      const start = performance.now();
      rmSync(output, { force: true });
      await run(process.execPath, [vitest, 'run', '--root', folder, '--reporter=json', `--outputFile=${output}`, ...options]).catch(
        () => {},
      ); // failed tests are in the results
      const milliseconds = performance.now() - start;
      const { testResults } = JSON.parse(readFileSync(output, 'utf8')) as { testResults: { assertionResults: TestOutcome[] }[] }; // Vitest's own format
      return { milliseconds, tests: testResults.flatMap(({ assertionResults }) => assertionResults) };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The built package is outside of node_modules here, where Vitest would transform it. */
export const leftToNode = 'server: { deps: { external: [/\\/dist\\//] } }';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
