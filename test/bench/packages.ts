import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './peers/programs.ts';
import { figure, type Section } from './section.ts';
import { versionOf } from './surroundings.ts';

/** What `npm install --omit=dev` brings: how many packages, and how much. */
export async function packages(): Promise<Section> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-packages-'));
  try {
    const packed = await run('npm', ['pack', root, '--ignore-scripts', '--silent', '--pack-destination', folder]);
    const specifiers = [
      ['mtls-fixtures', path.join(folder, packed.trim())],
      ...peers.map((name) => [`${name} ${versionOf(name)}`, `${name}@${versionOf(name)}`]),
    ] as const;
    const rows: string[][] = [];
    for (const [name, specifier] of specifiers)
      rows.push([name, ...(await installed(specifier, mkdtempSync(path.join(folder, 'install-'))))]);
    return {
      title: 'Installed size',
      notes: [
        'Each package by `npm install --omit=dev` into an empty folder, ours from `npm pack`; megabytes are those of the files. Vitest and Testcontainers are optional peers of ours, and not in it.',
      ],
      tables: [{ title: '', columns: ['', 'packages', 'MB', 'of which its own'], rows }],
      goals: [],
      plots: [],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function installed(specifier: string, folder: string): Promise<string[]> {
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  await run('npm', [
    'install',
    '--prefix',
    folder,
    '--omit=dev',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--silent',
    specifier,
  ]);
  const modules = path.join(folder, 'node_modules');
  const lock = JSON.parse(readFileSync(path.join(modules, '.package-lock.json'), 'utf8')) as { packages: object }; // npm's own format
  const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { dependencies: object }; // as npm has just written it
  const [own = ''] = Object.keys(dependencies);
  return [String(Object.keys(lock.packages).length), figure(megabytes(modules)), figure(megabytes(path.join(modules, own)))];
}

function megabytes(folder: string): number {
  const sizes = globSync('**/*', { cwd: folder }).map((file) => statSync(path.join(folder, file)));
  return sizes.filter((file) => file.isFile()).reduce((sum, { size }) => sum + size, 0) / 1e6;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const peers = ['selfsigned', '@peculiar/x509', 'node-forge', 'pem', 'mockttp'];
