// Builds dist/: one bundle per door with shared chunks (a file per module would cost 5 ms of import time), declarations by tsc.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const doors = {
  index: 'src/index.ts',
  vitest: 'src/vitest/index.ts',
  'vitest-setup': 'src/vitest/setup.ts',
  'vitest-global-setup': 'src/vitest/global-setup.ts',
};

process.chdir(root);
rmSync('dist', { recursive: true, force: true });
const bundle = await rolldown({
  input: doors,
  platform: 'node',
  external: [/^node:/u, 'vitest', 'selfsigned', 'get-port', 'testcontainers'],
});
await bundle.write({
  dir: 'dist',
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  sourcemap: true,
  minify: { compress: true, mangle: true },
});
execFileSync('tsc', ['-p', 'src/tsconfig.json'], { stdio: 'inherit' });
