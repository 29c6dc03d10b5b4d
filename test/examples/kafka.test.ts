import { Producer, stringSerializers } from '@platformatic/kafka';
import { attemptHandshake } from 'mtls-fixtures';
import { MtlsKafka } from 'mtls-fixtures/containers';
import { expect, test } from 'mtls-fixtures/vitest';
import { describeWithPublicImage } from '../containers/public-image.ts';

await describeWithPublicImage('apache/kafka:4.1.0', () => {
  // #region kafka
  test('the broker accepts no client without a certificate', async ({ pki }) => {
    await using kafka = await new MtlsKafka().withPki(pki).start();

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
    expect(without).toBeRejected({ by: 'server', alert: 'bad_certificate' });
  });
  // #endregion
});
