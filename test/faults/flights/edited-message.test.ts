import { expect, test } from 'vitest';
import { editedMessage, placeOfEdited } from '../../../src/faults/flights/edited-message.ts';
import type { DecodedMessage, MessageContent } from '../../../src/wire/decode/decoded-message.ts';
import type { FlightMessage, MessageName } from '../../../src/wire/engine/flight.ts';

const [certificate, verify, finished] = (['certificate', 'certificate_verify', 'finished'] as const).map(message);
const flight = [certificate, verify, finished].filter((each) => each !== undefined);
const where = { sentBy: 'client', atMs: 5 } as const;

test.for<[string, (messages: readonly FlightMessage[]) => readonly FlightMessage[], string, number]>([
  ['CertificateVerify (left out)', (all) => all.toSpliced(1, 1), 'CertificateVerify (left out by the scenario)', 1],
  [
    'CertificateVerify (empty)',
    (all) => all.with(1, message('certificate_verify')),
    'CertificateVerify (empty; edited by the scenario)',
    1,
  ],
  [
    'Certificate (sent twice)',
    ([first, ...rest]) => [first, first, ...rest].filter((each) => each !== undefined),
    'Certificate (sent twice; edited by the scenario)',
    1,
  ],
  ['Finished (again)', (all) => [...all, message('finished')], 'Finished (again; edited by the scenario)', 3],
  [
    'Finished (over less)',
    (all) => all.map((each) => (each.name === 'certificate_verify' ? { ...each, outsideTranscript: true } : each)),
    'Finished (over less; edited by the scenario)',
    2,
  ],
])('%s is named, with its place in the flight', ([shown, edit, text, place]) => {
  expect(editedMessage(flight, edit(flight), { shown, ...where })).toEqual({
    ...where,
    text,
    place,
    isLeftOut: text.includes('left out'),
  });
});

test('the place is counted among what the same side sent from then on', () => {
  const messages = [
    says('client', 1, { type: 'finished' }),
    says('server', 6, { type: 'finished' }),
    says('client', 6, { type: 'change_cipher_spec' }),
    says('client', 6, { type: 'certificate_verify' }),
    says('client', 7, { type: 'end_of_stream', how: 'end', after: 'truncated' }),
  ];
  const edited = editedMessage(flight, flight.toSpliced(1, 1), { shown: 'CertificateVerify (left out)', ...where });

  expect(placeOfEdited(messages, edited)).toBe(messages[3]);
  expect(placeOfEdited(messages.toSpliced(3, 1), edited)).toBeUndefined();
});

function message(name: MessageName): FlightMessage {
  return { name, body: () => Buffer.alloc(0) };
}

function says(sentBy: 'client' | 'server', atMs: number, content: MessageContent): DecodedMessage {
  return { sentBy, atMs, encrypted: false, ...content };
}
