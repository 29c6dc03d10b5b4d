import type { FlightMessage } from './flight.ts';

/** A change_cipher_spec: its one octet is 1 (RFC 5246 7.1, RFC 8446 5). */
export const changeCipherSpec: FlightMessage = { name: 'change_cipher_spec', body: () => Uint8Array.of(1) };

/** A Finished over the transcript as it is when it is sent. */
export const finished: FlightMessage = { name: 'finished', body: (context) => context.verifyData() };
