import type { SerializedPki } from '../pki/serialized-pki.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The run's PKI, from `mtls-fixtures/vitest/global-setup`. */
    mtlsFixturesPki: SerializedPki | undefined;
  }
}
