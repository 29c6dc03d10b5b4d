import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { attemptHandshake, createPki, startTlsServer } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';
import { onTestFinished } from 'vitest';

test('what both sides said', async () => {
  // #region messages
  const pki = createPki({ name: 'shop' });
  await using server = await startTlsServer({ pki });
  const handshake = await attemptHandshake(server, { identity: pki.client('alice') });

  const request = handshake.messages.find((message) => message.type === 'certificate_request');
  const sent = handshake.messages.find((message) => message.type === 'certificate' && message.sentBy === 'client');

  expect(request?.authorities.map(({ text }) => text)).toEqual(['O=mtls-fixtures, CN=shop root CA']); // the CAs that the server announces
  expect(sent).toMatchObject({ encrypted: true, certificates: [{}, {}] }); // the chain exactly as it was sent: leaf and intermediate
  // #endregion
});

test('a capture', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-example-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'refused.pcapng');
  const pki = createPki();
  await using server = await startTlsServer({ pki });
  // #region capture
  const refused = await attemptHandshake(server, { trust: pki });

  refused.writePcapng(file); // Wireshark opens it, already decrypted
  const keyLog = refused.keyLog(); // the same secrets, as SSLKEYLOGFILE has them
  const text = refused.explain({ masked: true }); // without times, dates and random names: for snapshots
  // #endregion
  expect(statSync(file).size).toBeGreaterThan(1000);
  expect(keyLog).toContain('SERVER_HANDSHAKE_TRAFFIC_SECRET');
  expect(text).toContain('alert certificate_required (116)');
});
