import { describe, expect, test } from 'vitest';
import { alterBody, fragment } from '../../../../src/wire/engine/edits.ts';
import type { FlightEdits } from '../../../../src/wire/engine/flight.ts';
import { client, open, replaced, server } from './flight-faults.ts';
import { between } from '../engine-peers.ts';

test('unedited flights complete a handshake', async () => {
  const ends = await between(client, server);

  expect(ends.client).toMatchObject({ ...open, peerCertificates: { length: 2 } });
  expect(ends.server).toMatchObject({ ...open, peerCertificates: { length: 2 } });
});

describe('flights of the engine', () => {
  test.for([
    ['in records of a few octets', { client: fragment('certificate', [1, 2, 3, 4, 5]) }],
    ['in one record', { client: (messages) => messages.map((message, at) => ({ ...message, joined: at > 0 && at < 3 })) }],
  ] satisfies readonly (readonly [string, FlightEdits])[])('are read %s', async ([, edits]) => {
    const ends = await between({ ...client, edits }, server);

    expect(ends.client).toMatchObject(open);
    expect(ends.server).toMatchObject(open);
  });

  // What follows from a message is computed from the one that is sent: both ends agree on it, whatever a conforming peer would have sent.
  test.for([
    ['another random of the client', { hello: alterBody('client_hello', (body) => body.fill(7, 2, 34)) }, {}],
    ['another random of the server', {}, { server: alterBody('server_hello', (body) => body.fill(7, 2, 34)) }],
    ['no extended master secret', { hello: alterBody('client_hello', (body) => replaced(body, '00170000', 'fafa0000')) }, {}],
    ['no extended master secret, by the server', {}, { server: alterBody('server_hello', withoutExtendedMasterSecret) }],
  ] satisfies readonly (readonly [string, FlightEdits, FlightEdits])[])('agree where they hold %s', async ([, ofClient, ofServer]) => {
    const ends = await between({ ...client, edits: ofClient }, { ...server, edits: ofServer });

    expect(ends.client).toMatchObject(open);
    expect(ends.server).toMatchObject(open);
  });
});

function withoutExtendedMasterSecret(body: Buffer): Buffer {
  const shorter = Buffer.from(body.toString('hex').replace('00170000', ''), 'hex');
  if (shorter.length !== body.length - 4) throw new TypeError('the hello has no extended_master_secret');
  shorter.writeUInt16BE(shorter.length - 40, 38);
  return shorter;
}
