import { alterBody, change } from '../../../wire/engine/edits.ts';
import { type EditedFlights, inBoth, inTls13 } from './edited-flight.ts';

/** Finished messages of another length, or over another transcript. */
export const finished = {
  'client-finished-truncated': {
    shown: 'Finished (without its last octet)',
    edits: inBoth(alterBody('finished', (body) => body.subarray(0, -1))),
  },
  'client-finished-padded': {
    shown: 'Finished (with an octet after it)',
    edits: inBoth(alterBody('finished', (body) => Buffer.concat([body, Uint8Array.of(0)]))),
  },
  'client-finished-empty': {
    shown: 'Finished (without content)',
    edits: inBoth(alterBody('finished', () => Buffer.alloc(0))),
  },
  'client-finished-of-server': {
    shown: "Finished (the server's own, sent back)",
    edits: inTls13(alterBody('finished', (body, { received }) => received('finished') ?? body)),
  },
  'client-finished-in-the-clear': {
    shown: 'Finished (not encrypted)',
    edits: inTls13(change('finished', () => ({ keys: 'none' }))),
  },
  'client-finished-without-certificate-verify': {
    shown: 'Finished (over a transcript without CertificateVerify)',
    edits: inBoth(change('certificate_verify', () => ({ outsideTranscript: true }))),
  },
} as const satisfies EditedFlights<string>;
