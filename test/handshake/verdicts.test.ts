import { describe, expect, test } from 'vitest';
import {
  attemptHandshake,
  createPki,
  type Identity,
  type ObservedServer,
  selfSignedIdentity,
  startHttp2Server,
  startHttpsServer,
  startTlsServer,
} from '../../src/index.ts';

const pki = createPki({ name: 'verdicts' });
const impostor = createPki({ name: 'verdicts', intermediates: 0 });
const past = new Date(Date.now() - 60_000);
const future = new Date(Date.now() + 3_600_000);
const revoked = pki.client('mallory');
pki.issuer.revoke(revoked, 'keyCompromise');
const crl = pki.crls();

const servers = {
  tls: () => startTlsServer({ identity: pki.server(), crl }),
  https: () => startHttpsServer((_request, response) => response.end('hello'), { identity: pki.server(), crl }),
  http2: () => startHttp2Server((_request, response) => response.end('hello'), { identity: pki.server(), crl }),
} as const satisfies Record<string, () => Promise<ObservedServer>>;

/** Bad in exactly one way each. With a CRL set, Node reports an unknown issuer as a missing CRL, so untrusted clients have a test of their own. */
const badClients: readonly (readonly [string, () => Identity, string, string])[] = [
  ['an expired certificate', () => pki.client('old', { notAfter: past }), 'CERT_HAS_EXPIRED', 'certificate_expired'],
  ['a certificate that is not valid yet', () => pki.client('early', { notBefore: future }), 'CERT_NOT_YET_VALID', 'bad_certificate'],
  ["a server's certificate", () => pki.server(), 'INVALID_PURPOSE', 'unsupported_certificate'],
  ['a revoked certificate', () => revoked, 'CERT_REVOKED', 'certificate_revoked'],
];

describe.for(Object.keys(servers) as (keyof typeof servers)[])('a %s server', (kind) => {
  describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (version) => {
    const only = { minVersion: version, maxVersion: version };

    test.for(badClients)('rejects %s with its reason and alert, and accepts a good client', async ([, badClient, reason, alert]) => {
      await using server = await servers[kind]();

      const control = await attemptHandshake(server, { identity: pki.client('alice'), ...only });
      const rejected = await attemptHandshake(server, { identity: badClient(), ...only });

      expect(control).toBeAccepted();
      expect(control).toMatchObject({ protocol: version, evidence: 'server-observed', clientAuthenticated: true });
      expect(control).toHaveClientCertificate({ commonName: 'alice' });
      expect(control).toHaveServerCertificate({ commonName: 'localhost' });
      expect(rejected).toBeRejected({ by: 'server', reason, alert });
      expect(rejected).toMatchObject({
        protocol: version,
        evidence: 'server-observed',
        clientAuthenticated: false,
        alert: { sentBy: 'server' },
      });
      expect(rejected.clientCertificate?.serialNumber).toMatch(/^[0-9A-F]{32}$/u);
      expect(server.handshakes).toEqual([control, rejected]);
    });

    test('rejects a client without certificate', async () => {
      await using server = await servers[kind]();

      const rejected = await attemptHandshake(server, { trust: pki, ...only });

      const alert = version === 'TLSv1.3' ? 'certificate_required' : 'handshake_failure';
      expect(rejected).toBeRejected({ by: 'server', reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE', alert });
      expect(rejected.clientCertificate).toBeUndefined();
    });

    test.for([
      ['expired', { notAfter: past }, {}, 'CERT_HAS_EXPIRED'],
      ['for another host', { dns: 'other.test' }, {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
      ['of an authority it does not trust', {}, { trust: impostor }, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    ] as const)('is rejected by the client when its certificate is %s', async ([, leaf, options, reason]) => {
      await using server = await startTlsServer({ identity: pki.server(leaf) });

      const rejected = await attemptHandshake(server, { identity: pki.client('alice'), ...options, ...only });

      expect(rejected).toBeRejected({ by: 'client', reason });
      expect(rejected).toHaveServerCertificate({ issuer: expect.objectContaining({ commonName: 'verdicts issuing CA' }) });
      expect(rejected.alert).toBeUndefined();
    });
  });
});

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (version) => {
  const only = { minVersion: version, maxVersion: version };

  test('untrusted clients are distinguished by their reasons', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const attempt = (identity: Identity) => attemptHandshake(server, { identity: identity.trusting(pki), ...only });

    expect(await attempt(pki.client())).toBeAccepted();
    expect(await attempt(impostor.client())).toBeRejected({ by: 'server', reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', alert: 'unknown_ca' });
    expect(await attempt(createPki().client())).toBeRejected({
      by: 'server',
      reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      alert: 'unknown_ca',
    });
    expect(await attempt(await selfSignedIdentity())).toBeRejected({
      by: 'server',
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      alert: 'unknown_ca',
    });
  });

  test('a self-signed client without anchors of its own trusts the observed server, so that the server is the one to judge', async () => {
    await using server = await startTlsServer({ identity: pki.server() });

    const rejected = await attemptHandshake(server, { identity: await selfSignedIdentity(), ...only });

    expect(rejected).toBeRejected({ by: 'server', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  test('a silent server is still understood, and sends no alert', async () => {
    await using server = await startTlsServer({ identity: pki.server(), rejection: 'silent' });

    const rejected = await attemptHandshake(server, { identity: pki.client('old', { notAfter: past }), ...only });

    expect(rejected).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED' });
    expect(rejected.alert).toBeUndefined();
    expect(rejected.explain()).toMatch(
      version === 'TLSv1.3' ? /client API +secureConnect, then end of stream, no error/u : /client API +(ECONNRESET|end of stream)/u,
    );
  });

  test('the application may object to a verified client, and the alert is access_denied', async () => {
    await using server = await startTlsServer({
      identity: pki.server(),
      verifyPeer: ({ commonName }) => commonName === 'alice' || `${commonName} is not on the list`,
    });

    const accepted = await attemptHandshake(server, { identity: pki.client('alice'), ...only });
    const rejected = await attemptHandshake(server, { identity: pki.client('bob'), ...only });

    expect(accepted).toBeAccepted();
    expect(rejected).toBeRejected({ by: 'server', reason: 'APPLICATION_VERIFICATION', alert: 'access_denied' });
    expect(rejected.detail).toBe('bob is not on the list');
  });

  test('the client may object to a verified server', async () => {
    await using server = await startTlsServer({ identity: pki.server() });

    const rejected = await attemptHandshake(server, { identity: pki.client(), verifyPeer: () => 'not that one', ...only });

    expect(rejected).toBeRejected({ by: 'client', reason: 'APPLICATION_VERIFICATION' });
  });

  test('a verifyPeer that throws refuses', async () => {
    await using server = await startTlsServer({
      identity: pki.server(),
      verifyPeer: () => {
        throw new Error('lost the list');
      },
    });

    const rejected = await attemptHandshake(server, { identity: pki.client(), ...only });

    expect(rejected).toBeRejected({ by: 'server', reason: 'APPLICATION_VERIFICATION', alert: 'access_denied' });
    expect(rejected.detail).toContain('lost the list');
  });

  test('a server that only requests certificates accepts, and says what was wrong', async () => {
    await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'request' });

    const good = await attemptHandshake(server, { identity: pki.client(), ...only });
    const none = await attemptHandshake(server, { trust: pki, ...only });
    const old = await attemptHandshake(server, { identity: pki.client('old', { notAfter: past }), ...only });

    expect(good).toMatchObject({ verdict: 'accepted', clientAuthenticated: true });
    expect(none).toMatchObject({ verdict: 'accepted', clientAuthenticated: false });
    expect(none.clientCertificate).toBeUndefined();
    expect(none.authorizationError).toBeUndefined();
    expect(old).toMatchObject({ verdict: 'accepted', clientAuthenticated: false, authorizationError: 'CERT_HAS_EXPIRED' });
    expect(old).toHaveClientCertificate({ commonName: 'old' });
  });

  test('a server that asks for none gets none', async () => {
    await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'none' });

    const handshake = await attemptHandshake(server, { identity: pki.client(), ...only });

    expect(handshake).toMatchObject({ verdict: 'accepted', clientAuthenticated: false });
  });
});

test('versions that do not meet are a rejection by the server, with the alert protocol_version', async () => {
  await using server = await startTlsServer({ identity: pki.server(), minVersion: 'TLSv1.3' });

  expect(await attemptHandshake(server, { identity: pki.client() })).toBeAccepted();
  expect(await attemptHandshake(server, { identity: pki.client(), maxVersion: 'TLSv1.2' })).toBeRejected({
    by: 'server',
    reason: 'UNSUPPORTED_PROTOCOL',
    alert: 'protocol_version',
  });
});

test('application protocols that do not meet are a rejection by the server', async () => {
  await using server = await startTlsServer({ identity: pki.server(), ALPNProtocols: ['one'] });

  const control = await attemptHandshake(server, { identity: pki.client(), ALPNProtocols: ['one'] });
  const rejected = await attemptHandshake(server, { identity: pki.client(), ALPNProtocols: ['two'] });

  expect(control).toMatchObject({ verdict: 'accepted', alpn: 'one', servername: 'localhost' });
  expect(rejected).toBeRejected({ by: 'server', reason: 'NO_APPLICATION_PROTOCOL', alert: 'no_application_protocol' });
});

test('an SNICallback that fails is a rejection by the server, not by the client', async () => {
  await using server = await startTlsServer({ identity: pki.server(), SNICallback: (_name, done) => done(new Error('no such tenant')) });

  const rejected = await attemptHandshake(server, { identity: pki.client() });

  expect(rejected).toBeRejected({ by: 'server' });
  expect(rejected.explain()).toContain('no such tenant');
});
