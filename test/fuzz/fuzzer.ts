import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** The command that starts the fuzzer with such arguments. */
export type StartFuzzer = (args: readonly string[]) => { readonly command: string; readonly args: readonly string[] };

/**
 * Jazzer.js, started as it is where the machine's C library is new enough for its native part (glibc 2.38, so Debian 13 or Ubuntu 24.04), and
 * else in a container with a newer one, by this very Node. `folder` is where it may write.
 */
export async function findFuzzer(folder: string): Promise<StartFuzzer> {
  const problem = await run(process.execPath, ['-e', 'require("@jazzer.js/fuzzer")']);
  if (problem === undefined) return (args) => ({ command: process.execPath, args: [cli, ...args] });
  if (!problem.includes('GLIBC')) throw new Error(`the fuzzer does not start: ${problem}`);

  const docker = await findDocker();
  const refusal = await run(docker, ['build', '--force-rm', '-t', image, path.join(import.meta.dirname, 'image')]);
  if (refusal !== undefined) throw new Error(`the image with a newer C library cannot be built: ${refusal}`);
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const shown = [...new Set([root, packages, path.dirname(realpathSync(process.execPath))])].flatMap((each) => [
    '-v',
    `${each}:${each}:ro`,
  ]);
  const container = ['run', '--rm', '--init', '--network', 'none', '--user', user, ...shown, '-v', `${folder}:${folder}`, '-w', folder];
  return (args) => ({ command: docker, args: [...container, image, realpathSync(process.execPath), cli, ...args] });
}

/** The first client that gets an answer, as .ci/engine looks for it. */
async function findDocker(): Promise<string> {
  for (const candidate of ['docker', '/usr/bin/docker'])
    if ((await run(candidate, ['version', '--format', '{{.Server.Version}}'])) === undefined) return candidate;
  throw new Error('the fuzzer needs glibc 2.38, or a container engine (.ci/engine starts one) to run where there is one');
}

/** What went wrong, if anything did. */
async function run(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    await promisify(execFile)(command, args, { cwd: root, timeout: 300_000 });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const root = path.join(import.meta.dirname, '..', '..');
/** Where a checkout shares them with another, they are elsewhere. */
const packages = realpathSync(path.join(root, 'node_modules'));
const cli = path.join(packages, '@jazzer.js', 'core', 'dist', 'cli.js');
const image = 'mtls-fixtures/fuzzer:debian';
