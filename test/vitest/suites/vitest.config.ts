import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({ test: { include: ['**/*.suite.ts'], retry: 0 } });

export default config;
