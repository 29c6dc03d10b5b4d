import { expect as plainExpect } from 'vitest';
import { attemptHandshake } from '../../src/index.ts';
import { expect, test } from '../../src/vitest/index.ts';

test('the set-up file adds the matchers to plain expect', async ({ server, client }) => {
  plainExpect(await attemptHandshake(server, { identity: client })).toBeAccepted();
});

test('the matchers on a handshake stand for one in an expected value', async ({ server, pki, client }) => {
  const accepted = await attemptHandshake(server, { identity: client });
  const rejected = await attemptHandshake(server, { identity: pki.client('old', { notAfter: new Date(Date.now() - 60_000) }) });

  plainExpect([accepted, rejected]).toEqual([
    expect.toBeAccepted(),
    expect.toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' }),
  ]);
  plainExpect({ rejected }).toEqual({ rejected: plainExpect.not.toBeAccepted() });
  plainExpect({ rejected }).not.toEqual({ rejected: plainExpect.toBeRejected({ reason: 'CERT_REVOKED' }) });
  plainExpect([accepted, rejected]).toContainEqual(expect.toHaveClientCertificate({ commonName: expect.stringMatching(/^ol/u) }));
  plainExpect([accepted]).not.toContainEqual(expect.toHaveClientCertificate({ commonName: 'old' }));
});
