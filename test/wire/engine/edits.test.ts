// Each edit, by the flight that it gives.
import { expect, test } from 'vitest';
import {
  alterBody,
  alterRaw,
  change,
  fragment,
  inOrder,
  insertAfter,
  insertBefore,
  leaveOut,
  moveBefore,
  repeat,
  swap,
} from '../../../src/wire/engine/edits.ts';
import { encodeMessage } from '../../../src/wire/engine/encode-message.ts';
import type { FlightContext, FlightEdit, FlightMessage, MessageName } from '../../../src/wire/engine/flight.ts';

const message = (name: MessageName): FlightMessage => ({ name, body: () => Buffer.from(name) });
const flight = (['certificate', 'certificate_verify', 'finished'] as const).map(message);
const inserted = message('key_update');

/** What the edits here read of a context. */
const context = { flight: 'client' } as FlightContext; // the others are read when a message is sent

test.for<[what: string, edit: FlightEdit, names: readonly MessageName[]]>([
  ['leaveOut', leaveOut('certificate_verify'), ['certificate', 'finished']],
  ['repeat', repeat('certificate'), ['certificate', 'certificate', 'certificate_verify', 'finished']],
  ['swap', swap('certificate', 'finished'), ['finished', 'certificate_verify', 'certificate']],
  ['insertBefore', insertBefore('certificate', inserted), ['key_update', 'certificate', 'certificate_verify', 'finished']],
  ['insertAfter', insertAfter('finished', inserted), ['certificate', 'certificate_verify', 'finished', 'key_update']],
  ['moveBefore, earlier', moveBefore('finished', 'certificate'), ['finished', 'certificate', 'certificate_verify']],
  ['moveBefore, later', moveBefore('certificate', 'finished'), ['certificate_verify', 'certificate', 'finished']],
  ['inOrder', inOrder(leaveOut('certificate'), repeat('finished')), ['certificate_verify', 'finished', 'finished']],
])('%s gives the flight in its order', ([, edit, names]) => {
  expect(edit(flight, context).map(({ name }) => name)).toEqual(names);
});

test('alterBody and alterRaw change one message, before and after its header is written', () => {
  const [first, second] = inOrder(
    alterBody('certificate', (body) => Buffer.concat([body, Buffer.from('!')])),
    alterRaw('certificate_verify', (octets) => octets.fill(0, 1, 4)),
  )(flight, context).map((each) => encodeMessage(each, context));

  expect(first).toEqual(Buffer.concat([Buffer.from([11, 0, 0, 12]), Buffer.from('certificate!')]));
  expect(second).toEqual(Buffer.concat([Buffer.from([15, 0, 0, 0]), Buffer.from('certificate_verify')]));
});

test('fragment and change say how a message travels', () => {
  const [first, second] = inOrder(
    fragment('certificate', [1, 2]),
    change('certificate_verify', () => ({ joined: true })),
  )(flight, context);

  expect(first?.fragments).toEqual([1, 2]);
  expect(second?.joined).toBe(true);
});

test('an edit of a message that the flight does not hold says which flight, and what it holds', () => {
  expect(() => swap('certificate', 'certificate_request')(flight, context)).toThrow(
    expect.objectContaining({
      code: 'FLIGHT_EDIT_INVALID',
      facts: expect.objectContaining({ flight: 'client', message: 'certificate_request', present: flight.map(({ name }) => name) }),
    }),
  );
});
