import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { pythonWithTrustme } from './peers/trustme.ts';

/** A name and what it stands for. */
export type Fact = readonly [string, string];

/** On what it was measured, and against which versions. */
export function surroundings(): readonly Fact[] {
  const [cpu] = os.cpus();
  const python = pythonWithTrustme();
  return [
    ['Date', new Date().toISOString().slice(0, 10)],
    [
      'Machine',
      `${cpu?.model.trim() || os.arch()}, ${os.availableParallelism()} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()} ${os.arch()}`,
    ],
    ['Busy at the start', `${(os.loadavg()[0] ?? 0).toFixed(1)} of ${os.availableParallelism()} cores (load average of a minute)`],
    ['Node', `${process.version} with OpenSSL ${process.versions.openssl}`],
    ['openssl', firstLine('openssl', ['version'])],
    ['Go', firstLine('go', ['version'])],
    ['mkcert', firstLine('mkcert', ['-version'])],
    ['trustme', python === undefined ? notHere : `${firstLine(python, ['-c', trustmeVersion])}, ${firstLine(python, ['--version'])}`],
    ...['vitest', 'selfsigned', '@peculiar/x509', 'node-forge', 'pem', 'mockttp', 'testcontainers'].map((name): Fact => [
      name,
      versionOf(name),
    ]),
  ];
}

/** The version of a package that is installed here. */
export function versionOf(name: string): string {
  const file = fileURLToPath(new URL(`../../node_modules/${name}/package.json`, import.meta.url));
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }; // every package has one
  return version;
}

function firstLine(program: string, args: readonly string[]): string {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? (stdout.trim().split('\n')[0] ?? '') : notHere;
}

const notHere = 'not here';
const trustmeVersion = "import importlib.metadata as m; print(m.version('trustme'))";
