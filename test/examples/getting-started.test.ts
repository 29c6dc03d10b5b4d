import https from 'node:https';
import { once } from 'node:events';
import {
  attemptHandshake,
  createPki,
  identityFromPem,
  inspectCertificate,
  observe,
  restorePki,
  selfSignedIdentity,
  startHttpsServer,
  startTlsServer,
  writeFiles,
} from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';
import { Agent, fetch } from 'undici';

// #region first
test('the server accepts its clients, and no others', async ({ pki, server, client }) => {
  await expect(server).toAccept(client);
  await expect(server).toReject(undefined, { alert: 'certificate_required' }); // a client without a certificate

  const expired = pki.client('bob', { notAfter: new Date(Date.now() - 60_000) });
  const handshake = await attemptHandshake(server, { identity: expired });

  expect(handshake).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' });
  expect(handshake).toHaveClientCertificate({ commonName: 'bob' });
});
// #endregion

test('a PKI', () => {
  // #region pki
  const pki = createPki(); // a root, an issuing CA; EC P-256, valid for a day
  const server = pki.server({ dns: ['localhost', 'api.test'] });
  const alice = pki.client('alice', { uri: 'spiffe://example.test/alice' });

  // PEM strings for tls, https, undici, pg, ioredis, grpc-js and others
  const { key, cert, ca } = alice.tls;
  // #endregion

  expect([key, cert, ca].map((pem) => pem.slice(0, 15))).toEqual(['-----BEGIN PRIV', '-----BEGIN CERT', '-----BEGIN CERT']);
  expect(inspectCertificate(server.certificate).altNames.dns).toEqual(['localhost', 'api.test']);
});

test('a server', async () => {
  // #region server
  const pki = createPki();
  await using server = await startHttpsServer((_request, response) => response.end('hello'), { pki });

  const handshake = await attemptHandshake(server, { identity: pki.client('alice') });

  expect(handshake).toBeAccepted();
  expect(handshake).toHaveClientCertificate({ commonName: 'alice', extendedKeyUsage: ['clientAuth'] });
  // #endregion
});

test('bad clients', async () => {
  // #region bad-clients
  const pki = createPki({ name: 'shop' });
  await using server = await startTlsServer({ pki });

  const early = pki.client('early', { notBefore: new Date(Date.now() + 3_600_000) });
  await expect(server).toReject(early, { reason: 'CERT_NOT_YET_VALID', alert: 'bad_certificate' });

  const serverCertificate = pki.server();
  await expect(server).toReject(serverCertificate, { reason: 'INVALID_PURPOSE', alert: 'unsupported_certificate' });

  const impostor = createPki({ name: 'shop' }); // the same names, other keys
  await expect(server).toReject(impostor.client(), { reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', alert: 'unknown_ca' });

  await expect(server).toReject(await selfSignedIdentity(), { reason: 'DEPTH_ZERO_SELF_SIGNED_CERT', alert: 'unknown_ca' });
  // #endregion
});

test('revocation', async () => {
  // #region revocation
  const pki = createPki();
  const mallory = pki.client('mallory');
  await using server = await startTlsServer({ pki, crl: pki.crls() });
  await expect(server).toAccept(mallory);

  pki.issuer.revoke(mallory, 'keyCompromise');
  server.rotate({ crl: pki.crls() }); // the running server takes the new list

  await expect(server).toReject(mallory, { reason: 'CERT_REVOKED', alert: 'certificate_revoked' });
  // #endregion
});

test('a client of your own', async () => {
  // #region your-client
  const pki = createPki();
  await using server = await startHttpsServer((_request, response) => response.end('hello'), {
    identity: pki.server({ dns: 'other.test' }),
  });
  const dispatcher = new Agent({ connect: pki.client('alice').tls });

  await expect(fetch(server.url, { dispatcher })).toFailHandshake({ by: 'client', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' });

  const handshake = await server.nextHandshake(); // the server's record of the same handshake
  expect(handshake).toBeRejected({ by: 'client' });
  // #endregion
});

test('a server of your own', async () => {
  // #region your-server
  const pki = createPki();
  const server = https.createServer(pki.server().serverTls, (_request, response) => response.end('hello'));
  await using observed = observe(server, { pki }); // before or after it listens; its options and listeners stay as they are
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  await expect(observed).toReject(undefined, { reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE' });
  await expect(observed).toReject(createPki().client(), { alert: 'unknown_ca' }); // of another PKI
  // #endregion
});

test('an endpoint', async () => {
  const pki = createPki();
  await using server = await startTlsServer({ pki });
  const { port } = server;

  // #region endpoint
  const handshake = await attemptHandshake({ host: '127.0.0.1', port, servername: 'localhost' }, { identity: pki.client('alice') });

  expect(handshake).toBeAccepted();
  expect(handshake.evidence).toBe('session-ticket'); // how the verdict is known
  // #endregion
});

test('files and other processes', () => {
  // #region files
  const pki = createPki();
  using files = writeFiles(pki.server()); // key.pem (0600), cert.pem, ca.pem in a folder of their own; removed when the block ends
  const copy = restorePki(JSON.parse(JSON.stringify(pki.serialize()))); // for shards, workers, other processes

  expect(files.key).toMatch(/key\.pem$/u);
  expect(copy.anchors).toBe(pki.anchors);
  // #endregion
});

test('bring your own', async () => {
  const made = createPki().client('carol');
  const pem = { cert: made.chainPem, key: made.keyPem, ca: made.anchors };

  // #region bring-your-own
  const carol = identityFromPem({ cert: pem.cert, key: pem.key, ca: pem.ca }); // throws where the key is not the certificate's

  const { subject, notAfter, extendedKeyUsage } = inspectCertificate(carol.certificate);
  // #endregion

  expect(subject.text).toBe('CN=carol');
  expect(notAfter).toBeInstanceOf(Date);
  expect(extendedKeyUsage).toEqual(['clientAuth']);
});

test('an allow-list', async () => {
  // #region allow-list
  const pki = createPki();
  await using server = await startTlsServer({
    pki,
    verifyPeer: ({ spiffeId }) =>
      spiffeId === 'spiffe://example.test/alice' || `${spiffeId ?? 'a client without SPIFFE id'} is not on the list`,
  });

  await expect(server).toAccept(pki.client('alice', { uri: 'spiffe://example.test/alice' }));
  await expect(server).toReject(pki.client('bob', { uri: 'spiffe://example.test/bob' }), {
    reason: 'APPLICATION_VERIFICATION',
    alert: 'access_denied',
  });
  // #endregion
});
