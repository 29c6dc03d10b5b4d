import { expect, test } from 'vitest';
import { createPki, startTlsServer } from '../../../../src/index.ts';
import { ReloadedServer } from '../../../../src/scenarios/run/reload/reloaded-server.ts';
import { runReloaded } from '../../../../src/scenarios/run/reload/run-reloaded.ts';

const pki = createPki();
const revoked = { kind: 'reloaded', change: 'crl', client: 'revoked' } as const;
const settings = { pki, version: 'TLSv1.3', timeout: 5000 } as const;

test.for([
  ['accepts', pki, /^not judged: Cannot reload the server under test/u],
  ['refuses', createPki({ name: 'another CA' }), /^not judged: the client was refused before it was revoked: /u],
] as const)('a server that never reloads and %s the client before it is revoked is not judged', async ([, trust, why]) => {
  const server = new ReloadedServer({ start: () => startTlsServer({ pki, trust }), reload: () => {}, within: 100 }, settings, 5000);
  await server.open();
  try {
    const seen = await runReloaded(revoked, server, { verdict: 'rejected', by: 'server', reason: 'CERT_REVOKED' });

    expect(seen).toMatchObject({ status: 'not-judged', message: expect.stringMatching(why) });
  } finally {
    await server.close();
  }
});
