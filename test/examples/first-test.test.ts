import { attemptHandshake } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';

test('the server rejects an expired client', async ({ pki, server, client }) => {
  await expect(server).toAccept(client);

  const expired = pki.client('bob', { notAfter: new Date(Date.now() - 60_000) });
  const handshake = await attemptHandshake(server, { identity: expired });
  expect(handshake).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' });
});
