import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientCredential } from '../../../src/containers/mtls-container.ts';
import { MtlsRedis, type StartedMtlsRedis } from '../../../src/containers/services/redis.ts';
import { createPki } from '../../../src/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';
import { imageOf, lacksImages } from '../images.ts';
import { listeningPorts } from '../listening-ports.ts';
import { testRefusedClients, testUntrustedService, testWithoutCrls } from './refusals.ts';

const pki = createPki();

describe.skipIf(await lacksImages(['redis']))('Redis', () => {
  let redis: StartedMtlsRedis;
  beforeAll(async () => {
    redis = await new MtlsRedis(imageOf('redis')).withPki(pki).start();
  });
  afterAll(() => redis?.stop());

  test('keeps a value for a client of its PKI, and opens no port without TLS', async () => {
    const value = await roundTrip(redis, pki.client('alice'));

    expect(value).toBe('a value');
    expect(await listeningPorts(redis)).toEqual([6379]);
  });

  testRefusedClients(pki, [(tls) => roundTrip(redis, tls)]);
  testUntrustedService(pki, [(tls) => roundTrip(redis, tls)]);

  describeServerUnderTest('Redis', { attempt: (tls) => roundTrip(redis, tls) }, { pki, stack: 'openssl' });
});

testWithoutCrls('Redis checks no CRLs', (given) => new MtlsRedis('none').withPki(given).withCredential({ crl: true }).start());

/** ioredis reports why it lost a connection in its event `error` only; its promises only say that it closed. */
async function roundTrip(redis: StartedMtlsRedis, credential: ClientCredential): Promise<string | null> {
  const client = new Redis({ ...redis.clientOptions(credential), lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
  let reason: unknown;
  client.on('error', (error) => {
    reason ??= error;
  });
  try {
    await client.connect();
    await client.set('key', 'a value');
    return await client.get('key');
  } catch (error) {
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
}
