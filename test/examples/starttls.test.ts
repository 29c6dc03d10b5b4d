import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { attemptHandshake, createPki } from 'mtls-fixtures';
import { expect, onTestFinished, test } from 'vitest';

const pki = createPki();

test('the mail server wants a client certificate', async () => {
  const port = await startMailServer();

  // #region attempt
  const mail = { host: 'localhost', port, starttls: 'smtp' } as const;

  expect(await attemptHandshake(mail, { identity: pki.client('relay') })).toBeAccepted();
  expect(await attemptHandshake(mail, { trust: pki })).toBeRejected({ by: 'server', alert: 'certificate_required' });
  // #endregion
});

async function startMailServer(): Promise<number> {
  const server = new SMTPServer({ ...pki.server().serverTls, authOptional: true, logger: false });
  server.on('error', () => {}); // emitted for each rejected client
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return new Promise((resolve) => {
    const listener = server.listen(0, 'localhost', () => resolve((listener.address() as AddressInfo).port)); // it listens on TCP
  });
}
