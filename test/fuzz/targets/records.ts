import { ladder } from '../../../src/handshake/explain/ladder.ts';
import { alertOnTheWire, sentCloseNotify } from '../../../src/wire/records/alert-record.ts';
import type { CapturedChunk, Side } from '../../../src/wire/tap/capture.ts';
import { decodeHandshake } from '../../../src/wire/decode/decode-handshake.ts';
import { handshakesOf, lastHandshakeOf } from '../../../src/wire/decode/handshakes-of.ts';
import { clientHelloOf, serverHelloOf } from '../../../src/wire/hello/hello.ts';
import { chunksOf } from '../../wire/pcapng/chunks-of.ts';
import { toPcapng } from '../../../src/wire/pcapng/to-pcapng.ts';
import { RecordSplitter } from '../../../src/wire/records/record-splitter.ts';
import { recordsOf, type TlsRecord } from '../../../src/wire/records/tls-record.ts';
import { framesIn, sideOf } from '../frames.ts';
import { require } from '../refusals.ts';

/** What both sides sent, in pieces: everything that is read from it without a key. */
export function records(input: Uint8Array): void {
  const chunks = framesIn(input).map((frame) => ({ sentBy: sideOf(frame), atMs: frame.flags >> 1, bytes: frame.bytes }));
  const whole = recordsOf(chunks);
  for (const side of ['client', 'server'] as const) requireSameBytes(side, chunks, whole);
  requireSplitsAlike(chunks);
  readAll(whole);
  require(toPcapng({ chunks }).length % 4 === 0, 'a pcapng file has blocks of whole words');
}

/** Everything that reads records; no message may be lost, or break a line of the ladder. */
export function readAll(read: readonly TlsRecord[], keyLog?: string): void {
  clientHelloOf(read);
  serverHelloOf(read);
  for (const side of ['client', 'server'] as const) {
    alertOnTheWire(read, side);
    sentCloseNotify(read, side);
  }
  const ends = [
    { sentBy: 'client', how: 'end' },
    { sentBy: 'server', how: 'reset' },
  ] as const;
  const messages = decodeHandshake(read, { keyLog, ends });
  require(messages.length >= ends.length && JSON.stringify(messages).length > 0, 'messages are lost');
  const handshakes = handshakesOf(messages);
  require(handshakes.flat().every((message, at) => message === messages[at]), 'messages are in no handshake');
  require(handshakes.flat().length === messages.length && lastHandshakeOf(messages).length > 0, 'a handshake is lost');
  const lines = ladder(messages, { decision: { verdict: 'rejected', rejectedBy: 'server' }, most: 10, time: (atMs) => `${atMs}` });
  // The characters that the pattern is there to find.
  require(lines.length <= 10 &&
    lines.every(({ length }) => length < 260) &&
    !lines.some((line) => /[\u{0}-\u{1f}\u{7f}-\u{9f}]/u.test(line)), 'a line of the ladder is odd');
}

/** The records hold what was sent, octet for octet; bytes after those that are no TLS are dropped. */
function requireSameBytes(side: Side, chunks: readonly CapturedChunk[], whole: readonly TlsRecord[]): void {
  const sent = joined(chunks.filter(({ sentBy }) => sentBy === side));
  const kept = joined(chunksOf(whole.filter(({ sentBy }) => sentBy === side)));
  const isCut = whole.some(({ sentBy, type }) => sentBy === side && type === 'not-tls');
  require(isCut ? sent.subarray(0, kept.length).equals(kept) : sent.equals(kept), 'the records are not what was sent');
}

/** However the bytes are cut, the records are the same. */
function requireSplitsAlike(chunks: readonly CapturedChunk[]): void {
  const bytes = joined(chunks.filter(({ sentBy }) => sentBy === 'client'));
  const splitter = new RecordSplitter();
  const cut = Array.from({ length: Math.ceil(bytes.length / 7) }, (_unused, index) => bytes.subarray(index * 7, index * 7 + 7));
  const split = Buffer.concat([...cut.flatMap((piece) => splitter.push(piece)), splitter.pending]);
  require(split.equals(bytes), 'the splitter loses octets');
  const [inOne, inMany] = [[bytes], cut].map((pieces) =>
    recordsOf(pieces.map((piece) => ({ sentBy: 'client', atMs: 0, bytes: piece }))).filter(({ type }) => type !== 'not-tls'),
  );
  require(JSON.stringify(inOne) === JSON.stringify(inMany), 'the records depend on how they were cut');
}

function joined(chunks: readonly { readonly bytes: Uint8Array }[]): Buffer {
  return Buffer.concat(chunks.map(({ bytes }) => bytes));
}
