import { Producer, stringSerializers } from '@platformatic/kafka';
import { attemptHandshake } from 'mtls-fixtures';
import { MtlsKafka } from 'mtls-fixtures/containers';
import { expect, test } from 'mtls-fixtures/vitest';
import { describe } from 'vitest';
import { imageOf, lacksImages } from '../containers/images.ts';

const image = imageOf('kafka');

describe.skipIf(await lacksImages(['kafka']))('Kafka in the cookbook', { timeout: 180_000 }, () => {
  // #region kafka
  test('the broker accepts no client without a certificate', async ({ pki }) => {
    await using kafka = await new MtlsKafka(image).withPki(pki).start();

    const producer = new Producer({
      ...kafka.clientOptions(), // of a valid client; also fits `new Kafka()` of kafkajs
      clientId: 'orders',
      serializers: stringSerializers,
      autocreateTopics: true,
    });
    const { offsets } = await producer.send({ messages: [{ topic: 'new', value: '42' }] });
    await producer.close();

    const without = await attemptHandshake({ host: kafka.getHost(), port: kafka.getPort() }, { trust: pki });

    expect(offsets?.[0]?.topic).toBe('new');
    expect(without).toBeRejected({ by: 'server', alert: 'certificate_required' });
  });
  // #endregion
});
