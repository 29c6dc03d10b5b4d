import { connect } from 'amqplib';
import { MtlsRabbitmq } from 'mtls-fixtures/containers';
import { expect, test } from 'mtls-fixtures/vitest';
import { describe } from 'vitest';
import { imageOf, lacksImages } from '../containers/images.ts';

const image = imageOf('rabbitmq');

describe.skipIf(await lacksImages(['rabbitmq']))('RabbitMQ in the cookbook', () => {
  // #region rabbitmq
  test('the broker knows its users by their certificates', async ({ pki }) => {
    await using rabbitmq = await new MtlsRabbitmq(image).withPki(pki).withUsername('orders').start();

    const connection = await connect(rabbitmq.getUrl(), rabbitmq.clientOptions()); // as "orders", without a password
    const channel = await connection.createChannel();
    await channel.assertQueue('new', { exclusive: true });
    channel.sendToQueue('new', Buffer.from('42'));
    const message = await channel.get('new', { noAck: true });
    await connection.close();

    const without = connect(rabbitmq.getUrl(), rabbitmq.clientOptions({ ca: pki.anchors }));

    expect(message && message.content.toString()).toBe('42');
    await expect(without).toFailHandshake({ by: 'server', alert: 'certificate_required' });
  });
  // #endregion
});
