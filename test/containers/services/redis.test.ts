import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientCredential } from '../../../src/containers/mtls-container.ts';
import { MtlsRedis, type StartedMtlsRedis } from '../../../src/containers/services/redis.ts';
import { createPki } from '../../../src/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';
import { imageOf, lacksImages } from '../images.ts';
import { listeningPorts } from '../listening-ports.ts';
import { refusalTold } from '../refusal-told.ts';

const pki = createPki();
const others = createPki();
const oldest = { maxVersion: 'TLSv1.2' } as const;

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

  test.for([
    ['that is missing', { ca: pki.anchors }, 'certificate_required'],
    ['that is missing, TLS 1.2', { ca: pki.anchors, ...oldest }, 'handshake_failure'],
    ['that has expired', pki.client('a', { notAfter: new Date(0) }), 'certificate_expired'],
    ['that has expired, TLS 1.2', { ...pki.client('a', { notAfter: new Date(0) }).tls, ...oldest }, 'certificate_expired'],
    ['of another CA', others.client('a').trusting(pki), 'unknown_ca'],
    ['of another CA, TLS 1.2', { ...others.client('a').trusting(pki).tls, ...oldest }, 'unknown_ca'],
  ] as const)('rejects a certificate %s', async ([, credential, alert]) => {
    await expect(refusalTold(() => roundTrip(redis, credential))).toFailHandshake({ by: 'server', alert });
  });

  test('the client rejects it where it trusts another CA', async () => {
    const attempt = roundTrip(redis, pki.client().trusting(others));

    await expect(attempt).toFailHandshake({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

  describeServerUnderTest('Redis', { attempt: (tls) => roundTrip(redis, tls) }, { pki, stack: 'openssl' });
});

test('CRLs, which Redis does not check, are rejected before anything starts', async () => {
  const attempt = new MtlsRedis('none').withPki(pki).withCredential({ crl: true }).start();

  await expect(attempt).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining('Redis checks no CRLs'),
    facts: { option: 'crl' },
  });
});

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
