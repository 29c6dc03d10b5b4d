import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MtlsReporterOptions } from '../../src/report/mtls-reporter.ts';
import type { Report } from '../../src/report/report.ts';

/** What a run of Vitest with the reporter wrote; its files are removed on disposal. */
export interface ReportedRun extends AsyncDisposable {
  /** The folder that it wrote to. */
  readonly folder: string;
  /** Where the page is. */
  readonly page: string;
  readonly html: string;
  readonly json: string;
  readonly report: Report;
  /** What was printed. */
  readonly output: string;
  readonly exitCode: number;
}

/** How Vitest is run. */
interface RunOptions {
  /** The number of runs, each with a part of the files, whose blob reports are merged. */
  readonly shards?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** More options of the reporter; files are named in the folder that it writes to. */
  readonly outputs?: { readonly github?: boolean; readonly files?: Readonly<Record<string, string>> };
  /** Options of the reporter. */
  readonly options?: Omit<MtlsReporterOptions, 'outputFile' | 'jsonFile'>;
}

/** Runs files of `test/vitest/suites/` by Vitest in a separate process, with the reporter. */
export async function runReport(
  files: readonly string[],
  { shards, env = {}, options: given = {}, outputs = {} }: RunOptions = {},
): Promise<ReportedRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'report-'));
  const page = path.join(folder, 'out', 'report.html');
  const jsonFile = path.join(folder, 'out', 'report.json');
  const config = path.join(folder, 'vitest.config.mjs');
  const include = files.map((file) => `test/vitest/suites/${file}`);
  const { files: names = {}, ...flags } = outputs;
  const more = Object.fromEntries(Object.entries(names).map(([option, name]) => [option, path.join(folder, 'out', name)]));
  const reporterOptions = { outputFile: page, jsonFile, ...more, ...flags, ...given };
  const test = { include, reporters: [[reporter, reporterOptions]], globalSetup: 'src/vitest/global-setup.ts', retry: 0 };
  await writeFile(config, `export default ${JSON.stringify({ root, cacheDir: path.join(folder, 'cache'), test })};\n`);
  const run = (...options: readonly string[]): Promise<Ended> => vitest(['run', '--config', config, ...options], env);
  let ended: Ended;
  if (shards === undefined) ended = await run();
  else {
    const blobs = path.join(folder, 'blobs');
    await mkdir(blobs);
    for (let shard = 1; shard <= shards; shard += 1)
      await run('--reporter=blob', `--outputFile.blob=${path.join(blobs, `${shard}.json`)}`, `--shard=${shard}/${shards}`);
    ended = await run(`--merge-reports=${blobs}`);
  }
  const [html, json] = await Promise.all([readFile(page, 'utf8'), readFile(jsonFile, 'utf8')]);
  const report: Report = JSON.parse(json);
  return {
    folder: path.join(folder, 'out'),
    page,
    html,
    json,
    report,
    ...ended,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

interface Ended {
  readonly output: string;
  readonly exitCode: number;
}

async function vitest(options: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...options], { cwd: root, env: { ...process.env, NO_COLOR: '1', ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exitCode = await new Promise<number>((resolve, reject) => child.on('close', (code) => resolve(code ?? -1)).on('error', reject));
  return { output, exitCode };
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = path.join(root, 'node_modules/vitest/vitest.mjs');
const reporter = path.join(root, 'src/report/index.ts');
