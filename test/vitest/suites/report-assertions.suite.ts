import { createPki } from '../../../src/index.ts';
import { expect, test } from '../../../src/vitest/index.ts';

const partner = createPki({ name: 'partner' });

test('orders are for clients of our CA', async ({ server, client }) => {
  await expect(server).toAccept(client);
  await expect(server).toReject(partner.client('partner'));
  await expect(server).toReject();
});
