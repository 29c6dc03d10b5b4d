import { afterAll, beforeAll, expect, test } from 'vitest';
import { attemptHandshake, createPki, identityFromPem, type ObservedServer, startTlsServer } from '../../src/index.ts';
import { membersOf } from './interface-members.ts';
import { type Call, neighborsOf, settled, takenOf } from './misspelled-options.ts';

const pki = createPki();
const client = pki.client();
let server: ObservedServer;
beforeAll(async () => {
  server = await startTlsServer({ pki });
});
afterAll(() => server.close());

test('refuses what one edit makes of the fields of an endpoint, and options of the attempt in it', async () => {
  const fields = membersOf('src/handshake/attempt/attempt-options.ts', 'Endpoint');
  const { host, port } = server;
  const trust = pki;
  const full = { host, port };

  expect(await settled(() => attemptHandshake({ ...full, servername: 'localhost' }, { trust }), {})).toBe('taken');
  expect(fields).toEqual(['host', 'port', 'servername', 'starttls']);
  for (const name of fields) {
    const wrong = neighborsOf(name);
    const call: Call = (options) => {
      const others: object = { ...full, ...options };
      const target = Object.fromEntries(Object.entries(others).filter(([each]) => each !== name || !(name in full)));
      return attemptHandshake(target as never, { trust });
    };
    expect(await takenOf(call, wrong, 'any')).toEqual([]);
  }
  expect(
    await takenOf((options) => attemptHandshake({ ...full, ...options }, { trust }), ['crl', 'trust', 'timeout', 'maxVersion']),
  ).toEqual([]);
});

test('refuses what one edit makes of the fields of a PEM identity, and takes what other tools add', () => {
  const { key, cert, ca } = client.tls;
  const given = { key, cert, ca };

  expect(identityFromPem({ ...given, fingerprint: 'aa' } as never).name).toBe(client.name);
  for (const name of ['pasphrase', 'passphrsae', 'passphrases'])
    expect(() => identityFromPem({ ...given, [name]: 'secret' })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});
