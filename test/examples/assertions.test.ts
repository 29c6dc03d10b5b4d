import { test } from 'vitest';
import { attemptHandshake, createPki, startTlsServer } from 'mtls-fixtures';
import { assertAccepted, assertHasClientCertificate, assertRejected, assertRejects } from 'mtls-fixtures/matchers';

// The same in node:test and Mocha: nothing here but `test` belongs to a test runner.
test('the server rejects an expired client', async () => {
  const pki = createPki();
  const expired = pki.client('bob', { notAfter: new Date(Date.now() - 60_000) });
  await using server = await startTlsServer({ pki });

  const accepted = await attemptHandshake(server, { identity: pki.client('alice') });
  assertAccepted(accepted);
  assertHasClientCertificate(accepted, { commonName: 'alice' });

  assertRejected(await attemptHandshake(server, { identity: expired }), { by: 'server', reason: 'CERT_HAS_EXPIRED' });
  await assertRejects(server, expired, { reason: 'CERT_HAS_EXPIRED' }); // tries a valid client first
});
