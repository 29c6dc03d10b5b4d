import { describe, expect, test } from 'vitest';
import type { CapturedChunk } from '../../src/wire/capture.ts';
import { looksLikeTls, recordsOf } from '../../src/wire/tls-record.ts';

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
    ['plain HTTP', Buffer.from('GET / HTTP/1.1\r\n'), 'these bytes are no TLS record'],
    ['an unknown major version', Buffer.from([22, 9, 9, 0, 1, 0]), 'these bytes are no TLS record'],
    ['half a header', Buffer.from([22, 3]), 'the connection ended within a record header'],
    ['half a fragment', Buffer.from([22, 3, 3, 0, 9, 1]), 'the connection or the capture ended within this record'],
  ] as const)('%s becomes a record with a note', ([, bytes, note]) => {
    expect(recordsOf([{ sentBy: 'client', atMs: 0, bytes }])).toMatchObject([{ note }]);
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
  [[22, 2], false],
  [[72, 84], false],
] as const)('the first bytes %j look like TLS: %s', ([bytes, expected]) => {
  expect(looksLikeTls(Uint8Array.from(bytes))).toBe(expected);
});
