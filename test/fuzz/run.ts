// Runs the coverage-guided fuzzer: `npm run fuzz -- [--seconds 20] [target ...]`. Every target gets that many seconds, starting from its
// corpus. Ends with status 1 after a finding, which is to be fixed, and its input added into the corpus.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { findFuzzer, type StartFuzzer } from './fuzzer.ts';
import { targets } from './targets/index.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seconds: { type: 'string', default: '20' } } });
const wanted = positionals.length > 0 ? positionals : Object.keys(targets);
const unknown = wanted.filter((name) => !Object.hasOwn(targets, name));
if (unknown.length > 0) throw new Error(`there is no target ${unknown.join(', ')}; the targets are ${Object.keys(targets).join(', ')}`);

const folder = mkdtempSync(path.join(tmpdir(), 'mtls-fixtures-fuzz-'));
const bundle = await bundleTargets();
const start = await findFuzzer(folder);
const waiting = [...wanted];
const findings: string[] = [];
await Promise.all(Array.from({ length: availableParallelism() }, () => work(start)));
if (findings.length === 0) rmSync(folder, { recursive: true });
else process.stdout.write(`findings: ${findings.join(', ')}\n`);
process.exitCode = findings.length === 0 ? 0 : 1;

async function work(startFuzzer: StartFuzzer): Promise<void> {
  for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) await fuzz(target, startFuzzer);
}

async function fuzz(target: string, startFuzzer: StartFuzzer): Promise<void> {
  const [found, artifacts] = [path.join(folder, target, 'found'), path.join(folder, target, 'artifacts')];
  for (const each of [found, artifacts]) mkdirSync(each, { recursive: true });
  const { command, args } = startFuzzer([
    bundle,
    '--fuzzEntryPoint',
    target,
    '--timeout',
    '5000',
    ...(target === 'starttls' || target === 'engine' ? [] : ['--sync']), // the two targets that answer later
    found,
    path.join(import.meta.dirname, 'corpus', target),
    '--',
    `-max_total_time=${values.seconds}`,
    '-max_len=8192',
    '-timeout=5',
    '-print_final_stats=1',
    `-artifact_prefix=${artifacts}/`,
  ]);
  // Anything but status 0 is looked at below: what was written is what counts.
  const output = await promisify(execFile)(command, args, { cwd: folder, maxBuffer: 2 ** 28 }).then(
    ({ stderr }) => ({ stderr, failed: false }),
    (error: unknown) => ({ stderr: String(Object(error).stderr ?? error), failed: true }),
  );
  const last = output.stderr.split('\n').findLast((line) => /cov: \d+ ft: \d+ corp: /u.test(line)) ?? '';
  const [, cov, ft, corp] = /cov: (\d+) ft: (\d+) corp: (\d+)/u.exec(last) ?? [];
  const runs = /number_of_executed_units: (\d+)/u.exec(output.stderr)?.[1] ?? '?';
  process.stdout.write(`${target.padEnd(18)} ${runs.padStart(9)} runs, ${cov} edges, ${ft} features, ${corp} inputs\n`);
  if (!output.failed) return;
  const kept = readdirSync(artifacts).map((file) => path.join(artifacts, file));
  findings.push(`${target} (${kept.join(', ') || 'no input was written'})`);
  process.stdout.write(`${output.stderr.split('\n').slice(-60).join('\n')}\n`);
}

/** One file that `require` takes, an export for each target: the fuzzer instruments what it requires. */
async function bundleTargets(): Promise<string> {
  const entry = path.join(folder, 'entry.ts');
  const from = JSON.stringify(path.join(import.meta.dirname, 'targets', 'index.ts'));
  writeFileSync(entry, `import { targets } from ${from};\nexport const { ${Object.keys(targets).join(', ')} } = targets;\n`);
  const graph = await rolldown({ input: entry, platform: 'node', external: [/^node:/u, 'selfsigned', 'get-port'], logLevel: 'silent' });
  const file = path.join(folder, 'targets.cjs');
  await graph.write({ file, format: 'cjs' });
  await graph.close();
  return file;
}
