import { describe, expect, test } from 'vitest';
import { MessageCorrupter, type CorruptedMessage } from '../../../src/wire/rewrite/message-corrupter.ts';
import { openRecord, sealRecord } from '../../../src/wire/records/protected-record.ts';
import { RecordSplitter } from '../../../src/wire/records/record-splitter.ts';
import { encodeHandshakeMessage, encodeRecord } from '../../../src/wire/tls-encoding.ts';
import { TrafficSecrets } from '../../../src/wire/records/traffic-secrets.ts';

const secret = Buffer.alloc(32, 3);
const cipher = 'TLS_AES_128_GCM_SHA256';
const encryptedExtensions = encodeHandshakeMessage(8, Buffer.from([0, 0]));
const certificateVerify = encodeHandshakeMessage(15, Buffer.alloc(70, 1));
const finished = encodeHandshakeMessage(20, Buffer.alloc(32, 2));
const handshake = 22;

function seal(contents: readonly Uint8Array[]): Buffer {
  return Buffer.concat(contents.map((content, sequence) => sealRecord(content, handshake, { cipher, secret, sequence })));
}

function open(stream: Buffer): Buffer {
  const contents = new RecordSplitter()
    .push(stream)
    .map((record, sequence) => openRecord(record.subarray(5), { cipher, secret, sequence })?.content ?? Buffer.from('not opened'));
  return Buffer.concat(contents);
}

function corrupt(message: CorruptedMessage, stream: Uint8Array, size: number, known = secret): { sent: Buffer; hasCorrupted: boolean } {
  const secrets = new TrafficSecrets();
  secrets.add(Buffer.from(`SERVER_HANDSHAKE_TRAFFIC_SECRET ${'00'.repeat(32)} ${known.toString('hex')}\n`));
  const corrupter = new MessageCorrupter({ sentBy: 'server', message, secrets, records: () => [] });
  const sent: Buffer[] = [];
  for (let at = 0; at < stream.length; at += size) sent.push(corrupter.rewrite(stream.subarray(at, at + size)));
  return { sent: Buffer.concat(sent), hasCorrupted: corrupter.hasCorrupted };
}

function lastOctetChanged(message: Buffer): Buffer {
  const changed = Buffer.from(message);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
}

const flight = [encryptedExtensions, certificateVerify, finished];
const wholeRecords = seal(flight);
const joined = Buffer.concat(flight);
const oddRecords = seal([joined.subarray(0, 3), joined.subarray(3, 40), joined.subarray(40, 81), joined.subarray(81)]);

describe.for([
  ['each in a record of its own', wholeRecords],
  ['cut across records', oddRecords],
] as const)('messages of TLS 1.3, %s', ([, stream]) => {
  test.for([1, 7, 5000])('have the one octet changed when they come in pieces of %i', (size) => {
    const signature = corrupt('signature', stream, size);
    const mac = corrupt('finished', stream, size);

    expect(open(signature.sent)).toEqual(Buffer.concat([encryptedExtensions, lastOctetChanged(certificateVerify), finished]));
    expect(open(mac.sent)).toEqual(Buffer.concat([encryptedExtensions, certificateVerify, lastOctetChanged(finished)]));
    expect([signature.hasCorrupted, mac.hasCorrupted]).toEqual([true, true]);
  });

  test('pass as they are where the secret is not theirs', () => {
    const { sent, hasCorrupted } = corrupt('finished', stream, 100, Buffer.alloc(32, 4));

    expect(sent).toEqual(stream);
    expect(hasCorrupted).toBe(false);
  });
});

test('a ServerKeyExchange in the clear has its last octet changed, and what follows it passes', () => {
  const keyExchange = encodeHandshakeMessage(12, Buffer.alloc(40, 6));
  const done = encodeHandshakeMessage(14);
  const stream = Buffer.concat([encodeRecord('handshake', Buffer.concat([keyExchange, done])), encodeRecord('handshake', finished)]);

  const { sent, hasCorrupted } = corrupt('signature', stream, 11);

  expect(sent).toEqual(
    Buffer.concat([encodeRecord('handshake', Buffer.concat([lastOctetChanged(keyExchange), done])), encodeRecord('handshake', finished)]),
  );
  expect(hasCorrupted).toBe(true);
});

test('a handshake without the message passes as it is', () => {
  const stream = encodeRecord('handshake', encryptedExtensions);

  expect(corrupt('signature', stream, 4)).toEqual({ sent: stream, hasCorrupted: false });
});
