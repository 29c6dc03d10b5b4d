import { beforeAll, describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, startTlsServer, type TlsRecord } from '../../../src/index.ts';
import { clientHelloOf, serverHelloOf } from '../../../src/wire/hello/hello.ts';
import { recordsOf } from '../../../src/wire/records/tls-record.ts';

const pki = createPki();

async function recordedHandshake(options: object): Promise<readonly TlsRecord[]> {
  await using server = await startTlsServer({ identity: pki.server(), ALPNProtocols: ['one', 'two'] });
  return (await attemptHandshake(server, { identity: pki.client(), ALPNProtocols: ['two', 'one'], ...options })).records;
}

describe('the hellos of a real handshake', () => {
  test('say in TLS 1.3 what was offered and what was chosen', async () => {
    const records = await recordedHandshake({ ecdhCurve: 'P-384' });

    expect(clientHelloOf(records)).toMatchObject({
      random: expect.stringMatching(/^[0-9a-f]{64}$/u),
      servername: 'localhost',
      alpnProtocols: ['two', 'one'],
      versions: ['TLSv1.3', 'TLSv1.2'],
    });
    expect(serverHelloOf(records)).toMatchObject({ version: 'TLSv1.3', group: 'secp384r1' });
  });

  test('say in TLS 1.2 the same', async () => {
    const records = await recordedHandshake({ maxVersion: 'TLSv1.2', ecdhCurve: 'P-256' });

    expect(clientHelloOf(records)).toMatchObject({ versions: ['TLSv1.2'] });
    expect(serverHelloOf(records)).toMatchObject({ version: 'TLSv1.2', group: 'secp256r1' });
  });

  test('count the second ClientHello and the true ServerHello where the server asked to try again', async () => {
    await using server = await startTlsServer({ identity: pki.server(), ecdhCurve: 'P-521' });
    // The client's first key share is of a group that the server does not take.
    const { records } = await attemptHandshake(server, { identity: pki.client(), ecdhCurve: 'X25519:P-521' });

    expect(records.filter(({ sentBy, type }) => sentBy === 'client' && type === 'handshake')).toHaveLength(2);
    expect(serverHelloOf(records)).toMatchObject({ version: 'TLSv1.3', group: 'secp521r1' });
  });
});

describe('bytes of any kind', () => {
  let bytes: { readonly sentBy: 'client' | 'server'; readonly data: Buffer }[] = [];

  beforeAll(async () => {
    const records = await recordedHandshake({ maxVersion: 'TLSv1.2' });
    bytes = (['client', 'server'] as const).map((sentBy) => ({
      sentBy,
      data: Buffer.concat(
        records
          .filter((record) => record.sentBy === sentBy)
          .flatMap(({ type, fragment }) => [
            Buffer.from([type === 'handshake' ? 22 : 20, 3, 3, fragment.length >> 8, fragment.length & 255]),
            fragment,
          ]),
      ),
    }));
  });

  test('cut off anywhere, are read as far as they go', () => {
    for (const { sentBy, data } of bytes)
      for (let length = 0; length <= data.length; length += 1) {
        const records = recordsOf([{ sentBy, atMs: 0, bytes: data.subarray(0, length) }]);

        expect(() => [clientHelloOf(records), serverHelloOf(records)]).not.toThrow();
      }
  });

  test('changed anywhere, are read without an error', () => {
    let seed = 20_261_123;
    const random = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;
    for (let round = 0; round < 5000; round += 1) {
      const { sentBy, data } = bytes[round % 2] ?? { sentBy: 'client', data: Buffer.alloc(0) };
      const changed = Buffer.from(data);
      for (let change = 0; change < 4; change += 1) changed[random(changed.length)] = random(256);
      const records = recordsOf([{ sentBy, atMs: 0, bytes: changed }]);

      expect(() => [clientHelloOf(records), serverHelloOf(records)]).not.toThrow();
    }
  });
});
