import { inject } from 'vitest';
import { createPki, type Pki } from '../pki/pki.ts';
import { restorePki } from '../pki/formats/restore-pki.ts';
import type { ProvidedPki } from './provided-context.ts';

/** The run's PKI where `mtls-fixtures/vitest/global-setup` provides one, otherwise a new one. */
export function runPki(): Pki {
  const serialized: ProvidedPki = inject('mtlsFixturesPki');
  return serialized === undefined ? createPki() : restorePki(serialized);
}
