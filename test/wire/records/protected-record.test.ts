import { describe, expect, test } from 'vitest';
import { isTls13Suite, openRecord, sealRecord } from '../../../src/wire/records/protected-record.ts';

// RFC 8448 3, "Simple 1-RTT Handshake": the server's application traffic secret and its first record under it.
const rfc8448 = {
  secret: Buffer.from('a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643', 'hex'),
  header: '17030300de',
};

describe('a record sealed with one secret', () => {
  test.for([
    ['TLS_AES_128_GCM_SHA256', 32],
    ['TLS_AES_256_GCM_SHA384', 48],
    ['TLS_CHACHA20_POLY1305_SHA256', 32],
  ] as const)('opens with the same secret and sequence number and with no other (%s)', ([cipher, length]) => {
    const protection = { cipher, secret: Buffer.alloc(length, 7), sequence: 3 };
    const record = sealRecord(Uint8Array.of(2, 48), 21, protection);
    const fragment = record.subarray(5);

    expect(record.subarray(0, 5).toString('hex')).toBe('1703030013');
    expect(openRecord(fragment, protection)).toEqual({ content: Buffer.from([2, 48]), type: 21 });
    expect(openRecord(fragment, { ...protection, sequence: 4 })).toBeUndefined();
    expect(openRecord(fragment, { ...protection, secret: Buffer.alloc(length, 8) })).toBeUndefined();
  });

  test('a fragment shorter than its tag opens with nothing', () => {
    const protection = { cipher: 'TLS_AES_128_GCM_SHA256', secret: rfc8448.secret, sequence: 0 };

    expect(openRecord(Buffer.alloc(16), protection)).toBeUndefined();
    expect(openRecord(Buffer.alloc(0), protection)).toBeUndefined();
  });
});

// The server's close_notify of RFC 8448 3: sequence number 2 under the server's application traffic secret.
test('the close_notify of RFC 8448 opens, and sealing it again gives the same octets', () => {
  const record = Buffer.from('1703030013b58fd67166ebf599d24720cfbe7efa7a8864a9', 'hex');
  const found = [0, 1, 2].map((sequence) =>
    openRecord(record.subarray(5), { cipher: 'TLS_AES_128_GCM_SHA256', secret: rfc8448.secret, sequence }),
  );

  const sequence = found.findIndex((opened) => opened !== undefined);
  expect(found[sequence]).toEqual({ content: Buffer.from([1, 0]), type: 21 });
  expect(sealRecord(Uint8Array.of(1, 0), 21, { cipher: 'TLS_AES_128_GCM_SHA256', secret: rfc8448.secret, sequence }).toString('hex')).toBe(
    record.toString('hex'),
  );
});

test('suites of TLS 1.2 are not TLS 1.3 suites', () => {
  expect(isTls13Suite('TLS_AES_128_GCM_SHA256')).toBe(true);
  expect(isTls13Suite('ECDHE-ECDSA-AES128-GCM-SHA256')).toBe(false);
});
