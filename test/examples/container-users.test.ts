import { connect } from '@nats-io/transport-node';
import { MtlsNats } from 'mtls-fixtures/containers';
import { createPki } from 'mtls-fixtures';
import { describe, expect, test } from 'vitest';
import { imageOf, lacksImages } from '../containers/images.ts';

const natsImage = imageOf('nats');

describe.skipIf(await lacksImages(['nats']))('users by certificate', () => {
  // #region users
  test('a worker may read orders, and no other certificate may', async () => {
    const pki = createPki();
    const users = { clerk: { publish: 'orders.>' }, worker: { subscribe: 'orders.>' } };
    await using nats = await new MtlsNats(natsImage).withPki(pki).withUsers(users).start();

    const clerk = await connect(nats.clientOptions(pki.client('clerk')));
    const worker = await connect(nats.clientOptions(pki.client('worker')));
    const orders = worker.subscribe('orders.new', { max: 1 });
    await worker.flush();
    clerk.publish('orders.new', 'a table');
    for await (const order of orders) expect(order.string()).toBe('a table');
    await Promise.all([clerk.close(), worker.close()]);

    const unknown = connect(nats.clientOptions(pki.client('mallory'))); // accepted by TLS, rejected by NATS
    await expect(unknown).rejects.toThrow('Authorization Violation');
  });
  // #endregion
});
