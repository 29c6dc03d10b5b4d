import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

const lowLayers = ['test/{asn1,clock,errors,net,options,pki,wire,x509}/**/*.test.ts'];

const config: ViteUserConfig = defineConfig({
  resolve: {
    // The examples import the package by its name, as users do.
    alias: [
      { find: /^mtls-fixtures$/u, replacement: source('index.ts') },
      { find: /^mtls-fixtures\/scenarios$/u, replacement: source('scenarios/index.ts') },
      { find: /^mtls-fixtures\/matchers$/u, replacement: source('matchers/index.ts') },
      { find: /^mtls-fixtures\/forwarded$/u, replacement: source('forwarded/index.ts') },
      { find: /^mtls-fixtures\/spiffe$/u, replacement: source('spiffe/index.ts') },
      { find: /^mtls-fixtures\/vitest$/u, replacement: source('vitest/index.ts') },
      { find: /^mtls-fixtures\/containers$/u, replacement: source('containers/index.ts') },
      { find: /^mtls-fixtures\/reporter$/u, replacement: source('report/index.ts') },
    ],
  },
  test: {
    projects: [
      // Tests of a low layer load that layer alone, and keep nothing in its modules: one file runs in a second, and a worker runs many.
      { extends: true, test: { name: 'low', include: lowLayers, isolate: false } },
      {
        extends: true,
        test: {
          name: 'library',
          include: ['test/**/*.test.ts'],
          exclude: lowLayers,
          globalSetup: ['src/vitest/global-setup.ts'],
          setupFiles: ['src/vitest/setup.ts'],
        },
      },
    ],
    maxWorkers: '100%', // one less by default, which on two cores is half of the time: much of it is waiting for peers
    retry: 0,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    typecheck: { enabled: false },
  },
});

export default config;
