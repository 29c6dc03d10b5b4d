import { describe, expect, test } from 'vitest';
import { decodeHandshake } from '../../../src/wire/decode/decode-handshake.ts';
import { readHandshakeMessage } from '../../../src/wire/decode/messages/read-handshake-message.ts';
import { encodeExtension, encodeHandshakeMessage, encodeRecord, encodeRecords, encodeVector } from '../../../src/wire/tls-encoding.ts';
import { recordsOf, type TlsRecord } from '../../../src/wire/records/tls-record.ts';
import { connections } from './connections.ts';
import { workOf } from './counted-work.ts';

const names: ReadonlySet<string> = new Set([
  'TLSv1.3 with certificates of ed25519',
  'TLSv1.2 with certificates of ed25519',
  'TLS 1.3 with a group that the server asks for again',
]);
/** How many tests share the octets of a connection. */
const shares = 6;
const samples = connections.filter(({ name }) => names.has(name));

describe.for(samples)('the bytes of $name', ({ record }) => {
  const recorded = recordedOnce(record);

  test.for([...Array(shares).keys()])(
    'cut off, or with an octet changed, at every sixth octet from number %i on, are messages and never an error',
    async (first) => {
      const { chunks, ...connection } = await recorded();
      const keyLog = connection.keyLog.join('');
      const whole = decodeHandshake(recordsOf(chunks), { keyLog });
      let cutOff = 0;
      let changed = 0;

      for (const [index, { sentBy, atMs, bytes }] of chunks.entries()) {
        for (let at = first; at < bytes.length; at += shares) {
          const before = chunks.slice(0, index);
          const cut = decodeHandshake(recordsOf([...before, { sentBy, atMs, bytes: bytes.subarray(0, at) }]), { keyLog });
          cutOff += cut.length;
          const corrupted = Uint8Array.from(bytes);
          corrupted[at] = (corrupted[at] ?? 0) ^ (1 << (at % 8));
          const other = decodeHandshake(recordsOf([...before, { sentBy, atMs, bytes: corrupted }, ...chunks.slice(index + 1)]), { keyLog });
          if (JSON.stringify(other) !== JSON.stringify(whole)) changed += 1;
        }
      }

      expect(cutOff).toBeGreaterThan(0);
      expect(changed).toBeGreaterThan(0);
    },
  );
});

/** Records a connection for the first test that asks. */
function recordedOnce<Recorded>(record: () => Promise<Recorded>): () => Promise<Recorded> {
  let recorded: Promise<Recorded> | undefined;
  return () => (recorded ??= record());
}

test('noise under every type of record and of message is noted', () => {
  for (let type = 0; type < 256; type += 1) {
    for (let length = 0; length < 40; length += 1) {
      const noise = noiseOf(type, length);
      const inRecord = recordsOf([{ sentBy: 'client', atMs: 0, bytes: Buffer.concat([Uint8Array.of(type, 3, 3, 0, length), noise]) }]);

      expect(decodeHandshake(inRecord).length).toBeGreaterThan(0);
      expect(decodeHandshake(handshake(encodeHandshakeMessage(type, noise)))).toHaveLength(1);
    }
  }
});

test.for(['TLSv1.3', 'TLSv1.2', 'TLSv1', undefined])(
  'noise under every type of message is read or noted once %s is agreed on',
  (version) => {
    for (const cipherSuite of [
      'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      'TLS_RSA_PSK_WITH_NULL_SHA',
      undefined,
    ]) {
      for (let type = 0; type < 32; type += 1) {
        for (let length = 0; length < 80; length += 1) {
          const { content, notes } = readHandshakeMessage({ type, body: noiseOf(type, length) }, { version, cipherSuite });

          expect(content.type !== 'unreadable' || notes.length > 0).toBe(true);
        }
      }
    }
  },
);

test.for([
  ['new_session_ticket', 4, '00001c20 00000000 0100 0001ff 0000'],
  ['encrypted_extensions', 8, '000d 0010 0005 0003 02 6832 000a 0000'],
  ['certificate', 11, '00 000014 000003 300100 000c 0005 0008 01 000004 30020500'],
  ['certificate_request', 13, '00 0016 000d 0004 0002 0403 002f 000a 0008 0006 30043102 3000'],
  ['certificate_verify', 15, '0807 0002 abcd'],
  ['key_update', 24, '01'],
] as const)('a %s of TLS 1.3, cut off anywhere, is unreadable', ([type, number, octets]) => {
  const body = Buffer.from(octets.replaceAll(' ', ''), 'hex');
  const read = (bytes: Uint8Array): string =>
    readHandshakeMessage({ type: number, body: bytes }, { version: 'TLSv1.3', cipherSuite: undefined }).content.type;

  expect(read(body)).toBe(type);
  for (let length = 0; length < body.length; length += 1) expect(read(body.subarray(0, length))).toBe('unreadable');
});

test.for([
  ['a ClientHello of nothing', encodeHandshakeMessage(1), { type: 'unreadable', of: 'client_hello', length: 0, note: 'malformed' }],
  [
    'a Certificate before the hellos',
    encodeHandshakeMessage(11, Buffer.from('000003000000', 'hex')),
    { type: 'certificate', note: 'an entry is empty' },
  ],
  [
    'a Certificate longer than its list',
    encodeHandshakeMessage(11, Buffer.from('000000ff', 'hex')),
    { type: 'certificate', note: '1 octets follow its end' },
  ],
  ['a message of the other side', encodeHandshakeMessage(14), { type: 'server_hello_done', note: 'only the server sends this' }],
  ['a message of no name', encodeHandshakeMessage(99, Buffer.alloc(7)), { type: 'other_handshake', name: 'handshake_99', length: 7 }],
  [
    'half a message',
    encodeHandshakeMessage(16, Buffer.alloc(9)).subarray(0, 8),
    { type: 'unreadable', of: 'client_key_exchange', length: 8, note: 'the connection or the capture ended within this message' },
  ],
] as const)('%s is reported as what it is', ([, message, expected]) => {
  expect(decodeHandshake(handshake(message))).toMatchObject([{ sentBy: 'client', encrypted: false, ...expected }]);
});

test.for([
  [
    'two alerts in one record',
    encodeRecord('alert', Uint8Array.of(1, 90, 1, 0)),
    [{ name: 'user_canceled', note: 'several alerts in one record' }, { name: 'close_notify' }],
  ],
  ['half an alert', encodeRecord('alert', Uint8Array.of(2)), [{ type: 'unreadable', of: 'alert', note: 'malformed' }]],
  [
    'an alert of no level',
    encodeRecord('alert', Uint8Array.of(7, 40)),
    [{ level: 'unknown', name: 'handshake_failure', note: 'its level is neither warning nor fatal' }],
  ],
  ['an alert of no name', encodeRecord('alert', Uint8Array.of(2, 200)), [{ level: 'fatal', name: 'alert_200', code: 200 }]],
  [
    'an empty handshake record',
    encodeRecord('handshake', new Uint8Array(0)),
    [{ type: 'unreadable', of: 'handshake', note: 'an empty record' }],
  ],
  [
    'data before any hello',
    encodeRecord('application_data', Buffer.alloc(30)),
    [{ type: 'encrypted', note: expect.stringContaining("before the server's hello") }],
  ],
  [
    'bytes that are not TLS',
    Buffer.from('GET / HTTP/1.1\r\n'),
    [{ type: 'unreadable', of: 'not-tls', length: 16, note: 'these bytes are not a TLS record' }],
  ],
  [
    'half a header',
    Buffer.from('160301', 'hex'),
    [{ type: 'unreadable', of: 'not-tls', note: expect.stringContaining('within a record header') }],
  ],
] as const)('%s is reported as what it is', ([, bytes, expected]) => {
  expect(decodeHandshake(recordsOf([{ sentBy: 'client', atMs: 1.5, bytes }]))).toMatchObject(
    expected.map((message) => ({ sentBy: 'client', atMs: 1.5, ...message })),
  );
});

test('a message is reported at its last octet', () => {
  const message = encodeHandshakeMessage(16, Buffer.alloc(20));
  const records = [
    { sentBy: 'client', atMs: 1, bytes: encodeRecord('handshake', message.subarray(0, 10)) },
    { sentBy: 'client', atMs: 2, bytes: encodeRecord('handshake', message.subarray(10)) },
  ] as const;

  expect(decodeHandshake(recordsOf(records))).toMatchObject([{ type: 'client_key_exchange', length: 20, atMs: 2 }]);
});

test('an extension that is malformed is noted, and the others are read', () => {
  const extensions = [
    encodeExtension(10, Buffer.from('0003001d00', 'hex')),
    encodeExtension(0, Buffer.from('0007000004686f7374ff', 'hex')),
    encodeExtension(16, Buffer.from('0003026832', 'hex')),
    encodeExtension(16, Buffer.from('0003026832', 'hex')),
  ];

  expect(decodeHandshake(handshake(helloWith(extensions)))).toMatchObject([
    {
      groups: [],
      alpnProtocols: ['h2'],
      note: 'an extension appears twice; the extension server_name is malformed; the extension supported_groups is malformed',
    },
  ]);
});

test('a message that another record interrupts is given up', () => {
  const message = encodeHandshakeMessage(16, Buffer.alloc(20));
  const bytes = Buffer.concat([
    encodeRecord('handshake', message.subarray(0, 10)),
    encodeRecord('alert', Uint8Array.of(2, 10)),
    encodeRecord('handshake', message),
  ]);

  const decoded = decodeHandshake(recordsOf([{ sentBy: 'client', atMs: 0, bytes }]));

  expect(decoded).toMatchObject([
    { type: 'unreadable', of: 'client_key_exchange', length: 10, note: 'another record came within this message' },
    { type: 'alert', name: 'unexpected_message' },
    { type: 'client_key_exchange', length: 20 },
  ]);
});

describe('the work of decoding grows with the bytes and no faster:', () => {
  test.for<[what: string, make: (size: number) => readonly TlsRecord[]]>([
    ['records of one octet of one long message', (size) => handshake(encodeHandshakeMessage(11, Buffer.alloc(size)), 1)],
    ['a message that never comes whole', (size) => handshake(Buffer.concat([Buffer.from('0bffffff', 'hex'), Buffer.alloc(size)]), 3)],
    ['empty messages', (size) => handshake(Buffer.alloc(size * 4, Buffer.from('0e000000', 'hex')), 4096)],
    ['messages that each begin in another record', (size) => handshake(Buffer.alloc(size * 5, Buffer.from('1400000100', 'hex')), 7)],
    ['hellos full of extensions', (size) => Array.from({ length: size / 1000 }, () => handshake(helloOfExtensions(4000))).flat()],
    ['alerts in a record each', (size) => inRecords('alert', Buffer.alloc(size * 2, 1), 2)],
    ['alerts in few records', (size) => inRecords('alert', Buffer.alloc(size * 4, 1), 16_000)],
  ])('%s', ([, make]) => {
    const [small, large] = [make(1000), make(8000)];

    const [little, much] = [workOf(() => decodeHandshake(small)), workOf(() => decodeHandshake(large))];

    expect(little).toBeGreaterThan(0);
    // Eight times the bytes: quadratic work would be 64 times as much.
    expect(much / little).toBeLessThan(9);
  });
});

function noiseOf(type: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_unused, index) => (index * 89 + type * 31 + length * 7) & 0xff);
}

/** A handshake message in records of `size` octets. */
function handshake(message: Uint8Array, size?: number): TlsRecord[] {
  return size === undefined ? recordsIn(encodeRecords('handshake', message)) : inRecords('handshake', message, size);
}

function inRecords(type: 'alert' | 'handshake', content: Uint8Array, size: number): TlsRecord[] {
  const pieces = Array.from({ length: Math.ceil(content.length / size) }, (_unused, index) =>
    content.subarray(index * size, (index + 1) * size),
  );
  return pieces.flatMap((piece) => recordsIn(encodeRecord(type, piece)));
}

function recordsIn(bytes: Uint8Array): TlsRecord[] {
  return recordsOf([{ sentBy: 'client', atMs: 0, bytes }]);
}

/** A ClientHello with `count` empty extensions, each of another number. */
function helloOfExtensions(count: number): Buffer {
  return helloWith(Array.from({ length: count }, (_unused, type) => encodeExtension(type)));
}

function helloWith(extensions: readonly Uint8Array[]): Buffer {
  const offer = Buffer.from('00000213010100', 'hex'); // no session, one suite, no compression
  return encodeHandshakeMessage(1, Buffer.from('0303', 'hex'), Buffer.alloc(32), offer, encodeVector(2, ...extensions));
}
