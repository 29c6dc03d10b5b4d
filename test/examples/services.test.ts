import { createPki } from 'mtls-fixtures';
import { MtlsMariadb, MtlsMosquitto, MtlsRedis } from 'mtls-fixtures/containers';
import { expect, test } from 'mtls-fixtures/vitest';
import { Redis } from 'ioredis';
import { connectAsync } from 'mqtt';
import { createConnection } from 'mysql2/promise';
import { describeWithImages, imageOf } from '../containers/images.ts';

const images = { mariadb: imageOf('mariadb'), redis: imageOf('redis'), mosquitto: imageOf('mosquitto') };

await describeWithImages('the cookbook of services', ['mariadb', 'redis', 'mosquitto'], () => {
  test('mysql2', async () => {
    // #region mysql2
    const pki = createPki();
    await using mariadb = await new MtlsMariadb(images.mariadb).withPki(pki).start();

    const connection = await createConnection(mariadb.clientOptions());
    await connection.query('select 1');
    await connection.end();

    const expired = createConnection(mariadb.clientOptions(pki.client('test', { notAfter: new Date(0) })));
    await expect(expired).toFailHandshake({ by: 'server', alert: 'certificate_expired' });

    const anonymous = createConnection(mariadb.clientOptions({ ca: pki.anchors })); // accepted by TLS, rejected by the login
    await expect(anonymous).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
    // #endregion
  });

  test('ioredis', async () => {
    // #region ioredis
    const pki = createPki();
    await using server = await new MtlsRedis(images.redis).withPki(pki).start();
    const once = { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 };

    const redis = new Redis({ ...server.clientOptions(), ...once });
    await redis.connect();
    await redis.quit();

    const anonymous = { ca: pki.anchors, maxVersion: 'TLSv1.2' } as const;
    const refused = new Redis({ ...server.clientOptions(anonymous), ...once });
    const reason = new Promise((_, reject) => refused.once('error', reject)); // only the event has the reason
    refused.connect().catch(() => refused.disconnect());
    await expect(reason).toFailHandshake({ by: 'server', alert: 'handshake_failure' });
    // #endregion
  });

  test('mqtt', async () => {
    // #region mqtt
    const pki = createPki();
    await using mosquitto = await new MtlsMosquitto(images.mosquitto).withPki(pki).start();

    const client = await connectAsync(mosquitto.getUrl(), mosquitto.clientOptions(), false);
    await client.publishAsync('topic', 'hello');
    await client.endAsync();

    const refused = connectAsync(mosquitto.getUrl(), mosquitto.clientOptions({ ca: pki.anchors }), false);
    await expect(refused).toFailHandshake({ by: 'server', alert: 'certificate_required' });
    // #endregion
  });
});
