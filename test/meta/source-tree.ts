import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One source file and what it imports. */
export interface SourceFile {
  /** Relative to `src`, with slashes. */
  readonly file: string;
  readonly text: string;
}

/** Everything below `src`. */
export function readSources(): SourceFile[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file: file.replaceAll(path.sep, '/'), text: readFileSync(path.join('src', file), 'utf8') }));
}

/** What breaks the rules of the layers, as sentences. */
export function layerViolations(sources: readonly SourceFile[]): string[] {
  return [
    ...sources.flatMap(({ file, text }) => importsOf(text).flatMap((specifier) => violation(file, specifier) ?? [])),
    ...cycles(sources),
  ];
}

/** Module specifiers of imports and re-exports, dynamic ones too. */
function importsOf(text: string): string[] {
  return [...text.matchAll(/^(?:import|export)\b[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gmu)].map(
    ([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '',
  );
}

function violation(file: string, specifier: string): string | undefined {
  const folder = folderOf(file);
  if (specifier.startsWith('node:')) return undefined;
  if (!specifier.startsWith('.')) {
    const [name = ''] = specifier.split('/');
    return outside[name]?.(file) === true ? undefined : `${file} imports the package ${specifier}`;
  }
  const target = folderOf(resolve(file, specifier));
  if (target === folder || folder === '') return undefined;
  const from = layers[folder];
  const to = layers[target];
  if (from === undefined || to === undefined) return `${file} imports ${specifier}: a folder without a layer`;
  return to < from ? undefined : `${file} imports ${specifier}: up or across, from layer ${from} to layer ${to}`;
}

/** Files that import each other in a circle, types aside: those are gone at run time. */
function cycles(sources: readonly SourceFile[]): string[] {
  const edges = new Map(
    sources.map(({ file, text }) => [
      file,
      importsOf(withoutTypeImports(text))
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => resolve(file, specifier)),
    ]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) found.push(`a circle: ${[...trail.slice(trail.indexOf(file)), file].join(' -> ')}`);
    if (trail.includes(file) || done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}

function withoutTypeImports(text: string): string {
  return text.replaceAll(/^(?:import|export) type\b[^;]*;/gmu, '');
}

function resolve(file: string, specifier: string): string {
  return path.posix.join(path.posix.dirname(file), specifier);
}

function folderOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : '';
}

const layers: Readonly<Record<string, number>> = {
  errors: 0,
  clock: 0,
  asn1: 1,
  x509: 2,
  pki: 3,
  wire: 3,
  handshake: 4,
  vitest: 6,
  cli: 6,
};

/** Packages from outside, and the one place that may use each. */
const outside: Readonly<Record<string, (file: string) => boolean>> = {
  vitest: (file) => file.startsWith('vitest/'),
  selfsigned: (file) => file === 'pki/self-signed-identity.ts',
  'get-port': (file) => file === 'handshake/listen.ts',
};
