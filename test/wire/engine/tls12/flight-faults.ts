import { createPki } from '../../../../src/index.ts';
import type { FlightEdits } from '../../../../src/wire/engine/flight.ts';
import type { PeerCheck } from '../../../../src/wire/engine/peer-check.ts';
import type { ClientOptions, ServerOptions } from '../../../../src/wire/engine/peer-options.ts';
import type { AlertName } from '../../../../src/wire/records/alerts.ts';
import { credentialOf } from '../engine-peers.ts';

/** The PKI of both peers. */
export const pki = createPki({ name: 'engine' });
/** Of a CA that neither of them knows. */
export const other = credentialOf(createPki({ name: 'other' }).client('alice'));

/** Two peers that complete a handshake. */
export const client: ClientOptions = {
  version: 'TLSv1.2',
  credential: credentialOf(pki.client('alice')),
  servername: 'localhost',
  timeout: 2000,
};
export const server: ServerOptions = {
  version: 'TLSv1.2',
  credential: credentialOf(pki.server()),
  requestCertificate: true,
  timeout: 2000,
};

/** A connection that is open. */
export const open = { version: 'TLSv1.2' };

/** One fault of a flight, and the answer of RFC 5246; `unless` are the checks without which a peer does not find it. */
export interface Fault {
  readonly name: string;
  readonly edits: FlightEdits;
  readonly alert: AlertName;
  readonly step: string;
  readonly unless?: readonly PeerCheck[];
}

/** Edits of a body. */
export const corruptLast = (body: Buffer): Buffer => Buffer.concat([body.subarray(0, -1), Buffer.of((body.at(-1) ?? 0) ^ 1)]);
export const longer = (body: Buffer): Buffer => Buffer.concat([body, Buffer.of(0)]);

/** A body in which octets, as hexadecimal, stand for others. */
export function replaced(body: Buffer, from: string, to: string): Buffer {
  const changed = body.toString('hex').replace(from, to);
  if (changed === body.toString('hex')) throw new TypeError(`the message does not hold ${from}`);
  return Buffer.from(changed, 'hex');
}
