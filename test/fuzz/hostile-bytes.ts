import { decodePem, firstArmour } from '../../src/asn1/pem.ts';
import type { Side } from '../../src/wire/tap/capture.ts';
import { certificateRewriter } from '../../src/wire/rewrite/certificate-rewriter.ts';
import { parseClientOffer } from '../../src/wire/hello/client-offer.ts';
import { decodeHandshake } from '../../src/wire/decode/decode-handshake.ts';
import { secretsIn } from '../../src/wire/decode/key-log.ts';
import { clientHelloOf, serverHelloOf } from '../../src/wire/hello/hello.ts';
import { keyLogText } from '../wire/pcapng/key-log-text.ts';
import { toPcapng } from '../../src/wire/pcapng/to-pcapng.ts';
import { RecordSplitter } from '../../src/wire/records/record-splitter.ts';
import { encodeExtension, encodeHandshakeMessage, encodeRecord, encodeRecords, encodeVector } from '../../src/wire/tls-encoding.ts';
import { recordsOf, type TlsRecord } from '../../src/wire/records/tls-record.ts';
import { TrafficSecrets } from '../../src/wire/records/traffic-secrets.ts';
import type { HostileInput } from './hostile-certificates.ts';

/** Text and wire bytes that are made to be slow to read. */
export const hostileBytes: readonly HostileInput[] = [
  ['PEM that begins again and again and never ends', (size) => pemOf('-----BEGIN CERTIFICATE-----\n'.repeat(size / 28))],
  ['PEM that never ends, after one that does', (size) => pemOf(`${block}-----BEGIN CERTIFICATE-----\n${'A'.repeat(size)}`)],
  ['PEM with labels that are none', (size) => pemOf('-----BEGIN x-----\n'.repeat(size / 18))],
  ['PEM with half an armour line', (size) => pemOf(`-----BEGIN ${'x'.repeat(size)}`)],
  ['PEM with half armour lines', (size) => pemOf('-----BEGIN A'.repeat(size / 12))],
  ['PEM of dashes', (size) => pemOf('-'.repeat(size))],
  ['PEM of small blocks', (size) => pemOf(block.repeat(size / block.length))],
  ['PEM with a body of spaces', (size) => pemOf(`-----BEGIN A-----\n${' '.repeat(size)}!-----END A-----`)],
  ['PEM with a header that goes on', (size) => pemOf(`-----BEGIN A-----\na:${'\r\na'.repeat(size / 3)}\r-----END A-----`)],
  ['the first armour line of dashes', (size) => firstArmourOf('-----BEGIN '.repeat(size / 11))],

  ['records of an alert each', (size) => decodeOf(repeated(encodeRecord('alert', Uint8Array.of(1, 0)), size))],
  ['empty records', (size) => decodeOf(repeated(encodeRecord('handshake', nothing), size))],
  [
    'records in pieces of an octet',
    (size) => splitOf(repeated(encodeRecord('application_data', Buffer.alloc(16_000)), size), recordsOfPieces),
  ],
  ['the longest records in pieces of an octet', (size) => splitOf(repeated(longest, size), recordsOfPieces)],
  [
    'the same for the splitter',
    (size) => splitOf(repeated(longest, size), (pieces) => pieces.forEach((each) => new RecordSplitter().push(each))),
  ],
  [
    'the same for one splitter',
    (size) =>
      splitOf(repeated(longest, size), (pieces) => {
        const splitter = new RecordSplitter();
        for (const piece of pieces) splitter.push(piece);
      }),
  ],
  [
    'a long message in tiny records, rewritten',
    (size) => {
      const message = encodeHandshakeMessage(11, Buffer.alloc(size / 4));
      const bytes = Buffer.concat(
        Array.from({ length: message.length / 4 }, (_unused, index) =>
          encodeRecord('handshake', message.subarray(index * 4, index * 4 + 4)),
        ),
      );
      return () => certificateRewriter('server', [], new TrafficSecrets())(bytes);
    },
  ],
  ['a long message in records of an octet', (size) => decodeOf(inRecords(encodeHandshakeMessage(11, Buffer.alloc(size / 6)), 1))],
  [
    'entries of a Certificate',
    (size) => decodeOf(encodeRecords('handshake', encodeHandshakeMessage(11, encodeVector(3, Buffer.alloc(size))))),
  ],
  ['hellos full of extensions', (size) => decodeOf(repeated(encodeRecords('handshake', hello(Buffer.alloc(60_000))), size))],
  ['names of acceptable authorities', (size) => decodeOf(repeated(encodeRecords('handshake', authorities()), size), { sentBy: 'server' })],
  [
    'server hellos',
    (size) =>
      decodeOf(Buffer.concat([encodeRecords('handshake', hello(nothing)), repeated(serverHello, size)]), { sentBy: 'server', keyLog }),
  ],
  ['changes of keys', (size) => decodeOf(repeated(changeCipherSpec, size), { before: hellos, keyLog })],
  [
    'a key log with many lines',
    (size) => decodeOf(encodeRecords('handshake', hello(nothing)), { keyLog: keyLog.repeat(size / keyLog.length) }),
  ],
  [
    'the offer of a hello',
    (size) => parseOf(hello(Buffer.concat([encodeExtension(51, encodeVector(2, Buffer.alloc(60_000))), Buffer.alloc(size % 5000)]))),
  ],
  ['lines of a key log', (size) => keyLogOf('\n'.repeat(size))],
  ['lines of a key log to write down', (size) => () => keyLogText(['\n'.repeat(size)])],
  ['lines of key-log events', (size) => secretOf('\n'.repeat(size))],
  ['spaces in a key log', (size) => keyLogOf(`${' '.repeat(size)}x`)],
  ['a long secret', (size) => keyLogOf(`A ${'00'.repeat(32)} ${'0'.repeat(size)}`)],
  ['a long secret to write down', (size) => () => keyLogText([`A ${'00'.repeat(32)} ${'0'.repeat(size)}`])],
  [
    'a capture in many pieces',
    (size) =>
      splitOf(Buffer.alloc(size), (pieces) => toPcapng({ chunks: pieces.map((bytes) => ({ sentBy: 'client', atMs: 0, bytes })) }), 64),
  ],
];

function pemOf(text: string): () => unknown {
  return () => decodePem(text);
}

function firstArmourOf(text: string): () => unknown {
  return () => firstArmour(text);
}

function parseOf(message: Buffer): () => unknown {
  return () => parseClientOffer(message.subarray(4));
}

function decodeOf(
  bytes: Uint8Array,
  {
    sentBy = 'client',
    keyLog: log,
    before = [],
  }: { readonly sentBy?: Side; readonly keyLog?: string; readonly before?: readonly TlsRecord[] } = {},
): () => unknown {
  return () => {
    const records = [...before, ...recordsOf([{ sentBy, atMs: 0, bytes }])];
    return [decodeHandshake(records, { keyLog: log }), clientHelloOf(records), serverHelloOf(records)];
  };
}

function splitOf(bytes: Uint8Array, read: (pieces: readonly Uint8Array[]) => unknown, size = 1): () => unknown {
  const pieces = Array.from({ length: bytes.length / size }, (_unused, index) => bytes.subarray(index * size, (index + 1) * size));
  return () => read(pieces);
}

function recordsOfPieces(pieces: readonly Uint8Array[]): unknown {
  return recordsOf(pieces.map((bytes) => ({ sentBy: 'client', atMs: 0, bytes })));
}

function keyLogOf(text: string): () => unknown {
  return () => secretsIn(text, '00'.repeat(32));
}

function secretOf(text: string): () => unknown {
  const secrets = new TrafficSecrets();
  secrets.add(Buffer.from(text));
  return () => secrets.get('B');
}

function inRecords(content: Uint8Array, size: number): Buffer {
  return Buffer.concat(
    Array.from({ length: content.length / size }, (_unused, index) =>
      encodeRecord('handshake', content.subarray(index * size, (index + 1) * size)),
    ),
  );
}

function hello(extensions: Uint8Array): Buffer {
  const offer = Buffer.from('000002c02b0100', 'hex'); // no session, one suite, no compression
  return encodeHandshakeMessage(1, Buffer.from('0303', 'hex'), Buffer.alloc(32), offer, encodeVector(2, extensions));
}

function authorities(): Buffer {
  return encodeHandshakeMessage(13, Buffer.from('0101', 'hex'), encodeVector(2, repeated(Buffer.from('00023000', 'hex'), 64_000)));
}

function repeated(unit: Uint8Array, size: number): Buffer {
  return Buffer.alloc(Math.max(1, Math.floor(size / unit.length)) * unit.length, unit);
}

const nothing = new Uint8Array(0);
const block = '-----BEGIN A-----\nAA==\n-----END A-----\n';
const longest = Buffer.concat([Buffer.from('170303ffff', 'hex'), Buffer.alloc(0xffff)]);
const changeCipherSpec = Buffer.from('140303000101', 'hex');
const serverHello = encodeRecords(
  'handshake',
  encodeHandshakeMessage(2, Buffer.from('0303', 'hex'), Buffer.alloc(32), Buffer.from('00c02b00', 'hex')),
);
const keyLog = `CLIENT_RANDOM ${'00'.repeat(32)} ${'00'.repeat(48)}\n`;
const hellos = recordsOf([
  { sentBy: 'client', atMs: 0, bytes: encodeRecords('handshake', hello(nothing)) },
  { sentBy: 'server', atMs: 0, bytes: serverHello },
]);
