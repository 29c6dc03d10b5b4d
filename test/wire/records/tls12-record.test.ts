import { createDecipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openTls12Record, sealTls12Record } from '../../../src/wire/records/tls12-record.ts';
import { expandTls12Keys, tls12Suite } from '../../../src/wire/records/tls12-protection.ts';

const randoms = { clientRandom: Buffer.alloc(32, 1), serverRandom: Buffer.alloc(32, 2) };
const facts = { type: 22, version: Uint8Array.of(3, 3), sequence: 5 };
const content = Buffer.from('a Finished message');

describe.for([
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 0xc02b],
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 0xc030],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 0xcca8],
] as const)('a record sealed with %s', ([, number]) => {
  const suite = tls12Suite(number);
  if (!suite) throw new TypeError('a suite of the table');
  const { client, server } = expandTls12Keys(suite, Buffer.alloc(48, 3), randoms);

  test('opens with the same key and facts, and with no other', () => {
    const fragment = sealTls12Record(content, client, facts);

    expect(openTls12Record(fragment, client, facts)).toEqual(content);
    expect(openTls12Record(fragment, client, { ...facts, sequence: 6 })).toBeUndefined();
    expect(openTls12Record(fragment, client, { ...facts, type: 23 })).toBeUndefined();
    expect(openTls12Record(fragment, server, facts)).toBeUndefined();
  });

  test('is as long as its suite says', () => {
    expect(sealTls12Record(content, client, facts)).toHaveLength(suite.explicitLength + content.length + 16);
  });
});

// RFC 5288 3: the nonce is the implicit salt and the explicit part; RFC 5246 6.2.3.3: the additional data. Opened here by node:crypto alone.
test('a record of AES-GCM opens with the nonce and additional data of RFC 5288', () => {
  const suite = tls12Suite(0xc02b);
  if (!suite) throw new TypeError('a suite of the table');
  const { client } = expandTls12Keys(suite, Buffer.alloc(48, 3), randoms);
  const fragment = sealTls12Record(content, client, facts);

  const explicit = fragment.subarray(0, 8);
  const decipher = createDecipheriv('aes-128-gcm', client.key, Buffer.concat([client.iv, explicit]));
  decipher.setAAD(Buffer.from('00000000000000051603030012', 'hex'));
  decipher.setAuthTag(fragment.subarray(-16));
  const opened = Buffer.concat([decipher.update(fragment.subarray(8, -16)), decipher.final()]);

  expect(explicit.toString('hex')).toBe('0000000000000005');
  expect(opened).toEqual(content);
});
