import type { SerializedPki } from '../pki/formats/serialized-pki.ts';

/** What `inject('mtlsFixturesPki')` gives: the run's PKI, or nothing where global-setup is not in the config. */
export type ProvidedPki = SerializedPki | undefined;

declare module 'vitest' {
  interface ProvidedContext {
    /** The run's PKI, from `mtls-fixtures/vitest/global-setup`. */
    mtlsFixturesPki: ProvidedPki;
  }
}
