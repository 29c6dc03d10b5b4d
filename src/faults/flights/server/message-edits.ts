import { alterBody } from '../../../wire/engine/edits.ts';
import type { FlightContext, FlightEdit, MessageName } from '../../../wire/engine/flight.ts';
import { encodeVector } from '../../../wire/tls-encoding.ts';
import type { Extension } from '../message-extensions.ts';
import { offeredTo } from './offered.ts';

/** The first of these that the client has not asked for; the last one where it has asked for all. */
export function unsolicited([first, ...others]: readonly [Extension, ...Extension[]], context: FlightContext): Extension {
  const { extensions } = offeredTo(context);
  return [first, ...others].find(({ type }) => !extensions.includes(type)) ?? others.at(-1) ?? first;
}

/** Adds an octet behind the last field of a message, within the length of the message. */
export function appendOctet(name: MessageName): FlightEdit {
  return alterBody(name, (body) => Buffer.concat([body, Uint8Array.of(0)]));
}

/** Changes the signature in a message, whose length is at this place and says how long the signature then is. */
export function withSignature(body: Buffer, at: number, alter: (signature: Buffer) => Uint8Array): Buffer {
  return Buffer.concat([body.subarray(0, at), encodeVector(2, alter(body.subarray(at + 2)))]);
}
