// Builds dist/: a file per door over one shared chunk (a chunk more costs a millisecond of import time, a file per module five), declarations by tsc.
// Not minified, without source maps: a stack trace shows lines that can be read, for half a millisecond and a third of the size (Node 24).
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const doors = {
  index: 'src/index.ts',
  vitest: 'src/vitest/index.ts',
  'vitest-setup': 'src/vitest/setup.ts',
  'vitest-global-setup': 'src/vitest/global-setup.ts',
  containers: 'src/containers/index.ts',
  reporter: 'src/report/index.ts',
  cli: 'src/cli/main.ts',
};

process.chdir(root);
rmSync('dist', { recursive: true, force: true });
await bundle();
escapeLetters();
execFileSync('tsc', ['-p', 'src/tsconfig.json'], { stdio: 'inherit' });
removeUnreachableDeclarations();

async function bundle(): Promise<void> {
  const graph = await rolldown({
    input: doors,
    platform: 'node',
    external: [/^node:/u, /^vitest($|\/)/u, 'selfsigned', 'get-port', 'testcontainers', 'commander', 'cli-table3', 'cli-progress'],
  });
  await graph.write({
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    comments: { jsdoc: false, annotation: true, legal: true },
    codeSplitting: { groups: [{ name: 'core', test: /\/src\/(?!vitest\/|containers\/|report\/|cli\/|index\.ts)/u }] },
  });
  await graph.close();
}

/** One letter beyond Latin-1 makes V8 keep the whole file with two octets for each: two milliseconds of import time (measured on Node 26.10). */
function escapeLetters(): void {
  for (const file of globSync('dist/**/*.js')) {
    const code = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      code.replaceAll(/[^\0-\xff]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`),
    );
  }
}

/** Declarations of modules that no door's types mention are nobody's business. */
function removeUnreachableDeclarations(): void {
  const reached = new Set<string>();
  for (const source of Object.values(doors)) reach(source.replace('src', 'dist/types').replace(/\.ts$/u, '.d.ts'), reached);
  for (const file of globSync('dist/types/**/*.d.ts')) if (!reached.has(path.normalize(file))) rmSync(file);
  for (const folder of globSync('dist/types/*/')) if (globSync(`${folder}/*`).length === 0) rmSync(folder, { recursive: true });
}

function reach(file: string, reached: Set<string>): void {
  if (reached.has(path.normalize(file))) return;
  if (!existsSync(file)) throw new Error(`a declaration mentions "${file}", which was not emitted`);
  reached.add(path.normalize(file));
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/(?:from |import |import\()['"](\.[^'"]+)\.ts['"]/gu))
    reach(path.join(path.dirname(file), `${specifier}.d.ts`), reached);
}
