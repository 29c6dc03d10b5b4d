import { describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, type Handshake, type Pki } from '../../src/index.ts';
import { inParallel } from './in-parallel.ts';
import { serverKinds } from './servers.ts';
import { patience, sized } from './size.ts';

const rotations = sized({ sample: 12, soak: 400 });
const perRotation = 6;

describe('while clients connect without a pause', { timeout: patience }, () => {
  test.for(serverKinds)('a rotated identity is the old one or the new one, and no client is rejected (%s)', async ([, start]) => {
    const pki = createPki();
    await using server = await start(pki, { maxHandshakes: 50 });
    const client = pki.client('good');
    const presented = [server.identity?.certificate.fingerprint256];

    await inParallel(rotations * perRotation, 8, async (index) => {
      if (index % perRotation === 0) {
        const identity = pki.server();
        server.rotate({ identity });
        presented.push(identity.certificate.fingerprint256);
      }
      const before = presented.length - 1;
      const handshake = await attemptHandshake(server, { identity: client });
      const after = presented.length;

      expect(handshake).toBeAccepted();
      // One of those that were in force between the beginning and the end of this handshake.
      expect(presented.slice(before, after)).toContain(handshake.serverCertificate?.fingerprint256);
    });
  });

  test.for(serverKinds)('rotated anchors let in the clients of the old ones or of the new ones (%s)', async ([, start]) => {
    const [old, next] = [createPki({ name: 'old' }), createPki({ name: 'new' })];
    await using server = await start(old, { maxHandshakes: 50 });
    const [ofOld, ofNext] = [old.client('old'), next.client('new').trusting(old)];
    const verdicts = { old: [] as string[], new: [] as string[] };
    const connect = async (): Promise<void> => {
      const [first, second] = await Promise.all([attempt(ofOld), attempt(ofNext)]);
      verdicts.old.push(first.verdict);
      verdicts.new.push(second.verdict);
    };
    const attempt = (identity: ReturnType<Pki['client']>): Promise<Handshake> => attemptHandshake(server, { identity });

    await inParallel(20, 4, connect);
    server.rotate({ trust: next.anchors });
    await inParallel(20, 4, connect);

    expect(verdicts.old).toEqual([...Array(20).fill('accepted'), ...Array(20).fill('rejected')]);
    expect(verdicts.new).toEqual([...Array(20).fill('rejected'), ...Array(20).fill('accepted')]);
  });

  test.for(serverKinds)('a rotated CRL rejects the revoked client from then on, and no other (%s)', async ([, start]) => {
    const pki = createPki();
    await using server = await start(pki, { maxHandshakes: 50 });
    const clients = Array.from({ length: 10 }, (_, index) => pki.client(`client ${index}`));

    for (const [revoked, identity] of clients.entries()) {
      pki.issuer.revoke(identity);
      server.rotate({ crl: pki.crls() });
      await inParallel(clients.length, 5, async (index) => {
        const attempted = clients[index];
        const handshake = await attemptHandshake(server, attempted ? { identity: attempted } : {});

        expect(handshake).toMatchObject(index <= revoked ? { rejectedBy: 'server', reason: 'CERT_REVOKED' } : { verdict: 'accepted' });
      });
    }
  });
});
