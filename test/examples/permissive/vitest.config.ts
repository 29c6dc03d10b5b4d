import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const local = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const config: ViteUserConfig = defineConfig({
  resolve: {
    alias: [
      { find: /^mtls-fixtures$/u, replacement: local('../../../src/index.ts') },
      { find: /^mtls-fixtures\/vitest$/u, replacement: local('fixtures.ts') },
    ],
  },
  test: { include: ['test/examples/first-test.test.ts'], retry: 0 },
});

export default config;
