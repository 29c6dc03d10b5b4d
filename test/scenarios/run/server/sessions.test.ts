import tls from 'node:tls';
import { expect, test } from 'vitest';
import { createPki, startTlsServer } from '../../../../src/index.ts';
import { obtainSession } from '../../../../src/scenarios/run/server/sessions.ts';

const pki = createPki();
const settings = { pki, version: 'TLSv1.3', timeout: 5000 } as never; // all that is looked at

test('a server that is slow to begin has its time for a session all the same', async () => {
  const identity = pki.server();
  const context = tls.createSecureContext(identity.tls);
  await using server = await startTlsServer({ identity, SNICallback: (_name, answer) => setTimeout(() => answer(null, context), 1200) });

  expect(await obtainSession(server, pki.client(), settings)).toBeInstanceOf(Buffer);
});
