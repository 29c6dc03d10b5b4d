import type { RecordedCaptures } from '../scenarios/records/scenario-record.ts';
import type { SerializedPki } from '../pki/formats/serialized-pki.ts';

/** What `inject('mtlsFixturesPki')` gives: the run's PKI, or nothing where global-setup is not in the config. */
export type ProvidedPki = SerializedPki | undefined;

declare module 'vitest' {
  interface ProvidedContext {
    /** The run's PKI, from `mtls-fixtures/vitest/global-setup`. */
    mtlsFixturesPki: ProvidedPki;
    /** Which captures `mtls-fixtures/reporter` wants; nothing where it does not run in the same process, as with shards. */
    mtlsFixturesCaptures: RecordedCaptures | undefined;
    /** The root of the run, below which reports and captures are written; nothing where neither the reporter nor global-setup is in the config. */
    mtlsFixturesRoot: string | undefined;
  }
}
