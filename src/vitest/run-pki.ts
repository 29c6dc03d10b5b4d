import { inject } from 'vitest';
import { createPki, type Pki } from '../pki/pki.ts';
import { restorePki } from '../pki/formats/restore-pki.ts';
import type { ProvidedPki } from './provided-context.ts';

/** The run's PKI where `mtls-fixtures/vitest/global-setup` provides one, otherwise a new one. */
export function runPki(): Pki {
  known = providedPki() ?? createPki();
  return known;
}

/** The PKI that the fixture `pki` has given to a test, else the one that is provided for the run, if any. */
export function knownPki(): Pki | undefined {
  known ??= providedPki();
  return known;
}

/** Whether every file of the run has the same PKI. */
export function isProvided(): boolean {
  const serialized: ProvidedPki = inject('mtlsFixturesPki');
  return serialized !== undefined;
}

function providedPki(): Pki | undefined {
  const serialized: ProvidedPki = inject('mtlsFixturesPki');
  return serialized && restorePki(serialized);
}

/** The matchers get it from here: they know no test's fixtures. */
let known: Pki | undefined;
