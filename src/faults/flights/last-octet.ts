import { alterBody } from '../../wire/engine/edits.ts';
import type { FlightEdit, MessageName } from '../../wire/engine/flight.ts';

/** Changes the last octet of a message: the end of a MAC, or of a signature. */
export function withLastOctetChanged(name: MessageName): FlightEdit {
  return alterBody(name, (body) => Buffer.concat([body.subarray(0, -1), Uint8Array.of((body.at(-1) ?? 0) ^ 1)]));
}
