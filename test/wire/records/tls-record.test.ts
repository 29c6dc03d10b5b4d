import { describe, expect, test } from 'vitest';
import type { CapturedChunk } from '../../../src/wire/tap/capture.ts';
import { looksLikeTls, recordsOf } from '../../../src/wire/records/tls-record.ts';

const alertRecord = [21, 3, 3, 0, 2, 2, 48];

describe('recordsOf', () => {
  test('puts a record together from single bytes', () => {
    const chunks = alertRecord.map((byte, index): CapturedChunk => ({ sentBy: 'server', atMs: index, bytes: Uint8Array.of(byte) }));

    const records = recordsOf(chunks);

    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ sentBy: 'server', atMs: 6, type: 'alert', legacyVersion: '0303', length: 2 });
    expect([...(records[0]?.fragment ?? [])]).toEqual([2, 48]);
  });

  test('splits several records of one chunk and keeps the sides apart', () => {
    const records = recordsOf([
      { sentBy: 'client', atMs: 1, bytes: Uint8Array.from([22, 3, 1, 0, 1]) },
      { sentBy: 'server', atMs: 2, bytes: Uint8Array.from([...alertRecord, 20, 3, 3, 0, 1, 1]) },
      { sentBy: 'client', atMs: 3, bytes: Uint8Array.from([9]) },
    ]);

    expect(records.map(({ sentBy, type }) => `${sentBy} ${type}`)).toEqual([
      'server alert',
      'server change_cipher_spec',
      'client handshake',
    ]);
  });

  test.for([
    ['plain HTTP', Buffer.from('GET / HTTP/1.1\r\n'), 'these bytes are not a TLS record'],
    ['an unknown major version', Buffer.from([22, 9, 9, 0, 1, 0]), 'these bytes are not a TLS record'],
    ['half a header', Buffer.from([22, 3]), 'the connection ended within a record header'],
    ['half a hello of SSL 2.0', Buffer.from('800c010303', 'hex'), 'the connection or the capture ended within this hello'],
    ['half a fragment', Buffer.from([22, 3, 3, 0, 9, 1]), 'the connection or the capture ended within this record'],
  ] as const)('%s becomes a record with a note', ([, bytes, note]) => {
    expect(recordsOf([{ sentBy: 'client', atMs: 0, bytes }])).toMatchObject([{ note }]);
  });

  test.for(['0200', '0002', '0000', '0301'])('the version %s of a header is ignored (RFC 8446 5.1)', (version) => {
    const bytes = Buffer.from(`15${version}00020246`, 'hex');

    expect(recordsOf([{ sentBy: 'server', atMs: 0, bytes }])).toEqual([
      { sentBy: 'server', atMs: 0, type: 'alert', legacyVersion: version, length: 2, fragment: bytes.subarray(5) },
    ]);
  });

  test.for([1, 2, 3, 64])('records follow a hello in the form of SSL 2.0 that comes in pieces of %d octets', (size) => {
    const hello = Buffer.from('800c01030300030000000300002f', 'hex');
    const sent = Buffer.concat([hello, Uint8Array.from(alertRecord)]);
    const chunks = Array.from({ length: Math.ceil(sent.length / size) }, (_, at): CapturedChunk => ({
      sentBy: 'client',
      atMs: 0,
      bytes: sent.subarray(at * size, at * size + size),
    }));

    const records = recordsOf(chunks);

    expect(records).toMatchObject([{ type: 'not-tls', length: 14, note: 'a ClientHello in the form of SSL 2.0' }, { type: 'alert' }]);
    expect(Buffer.from(records[0]?.fragment ?? []).equals(hello)).toBe(true);
  });

  test.for([
    ['a server sends none', 'server', '800401030000'],
    ['an answer is none', 'client', '800402030000'],
    ['of a version that there never was', 'client', '800401090000'],
  ] as const)('nothing else with that high bit is one: %s', ([, sentBy, hex]) => {
    const bytes = Buffer.from(`${hex}15030300020246`, 'hex');

    expect(recordsOf([{ sentBy, atMs: 0, bytes }])).toMatchObject([{ type: 'not-tls', note: 'these bytes are not a TLS record' }]);
  });

  test('a header that promises more than TLS allows is noted', () => {
    const bytes = Buffer.concat([Buffer.from([23, 3, 3, 0xff, 0xff]), Buffer.alloc(0xffff)]);

    expect(recordsOf([{ sentBy: 'client', atMs: 0, bytes }])).toMatchObject([{ length: 0xffff, note: 'longer than RFC 8446 5.2 allows' }]);
  });
});

test.for([
  [[], true],
  [[22], true],
  [[22, 3], true],
  [[22, 4], false],
  [[21, 2], true],
  [[21, 0], true],
  [[72, 84], false],
] as const)('the first bytes %j look like TLS: %s', ([bytes, expected]) => {
  expect(looksLikeTls(Uint8Array.from(bytes))).toBe(expected);
});
