import '../errors/check-runtime.ts';
import type { TestProject } from 'vitest/node';
import { createPki } from '../pki/pki.ts';
import type { ProvidedPki } from './provided-context.ts';

/**
 * Vitest global set-up: mints one PKI for the whole run and provides it to every test file, worker and project. Captures then go below the root of the run, also those of a project.
 * Name it in the config: `globalSetup: ['mtls-fixtures/vitest/global-setup']`.
 */
export default function setup(project: TestProject): void {
  const pki: ProvidedPki = createPki().serialize();
  project.provide('mtlsFixturesPki', pki);
  project.provide('mtlsFixturesRoot', project.vitest.config.root);
}
