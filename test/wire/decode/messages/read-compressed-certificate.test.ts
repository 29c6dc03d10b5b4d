import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { inflationBudget } from '../../../../src/wire/decode/messages/inflate-certificate.ts';
import { readHandshakeMessage } from '../../../../src/wire/decode/messages/read-handshake-message.ts';
import { encodeUint } from '../../../../src/wire/tls-encoding.ts';

const agreed = { version: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' };
const der = Buffer.from('any bytes stand for a certificate');
const certificate = certificateOf([der]);
const algorithms = [
  ['zlib', 1, zlib.deflateSync],
  ['brotli', 2, zlib.brotliCompressSync],
  ...(zlib.zstdCompressSync ? ([['zstd', 3, zlib.zstdCompressSync]] as const) : []), // Node 22.15 and later
] as const;

describe.for(algorithms)('%s', ([compression, number, compress]) => {
  test('what it holds is a Certificate', () => {
    expect(read(compressed(number, certificate.length, compress(certificate)))).toEqual({
      content: { type: 'certificate', certificates: [{ der, extensions: [] }], compression },
      notes: [],
    });
  });

  test.for([
    [
      'more octets than it announces',
      certificate.length - 1,
      compress(certificate),
      `it holds more than the ${certificate.length - 1} octets that it announces`,
    ],
    [
      'fewer',
      certificate.length + 1,
      compress(certificate),
      `it holds ${certificate.length} octets in place of the ${certificate.length + 1} that it announces`,
    ],
    ['none', 0, compress(certificate), 'it holds more than the 0 octets that it announces'],
    ['bytes that are not compressed', 9, Buffer.from('\xff\xfe\xfd', 'latin1'), `it is not ${compression} data`],
    ['nothing', 9, Buffer.alloc(0), 'malformed'],
    ['something else than a Certificate', 3, compress(Buffer.from([0, 0, 9])), 'malformed, once inflated'],
  ] as const)('%s makes it unreadable', ([, length, bytes, note]) => {
    const message = compressed(number, length, bytes);

    expect(read(message)).toEqual({ content: { type: 'unreadable', of: 'compressed_certificate', length: message.length }, notes: [note] });
  });

  test('a bomb is inflated no further than it says, and all of a connection no further than the largest message', () => {
    const bomb = compress(Buffer.alloc(8 * 2 ** 20));
    const inflation = inflationBudget();
    const half = Buffer.concat([encodeUint(1, 0), encodeUint(3, 2 ** 23 - 4), Buffer.alloc(2 ** 23 - 4)]);
    const large = compressed(number, half.length, compress(half));

    const notes = [compressed(number, 2 ** 22, bomb), large, large].map(
      (body) => readHandshakeMessage({ type: 25, body }, { ...agreed, inflation }).notes,
    );

    expect(notes).toEqual([
      [`it holds more than the ${2 ** 22} octets that it announces`],
      ['malformed, once inflated'],
      ['the certificates of this connection take more than 16777216 octets'],
    ]);
  });

  test('more entries than anyone has certificates are not read', () => {
    const [many, too] = [
      certificateOf(Array.from({ length: 1000 }, () => der)),
      Buffer.concat([encodeUint(1, 0), encodeUint(3, 2 ** 23), Buffer.alloc(2 ** 23)]),
    ];

    const [whole, empty] = [many, too].map((message) => read(compressed(number, message.length, compress(message))).content.type);

    expect([whole, empty]).toEqual(['certificate', 'unreadable']);
  });
});

test('an algorithm that is unknown is named by its number', () => {
  expect(read(compressed(16384, 9, der))).toMatchObject({ notes: ['its compression algorithm, number 16384, is unknown'] });
});

test('one that is cut off is malformed', () => {
  const message = compressed(1, certificate.length, zlib.deflateSync(certificate));

  for (let length = 0; length < message.length; length += 1) expect(read(message.subarray(0, length)).notes).toEqual(['malformed']);
});

test('octets behind it are noted', () => {
  const message = Buffer.concat([
    compressed(1, certificate.length + 1, zlib.deflateSync(Buffer.concat([certificate, Buffer.alloc(1)]))),
    Buffer.alloc(2),
  ]);

  expect(read(message)).toMatchObject({
    content: { type: 'certificate' },
    notes: ['1 octets follow its certificates', '2 octets follow its end'],
  });
});

function read(body: Uint8Array): ReturnType<typeof readHandshakeMessage> {
  return readHandshakeMessage({ type: 25, body }, agreed);
}

/** A Certificate of TLS 1.3 (RFC 8446 4.4.2). */
function certificateOf(entries: readonly Uint8Array[]): Buffer {
  const list = Buffer.concat(entries.flatMap((entry) => [encodeUint(3, entry.length), entry, encodeUint(2, 0)]));
  return Buffer.concat([encodeUint(1, 0), encodeUint(3, list.length), list]);
}

/** A CompressedCertificate (RFC 8879 4). */
function compressed(algorithm: number, length: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([encodeUint(2, algorithm), encodeUint(3, length), encodeUint(3, bytes.length), bytes]);
}
