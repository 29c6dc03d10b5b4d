import zlib from 'node:zlib';
import type { Side } from '../../src/wire/tap/capture.ts';
import { secretsIn } from '../../src/wire/decode/key-log.ts';
import type { RecordOpener } from '../../src/wire/decode/record-opener.ts';
import { Tls12Opener } from '../../src/wire/decode/tls12-opener.ts';
import { Tls13Opener } from '../../src/wire/decode/tls13-opener.ts';
import { clientHelloOf } from '../../src/wire/hello/hello.ts';
import { plaintextHandshakeMessages } from '../../src/wire/handshake-messages.ts';
import { tls12Protection } from '../../src/wire/records/tls12-protection.ts';
import { TrafficSecrets } from '../../src/wire/records/traffic-secrets.ts';
import { encodeUint } from '../../src/wire/tls-encoding.ts';
import { connections } from '../wire/decode/connections.ts';
import type { RecordedConnection } from '../wire/decode/record-connection.ts';
import { encodeFrames } from './frames.ts';

type Seeds = Readonly<Record<string, Uint8Array>>;

/** Inputs of the wire's targets, made of real connections of Node with Node. */
export const wireSeeds: Readonly<Record<string, () => Promise<Seeds>>> = {
  records: async () => ({ ...(await seedsFrom((connection) => framesOf(connection))), 'version-two-hello': versionTwoHello() }),
  rewritten: () => seedsFrom((connection) => framesOf(connection, 'server')),
  sealed: () => seedsFrom(openedFrames),
  message: async () => {
    const messages = await Promise.all(Object.keys(names).map(async (name) => messagesOf(await recorded(name), name)));
    return Object.assign({}, ...messages, compressedCertificates()) as Seeds; // each is one
  },
};

/** CompressedCertificates of TLS 1.3 by each algorithm (RFC 8879 4); a few octets stand for a certificate. */
function compressedCertificates(): Seeds {
  const entry = Buffer.concat([encodeUint(3, 2), Uint8Array.of(0x30, 0), encodeUint(2, 0)]);
  const certificate = Buffer.concat([encodeUint(1, 0), encodeUint(3, 2 * entry.length), entry, entry]);
  const of = (algorithm: number, compressed: Uint8Array): Buffer =>
    Buffer.concat([
      Uint8Array.of(25, 0, 0),
      encodeUint(2, algorithm),
      encodeUint(3, certificate.length),
      encodeUint(3, compressed.length),
      compressed,
    ]);
  return {
    'compressed-zlib': of(1, zlib.deflateSync(certificate)),
    'compressed-brotli': of(2, zlib.brotliCompressSync(certificate)),
    'compressed-zstd': of(3, zlib.zstdCompressSync(certificate)),
  };
}

/** A ClientHello in the form of SSL 2.0 (RFC 5246 E.2), then a record; the answer is an alert of that version. */
function versionTwoHello(): Uint8Array {
  const [hello, alert] = [Buffer.from('800c01030300030000000300002f', 'hex'), Buffer.from('15020000020246', 'hex')];
  return encodeFrames([
    { flags: 0, bytes: Buffer.concat([hello, alert]) },
    { flags: 1, bytes: alert },
  ]);
}

async function seedsFrom(make: (connection: RecordedConnection) => Uint8Array): Promise<Seeds> {
  const seeds = Object.keys(names).map(async (name) => [name, make(await recorded(name))] as const);
  return Object.fromEntries(await Promise.all(seeds));
}

async function recorded(name: string): Promise<RecordedConnection> {
  const connection = connections.find((each) => each.name === names[name]);
  if (!connection) throw new Error(`there is no connection "${names[name]}"`);
  return connection.record();
}

function framesOf({ chunks }: RecordedConnection, side?: Side): Uint8Array {
  const wanted = chunks.filter(({ sentBy }) => side === undefined || sentBy === side);
  return encodeFrames(wanted.map(({ sentBy, bytes }) => ({ flags: sentBy === 'server' ? 1 : 0, bytes })));
}

/** The records as they are within, with the flags that say how they are to be sealed again. */
function openedFrames({ records, keyLog }: RecordedConnection): Uint8Array {
  const random = clientHelloOf(records)?.random ?? '';
  const secrets = secretsIn(keyLog.join(''), random);
  const isTls12 = secrets.has('CLIENT_RANDOM');
  const openers = { client: openerOf('client'), server: openerOf('server') };
  const hasChanged = { client: false, server: false };
  const hasFinished = { client: false, server: false };
  const frames = records.map((record) => {
    const { sentBy, type, fragment } = record;
    const isSealed = isTls12 ? hasChanged[sentBy] : type === 'application_data';
    if (type === 'change_cipher_spec') hasChanged[sentBy] = true;
    const flags = (sentBy === 'server' ? 1 : 0) | (isSealed ? 2 : 0) | (hasFinished[sentBy] ? 4 : 0) | (isTls12 ? 8 : 0);
    const opened = isSealed ? openers[sentBy]?.open(record) : undefined;
    if (!opened || 'problem' in opened) return { flags, bytes: Buffer.concat([Uint8Array.of(numbers[type]), fragment]) };
    const opener = openers[sentBy];
    if (opened.type === 22 && opened.content.includes(20) && isFinished(opened.content) && opener instanceof Tls13Opener) {
      opener.finished();
      hasFinished[sentBy] = true;
    }
    return { flags, bytes: Buffer.concat([Uint8Array.of(opened.type), opened.content]) };
  });
  return encodeFrames(frames);

  function openerOf(side: Side): RecordOpener | undefined {
    if (!isTls12) return new Tls13Opener({ side, cipher: 'TLS_AES_128_GCM_SHA256', secrets, earlyData: false });
    const log = new TrafficSecrets();
    for (const line of keyLog) log.add(Buffer.from(line));
    const protection = tls12Protection(side, records, log);
    return protection && new Tls12Opener(protection);
  }
}

/** Whether the last message is a Finished of a suite with SHA-256. */
function isFinished(content: Uint8Array): boolean {
  return Buffer.from(content.subarray(-36, -32)).toString('hex') === '14000020';
}

/** Each message in the clear, with the octets that say what was agreed on before it. */
function messagesOf({ records }: RecordedConnection, name: string): Seeds {
  const agreed = name.startsWith('tls13') ? [0, 0] : [1, 1];
  const all = (['client', 'server'] as const).flatMap((side) => plaintextHandshakeMessages(records, side));
  return Object.fromEntries(
    all.map(({ type, body }, index) => [`${name}-${type}-${index}`, Buffer.concat([Uint8Array.of(type, ...agreed), body])]),
  );
}

const names: Readonly<Record<string, string>> = {
  tls13: 'TLS 1.3 with TLS_AES_128_GCM_SHA256',
  'tls13-stapled': 'TLSv1.3 with a stapled OCSP response',
  'tls13-retry': 'TLS 1.3 with a group that the server asks for again',
  tls12: 'TLS 1.2 with ECDHE-ECDSA-AES128-GCM-SHA256',
  'tls12-stapled': 'TLSv1.2 with a stapled OCSP response',
};
const numbers = { 'not-tls': 0, change_cipher_spec: 20, alert: 21, handshake: 22, application_data: 23, heartbeat: 24 } as const;
