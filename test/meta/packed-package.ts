import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './syntax.ts';

/** A package made from a copy of the project, so that nothing that reads `dist/` meanwhile sees it half built. */
export interface PackedPackage {
  readonly tarball: string;
  readonly files: readonly string[];
  /** A new copy of a project of fixtures/consumers with the package installed; its folder. `instead`: packages of another folder, by name. */
  install(consumer: string, instead?: Replacements): string;
}

type Replacements = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The Node on which users' projects run: this one, unless the environment names one on which the tools of this project do not run. */
export const consumerNode: string = process.env['CONSUMER_NODE'] ?? process.execPath;

/** Packs the project in a folder, as a release does: `npm pack` builds it first. */
export function packProject(folder: string): PackedPackage {
  const copy = path.join(folder, 'project');
  cpSync(projectRoot, copy, {
    recursive: true,
    filter: (source) => !/^(?:node_modules|dist|\.git)$/u.test(path.relative(projectRoot, source)),
  });
  link(copy, 'node_modules', path.join(projectRoot, 'node_modules'));
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--silent'], copy)) as readonly [
    { filename: string; files: { path: string }[] },
  ]; // npm's own format
  const tarball = path.join(copy, packed.filename);
  return {
    tarball,
    files: packed.files.map((file) => file.path),
    install: (consumer, instead = {}) => install(tarball, { consumer, folder, instead }),
  };
}

/**
 * Unpacks the tarball and links what npm would fetch: without a registry, whose descriptions of packages `npm ci` leaves out of the cache, so
 * that `npm install --offline` fails. Only what the manifests name is linked: a dependency that is not declared is not found, as for a user.
 */
function install(
  tarball: string,
  { consumer, folder, instead }: { readonly consumer: string; readonly folder: string; readonly instead: Replacements },
): string {
  const project = mkdtempSync(path.join(folder, `${consumer}-`));
  const installed = path.join(project, 'node_modules', 'mtls-fixtures');
  cpSync(path.join(projectRoot, 'fixtures', 'consumers', consumer), project, { recursive: true });
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'], folder);
  const wanted = { ...manifestOf(installed).dependencies, ...manifestOf(project).dependencies, ...manifestOf(project).devDependencies };
  for (const name of Object.keys(wanted))
    if (name !== 'mtls-fixtures')
      link(project, path.join('node_modules', name), instead[name] ?? path.join(projectRoot, 'node_modules', name));
  return project;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest; // ours
}

function link(folder: string, name: string, target: string): void {
  const location = path.join(folder, name);
  if (!existsSync(target)) throw new Error(`Cannot link "${name}": "${target}" is not installed; run npm ci`);
  mkdirSync(path.dirname(location), { recursive: true });
  symlinkSync(target, location, 'junction');
}

/** Runs a program outside of this Vitest: without its environment. What it prints; a failure is an error that shows it. */
export function run(program: string, options: readonly string[], cwd: string): string {
  const { status, output, complaint } = runAnyway(program, options, cwd);
  if (status !== 0) throw new Error(`"${[program, ...options].join(' ')}" ended with ${status}:\n${output}\n${complaint}`);
  return output;
}

/** The same for a program that may fail. */
export function runAnyway(
  program: string,
  options: readonly string[],
  cwd: string,
): { status: number | null; output: string; complaint: string } {
  const { status, stdout, stderr, error } = spawnSync(program, options, { cwd, env: environment(), encoding: 'utf8' });
  if (error) throw error;
  return { status, output: stdout, complaint: stderr };
}

function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITEST|NODE_ENV$|NODE_OPTIONS$|TEST$|DEV$|PROD$|FORCE_COLOR$|npm_)/u.test(name),
  );
  return { ...Object.fromEntries(own), NO_COLOR: '1' };
}

/** The program that a package brings, one of the project unless told otherwise, to be run by this Node. */
export function programOf(name: string, folder: string = path.join(projectRoot, 'node_modules', name)): string {
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { bin: string | Record<string, string> }; // npm's own format
  const file = typeof bin === 'string' ? bin : Object.values(bin)[0];
  if (file === undefined) throw new Error(`"${name}" brings no program`);
  return path.join(folder, file);
}
