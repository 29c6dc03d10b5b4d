import { Redis } from 'iovalkey';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientCredential } from '../../../src/containers/mtls-container.ts';
import { MtlsValkey, type StartedMtlsValkey } from '../../../src/containers/services/valkey.ts';
import { createPki } from '../../../src/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';
import { imageOf, lacksImages } from '../images.ts';
import { listeningPorts } from '../listening-ports.ts';
import { refusalTold } from '../refusal-told.ts';
import { testRefusedClients, testUntrustedService, testWithoutCrls } from './refusals.ts';

const pki = createPki();

describe.skipIf(await lacksImages(['valkey']))('Valkey', () => {
  let valkey: StartedMtlsValkey;
  beforeAll(async () => {
    valkey = await new MtlsValkey(imageOf('valkey')).withPki(pki).start();
  }, 60_000);
  afterAll(() => valkey?.stop());

  test('keeps a value for a client of its PKI, who is the default user, and opens no port without TLS', async () => {
    const answers = await withClient(valkey, pki.client('alice'), async (client) => {
      await client.set('key', 'a value');
      return [await client.get('key'), await client.call('ACL', 'WHOAMI')];
    });

    expect(answers).toEqual(['a value', 'default']);
    expect(await listeningPorts(valkey)).toEqual([6379]);
  });

  test('runs as a user other than root, the only one that can read the key', async () => {
    const { output: owner } = await valkey.exec(['stat', '-c', '%U %a', '/mtls/tls.key']);
    const { output: user } = await valkey.exec(['stat', '-c', '%U', '/proc/1']);

    expect([owner.trim(), user.trim()]).toEqual(['valkey 600', 'valkey']);
  });

  testRefusedClients(pki, [(tls) => ping(valkey, tls)]);
  testUntrustedService(pki, [(tls) => ping(valkey, tls)]);

  describeServerUnderTest('Valkey', { attempt: (tls) => ping(valkey, tls) }, { pki, stack: 'openssl' });
});

const fields = [
  { field: 'CN', alice: 'alice', bob: 'bob', clientOf: (name: string) => pki.client(name) },
  {
    field: 'URI',
    alice: 'spiffe://example.org/alice',
    bob: 'spiffe://example.org/bob',
    clientOf: (uri: string) => pki.client('a', { uri }),
  },
] as const;

for (const { field, alice, bob, clientOf } of fields) {
  describe.skipIf(await lacksImages(['valkey']))(`Valkey with users by ${field}`, () => {
    let valkey: StartedMtlsValkey;
    beforeAll(async () => {
      const users = { [alice]: '~* &* +@all', [bob]: '~* +get' };
      valkey = await new MtlsValkey(imageOf('valkey')).withPki(pki).withUsers(users, { field }).start();
    }, 60_000);
    afterAll(() => valkey?.stop());

    test('a certificate is the user that it names, with that user’s rights', async () => {
      expect(await withClient(valkey, valkey.client, whoAmI)).toBe(alice);
      expect(await withClient(valkey, clientOf(alice), whoAmI)).toBe(alice);
      expect(await withClient(valkey, clientOf(alice), (client) => client.set('key', 'of alice'))).toBe('OK');
      expect(await withClient(valkey, clientOf(bob), (client) => client.get('key'))).toBe('of alice');
      await expect(withClient(valkey, clientOf(bob), (client) => client.set('key', 'of bob'))).rejects.toThrow(/^NOPERM .* 'set'/u);
    });

    test('a valid certificate that names no user is rejected after the handshake', async () => {
      const attempt = withClient(valkey, clientOf(alice.replace('alice', 'carol')), whoAmI);

      await expect(attempt).rejects.toThrow('NOAUTH Authentication required.');
    });

    test('a certificate that has expired is rejected by TLS, whichever user it names', async () => {
      const expired = pki.client('alice', { uri: 'spiffe://example.org/alice', notAfter: new Date(0) });

      await expect(refusalTold(() => ping(valkey, expired))).toFailHandshake({ by: 'server', alert: 'certificate_expired' });
    });
  });
}

testWithoutCrls('Valkey checks no CRLs', (given) => new MtlsValkey('none').withPki(given).withCredential({ crl: true }).start());

test.for([
  [{}, 'users'],
  [{ default: '+@all' }, 'users'],
  [{ 'a b': '+@all' }, 'users'],
  [{ alice: '+@all\nuser mallory on +@all' }, 'alice'],
] as const)('users %j are rejected before anything starts', ([users, option]) => {
  const given = new MtlsValkey();

  expect(() => given.withUsers(users)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option }) }),
  );
  expect(() => given.withUsers({ alice: '~* +@all' })).not.toThrow();
});

function whoAmI(client: Redis): Promise<unknown> {
  return client.call('ACL', 'WHOAMI');
}

function ping(valkey: StartedMtlsValkey, credential: ClientCredential): Promise<unknown> {
  return withClient(valkey, credential, (client) => client.ping());
}

/** iovalkey reports why it lost a connection in its event `error` only; its promises only say that it closed. */
async function withClient<Answer>(
  valkey: StartedMtlsValkey,
  credential: ClientCredential,
  use: (client: Redis) => Promise<Answer>,
): Promise<Answer> {
  const options = { lazyConnect: true, enableReadyCheck: false, retryStrategy: () => null, maxRetriesPerRequest: 0 };
  const client = new Redis({ ...valkey.clientOptions(credential), ...options });
  let reason: unknown;
  client.on('error', (error) => {
    reason ??= error;
  });
  try {
    await client.connect();
    return await use(client);
  } catch (error) {
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
}
