// Builds dist/: a file per entry point over few shared chunks (a chunk more costs a millisecond of import time, a file per module five), declarations by tsc.
// Not minified, without source maps: a stack trace shows lines that can be read, for half a millisecond and a third of the size (Node 24).
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown, type RolldownOptions } from 'rolldown';
import { loadedAtFirstUse } from './first-use.ts';
import { buildLater, withoutImports } from './later.ts';
import * as pageSources from '../src/report/page-sources.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const entries = {
  index: 'src/index.ts',
  scenarios: 'src/scenarios/index.ts',
  matchers: 'src/matchers/index.ts',
  forwarded: 'src/forwarded/index.ts',
  spiffe: 'src/spiffe/index.ts',
  vitest: 'src/vitest/index.ts',
  'vitest-setup': 'src/vitest/setup.ts',
  'vitest-global-setup': 'src/vitest/global-setup.ts',
  containers: 'src/containers/index.ts',
  reporter: 'src/report/index.ts',
  cli: 'src/cli/main.ts',
};
/** Entry points that need an optional package, and whether all that they are for is verdicts. */
const withPeer = new Map([
  ['vitest', { peer: 'vitest', verdicts: true }],
  ['vitest-setup', { peer: 'vitest', verdicts: true }],
  ['vitest-global-setup', { peer: 'vitest', verdicts: false }],
  ['reporter', { peer: 'vitest', verdicts: false }],
  ['spiffe', { peer: '@grpc/grpc-js', verdicts: false }],
]);

const graphOptions = {
  platform: 'node',
  external: [
    /^node:/u,
    /^vitest($|\/)/u,
    '@grpc/grpc-js',
    'selfsigned',
    'get-port',
    'httpxy',
    'testcontainers',
    'commander',
    'cli-table3',
    'cli-progress',
    'damerau-levenshtein',
  ],
} as const satisfies RolldownOptions;
const wrapped = 'with-peer:';

process.chdir(root);
rmSync('dist', { recursive: true, force: true });
await bundle();
rewriteCode();
writeFilesToRequire();
chmodSync('dist/cli.js', 0o755); // so that `npx mtls-fixtures` runs it here too: npm sets the bit only where it installs
execFileSync('tsc', ['-p', 'src/tsconfig.json'], { stdio: 'inherit' });
removeUnreachableDeclarations();

async function bundle(): Promise<void> {
  const names = await exportedNames();
  const later = await buildLater(path.join(root, 'src'), path.join(root, entries.index), graphOptions);
  const graph = await rolldown({
    ...graphOptions,
    input: Object.fromEntries(
      Object.entries(entries).map(([entry, source]) => [entry, withPeer.has(entry) ? `${wrapped}${entry}` : source]),
    ),
    plugins: [
      later.plugin,
      {
        name: 'optional-peer',
        resolveId: (id) => (id.startsWith(wrapped) ? id : null),
        load: (id) => (id.startsWith(wrapped) ? wrapper(id.slice(wrapped.length) as keyof typeof entries, names) : null), // one of them, by the input above
      },
      {
        name: 'page-sources',
        load: (id) => (path.relative(root, id) === path.normalize('src/report/page-sources.ts') ? valuesOf(pageSources) : null),
      },
    ],
  });
  await graph.write({
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    comments: { jsdoc: false, annotation: true, legal: true },
    codeSplitting: {
      groups: [
        { name: 'core', test: later.isCore, priority: 3 },
        { name: 'records', test: /\/src\/scenarios\/records\//u, priority: 2 },
        { name: 'expect', test: /\/src\/matchers\/(?!index\.ts)/u, priority: 2 },
        { name: 'headers', test: /\/src\/forwarded\/(?!index\.ts|gateway\/(?!gateway-options|start-gateway|upstream\.))/u, priority: 2 },
        // What importing the entry point needs is one file: each more takes a millisecond.
        {
          name: 'test',
          test: /\/src\/vitest\/(?:(?:index|register|recorded-matchers|run-pki|provided-context|test|test-time)\.ts|suites\/(?:describe-|suite-options))/u,
          priority: 2,
        },
        {
          name: 'catalogue',
          test: /\/src\/(?!vitest\/|containers\/|report\/|cli\/|spiffe\/|scenarios\/run\/spiffe\/|index\.ts|(?:scenarios|forwarded)\/index\.ts|forwarded\/gateway\/|matchers\/|wire\/engine\/|faults\/flights\/(?!.*-flight-fault\.ts))/u,
          priority: 1,
        },
        // After all others, for a group takes what its modules import: loaded by the first scenario that needs a flight of its own.
        { name: 'flights', test: /\/src\/(?:wire\/engine|faults\/flights)\//u, priority: 0 },
      ],
    },
  });
  await graph.close();
  for (const [file, code] of later.files) writeFileSync(path.join('dist/chunks', file), code);
}

/** A module of these values, in place of one that reads them from files. */
function valuesOf(exported: Readonly<Record<string, unknown>>): string {
  return Object.entries(exported)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
    .join('\n');
}

/** Of each entry point. */
async function exportedNames(): Promise<ReadonlyMap<string, readonly string[]>> {
  const graph = await rolldown({ ...graphOptions, input: entries });
  const { output } = await graph.generate({ format: 'esm' });
  await graph.close();
  return new Map(output.flatMap((file) => (file.type === 'chunk' && file.isEntry ? [[file.name, file.exports]] : [])));
}

/** An entry point whose module is loaded by `import()`: a static import of a package that is missing fails before any code of ours can say what to install. */
function wrapper(entry: keyof typeof entries, names: ReadonlyMap<string, readonly string[]>): string {
  const exported = names.get(entry) ?? [];
  const named = exported.filter((name) => name !== 'default');
  const { peer = '', verdicts = false } = withPeer.get(entry) ?? {};
  return [
    `import ${sourceOf('src/errors/check-runtime.ts')};`,
    `import { loadWithPeer } from ${sourceOf('src/errors/optional-peer.ts')};`,
    ...(verdicts
      ? [
          `import { requireJudgingRuntime } from ${sourceOf('src/errors/runtime.ts')};`,
          `requireJudgingRuntime('import "mtls-fixtures/${entry.replace('-', '/')}"');`,
        ]
      : []),
    `const entry = await loadWithPeer({ name: '${peer}', resolve: () => import.meta.resolve('${peer}') }, () => import(${sourceOf(entries[entry])}));`,
    ...(named.length > 0 ? [`export const { ${named.join(', ')} } = entry;`] : []),
    ...(exported.includes('default') ? ['export default entry.default;'] : []),
  ].join('\n');
}

function sourceOf(file: string): string {
  return JSON.stringify(path.join(root, file));
}

/** Node's own modules as the code uses them, and Latin-1: one letter beyond it makes V8 keep the whole file with two octets for each: two milliseconds of import time (measured on Node 26.10). */
function rewriteCode(): void {
  for (const file of globSync('dist/**/*.{js,cjs}')) {
    const code = loadedAtFirstUse(withoutImports(readFileSync(file, 'utf8')));
    writeFileSync(
      file,
      code.replaceAll(/[^\0-\xff]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`),
    );
  }
}

/**
 * What `require` loads in Jest: the same module, by Node's own loader where Jest 29 has none for ES modules. Node takes it by the condition `module-sync`, without this detour.
 */
function writeFilesToRequire(): void {
  mkdirSync('dist/require');
  for (const entry of ['index', 'scenarios', 'matchers', 'forwarded', 'containers'] satisfies (keyof typeof entries)[])
    writeFileSync(
      `dist/require/${entry}.cjs`,
      `module.exports = process.getBuiltinModule('node:module').createRequire(__filename)('../${entry}.js');\n`,
    );
}

/** Declarations of modules that no entry point's types mention are not part of the package. */
function removeUnreachableDeclarations(): void {
  const reached = new Set<string>();
  for (const source of Object.values(entries)) reach(source.replace('src', 'dist/types').replace(/\.ts$/u, '.d.ts'), reached);
  for (const file of globSync('dist/types/**/*.d.ts')) if (!reached.has(path.normalize(file))) rmSync(file);
  for (const folder of globSync('dist/types/**/').toSorted().toReversed())
    if (globSync(`${folder}/*`).length === 0) rmSync(folder, { recursive: true });
}

function reach(file: string, reached: Set<string>): void {
  if (reached.has(path.normalize(file))) return;
  if (!existsSync(file)) throw new Error(`a declaration mentions "${file}", which was not emitted`);
  reached.add(path.normalize(file));
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/(?:from |import |import\()['"](\.[^'"]+)\.ts['"]/gu))
    reach(path.join(path.dirname(file), `${specifier}.d.ts`), reached);
}
