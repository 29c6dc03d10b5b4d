import { describe, expect, test } from 'vitest';
import type { ServerFault } from '../../../src/faults/server/server-fault.ts';
import { startFaultServer } from '../../../src/faults/server/start-fault-server.ts';
import { attemptHandshake, createPki, type KeyAlgorithm } from '../../../src/index.ts';
import { callWithNode, only, versions } from '../node-peers.ts';

const corrupted = [{ kind: 'wrong-finished' }, { kind: 'wrong-certificate-verify' }] as const satisfies readonly ServerFault[];
/** RSA-PSS names whichever part of the padding it finds wrong first (RFC 8017 9.1.2), so the alert is what counts. */
const errorOf = { 'wrong-finished': /^ERR_SSL_DIGEST_CHECK_FAILED$/u, 'wrong-certificate-verify': /^ERR_SSL_/u } as const;
const algorithms: readonly KeyAlgorithm[] = ['ec-p256', 'ec-p384', 'ec-p521', 'ed25519', 'rsa-2048', 'rsa-pss-2048'];

describe.for(algorithms)('a real server with a key of %s', (keyAlgorithm) => {
  const pki = createPki({ keyAlgorithm, intermediates: 0 });
  const identity = pki.server();
  const client = pki.client().tls;

  describe.for(versions)('over %s', (version) => {
    test.for(corrupted)('shows %o, which is a decrypt_error', async (fault) => {
      await using server = await startFaultServer(fault, { identity });

      const view = await callWithNode(server, { ...client, ...only(version) });
      await server.connectionsEnded();

      expect(view.isSecured).toBe(false);
      expect(view.error).toMatch(errorOf[fault.kind]);
      expect(server).toMatchObject({ faultsShown: 1, alerts: [{ name: 'decrypt_error', code: 51, sentBy: 'client' }] });
    });

    test('is accepted where it is only slow', async () => {
      await using server = await startFaultServer({ kind: 'one-byte-at-a-time' }, { identity });

      const view = await callWithNode(server, { ...client, ...only(version) });

      expect(view).toMatchObject({ isSecured: true, data: expect.stringMatching(/whole$/u) });
    });
  });
});

const suites: readonly (readonly [string, KeyAlgorithm])[] = [
  ['TLS_AES_128_GCM_SHA256', 'ec-p256'],
  ['TLS_AES_256_GCM_SHA384', 'ec-p256'],
  ['TLS_CHACHA20_POLY1305_SHA256', 'ec-p256'],
  ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ec-p256'],
  ['ECDHE-ECDSA-AES256-GCM-SHA384', 'ec-p256'],
  ['ECDHE-ECDSA-CHACHA20-POLY1305', 'ec-p256'],
  ['ECDHE-RSA-AES128-GCM-SHA256', 'rsa-2048'],
  ['ECDHE-RSA-AES256-GCM-SHA384', 'rsa-2048'],
  ['ECDHE-RSA-CHACHA20-POLY1305', 'rsa-2048'],
];

test.for(suites)(
  'a Finished of %s is corrupted within its protection: a wrong MAC, not a broken record',
  async ([ciphers, keyAlgorithm]) => {
    const pki = createPki({ keyAlgorithm, intermediates: 0 });
    await using server = await startFaultServer({ kind: 'wrong-finished' }, { identity: pki.server() });
    const version = ciphers.startsWith('TLS_') ? 'TLSv1.3' : 'TLSv1.2';

    const view = await callWithNode(server, { ...pki.client().tls, ...only(version), ciphers });
    await server.connectionsEnded();

    expect(view.error).toBe('ERR_SSL_DIGEST_CHECK_FAILED');
    expect(server).toMatchObject({ faultsShown: 1, alerts: [{ name: 'decrypt_error' }] });
  },
);

describe('after a HelloRetryRequest', () => {
  const pki = createPki();
  const identity = pki.server();
  // The client's first key share is of a group that Node's servers do not take.
  const ecdhCurve = 'ffdhe4096:P-256';

  test.for(corrupted)('a real server still shows %o', async (fault) => {
    await using server = await startFaultServer(fault, { identity });

    const view = await callWithNode(server, { ...pki.client().tls, ecdhCurve });
    await server.connectionsEnded();

    expect(view.error).toMatch(errorOf[fault.kind]);
    expect(server).toMatchObject({ faultsShown: 1, alerts: [{ name: 'decrypt_error' }] });
  });

  test('there has been one, and a slow server is accepted', async () => {
    await using server = await startFaultServer({ kind: 'one-byte-at-a-time' }, { identity });

    const handshake = await attemptHandshake(server, { identity: pki.client(), ecdhCurve });

    expect(handshake).toBeAccepted();
    expect(handshake.records.filter(({ sentBy, type }) => sentBy === 'client' && type === 'handshake')).toHaveLength(2);
  });
});
