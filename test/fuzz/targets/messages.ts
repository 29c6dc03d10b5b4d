import { parseClientOffer } from '../../../src/wire/hello/client-offer.ts';
import { readHandshakeMessage } from '../../../src/wire/decode/messages/read-handshake-message.ts';
import { sealRecord } from '../../../src/wire/records/protected-record.ts';
import { clientHelloOf, serverHelloOf } from '../../../src/wire/hello/hello.ts';
import { certificateRewriter } from '../../../src/wire/rewrite/certificate-rewriter.ts';
import { recordsOf, type TlsRecord } from '../../../src/wire/records/tls-record.ts';
import { encodeUint } from '../../../src/wire/tls-encoding.ts';
import { tls12Protection } from '../../../src/wire/records/tls12-protection.ts';
import { sealTls12Record } from '../../../src/wire/records/tls12-record.ts';
import { contentType } from '../../../src/wire/registry/content-types.ts';
import { TrafficSecrets } from '../../../src/wire/records/traffic-secrets.ts';
import { type Frame, framesIn, sideOf } from '../frames.ts';
import { require } from '../refusals.ts';
import { readAll } from './records.ts';

/** One handshake message: an octet each for its type, the version and the cipher suite that were agreed on, then its body. */
export function message(input: Uint8Array): void {
  const [type = 0, version = 0, suite = 0] = input;
  const body = input.subarray(3);
  const agreed = { version: versions[version % versions.length], cipherSuite: suites[suite % suites.length] };
  const { content, notes } = readHandshakeMessage({ type, body }, agreed);
  require(content.type !== 'unreadable' || notes.length > 0, 'what is unreadable has no note');
  parseClientOffer(body);
}

/**
 * A conversation whose records are sealed here with secrets of zeros, so that what is within is hostile and not only broken. The flags of a
 * frame: 1 the server's, 2 sealed, 4 with the application's secret, 8 as TLS 1.2 does; its first octet is the content type.
 */
export function sealed(input: Uint8Array): void {
  const conversation = new Conversation();
  for (const frame of framesIn(input)) conversation.send(frame);
  readAll(conversation.records(), conversation.keyLog);
}

/** What rewrites records on their way. */
export function rewritten(input: Uint8Array): void {
  const frames = framesIn(input);
  const secrets = new TrafficSecrets();
  secrets.add(Buffer.from(keyLogFor('0'.repeat(64))));
  const rewrite = certificateRewriter('server', [Uint8Array.of(0x30, 0)], secrets);
  for (const { bytes } of frames) rewrite(bytes);
}

/** Both sides' bytes, sealed as they go. */
class Conversation {
  readonly #chunks: { sentBy: 'client' | 'server'; atMs: number; bytes: Buffer }[] = [];
  readonly #sequences = new Map<string, number>();
  readonly #random = { seen: '' };

  get keyLog(): string {
    return keyLogFor(this.#random.seen);
  }

  records(): TlsRecord[] {
    return recordsOf(this.#chunks);
  }

  send(frame: Frame): void {
    const sentBy = sideOf(frame);
    const [type = 0] = frame.bytes;
    const content = frame.bytes.subarray(1, 1 + 2 ** 14);
    this.#chunks.push({ sentBy, atMs: this.#chunks.length, bytes: this.#record(frame, type, content) });
    this.#random.seen ||= clientHelloOf(this.records())?.random ?? '';
  }

  #record(frame: Frame, type: number, content: Buffer): Buffer {
    const plain = Buffer.concat([Uint8Array.of(type, 3, 3), encodeUint(2, content.length), content]);
    if (!(frame.flags & 2)) return plain;
    return frame.flags & 8 ? this.#sealed12(frame, plain, content) : this.#sealed13(frame, type, content);
  }

  #sealed13(frame: Frame, type: number, content: Buffer): Buffer {
    const key = `${frame.flags & 5}`;
    const sequence = this.#sequences.get(key) ?? 0;
    this.#sequences.set(key, sequence + 1);
    const cipher = tls13Suites.get(serverHelloOf(this.records())?.cipherSuite ?? 0) ?? 'TLS_AES_128_GCM_SHA256';
    return sealRecord(content, type, { cipher, secret: Buffer.alloc(cipher.endsWith('SHA384') ? 48 : 32), sequence });
  }

  #sealed12(frame: Frame, plain: Buffer, content: Buffer): Buffer {
    const secrets = new TrafficSecrets();
    secrets.add(Buffer.from(this.keyLog));
    const protection = tls12Protection(sideOf(frame), this.records(), secrets);
    if (!protection) return plain;
    const { explicitLength } = protection.suite;
    const header = Buffer.concat([plain.subarray(0, 3), encodeUint(2, explicitLength + content.length + 16)]);
    const facts = { type: contentType.handshake, version: plain.subarray(1, 3), sequence: 0 };
    return Buffer.concat([header, sealTls12Record(content, protection, facts)]);
  }
}

function keyLogFor(random: string): string {
  const tls13 = [
    'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
    'SERVER_HANDSHAKE_TRAFFIC_SECRET',
    'CLIENT_TRAFFIC_SECRET_0',
    'SERVER_TRAFFIC_SECRET_0',
  ];
  return [...tls13.map((label) => `${label} ${random} ${'00'.repeat(32)}`), `CLIENT_RANDOM ${random} ${'00'.repeat(48)}`, ''].join('\n');
}

const versions = ['TLSv1.3', 'TLSv1.2', 'TLSv1', undefined];
const suites = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_DH_anon_WITH_AES_128_GCM_SHA256',
  undefined,
];
const tls13Suites: ReadonlyMap<number, string> = new Map([
  [0x1301, 'TLS_AES_128_GCM_SHA256'],
  [0x1303, 'TLS_CHACHA20_POLY1305_SHA256'],
]);
