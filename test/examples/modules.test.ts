import { startTlsServer } from 'mtls-fixtures';
import { expect, test as base } from 'mtls-fixtures/vitest';
import { onTestFinished } from 'vitest';

// #region on-test-finished
base('the server is closed after the test', async ({ pki }) => {
  const server = await startTlsServer({ pki });
  onTestFinished(() => server.close());

  await expect(server).toAccept(pki.client('alice'));
});
// #endregion

// #region fixture
const test = base.extend('payments', async ({ pki }, { onCleanup }) => {
  const payments = await startTlsServer({ pki });
  onCleanup(() => payments.close());
  return payments;
});

test('payments are for clients', async ({ payments, client }) => {
  await expect(payments).toAccept(client);
});
// #endregion
