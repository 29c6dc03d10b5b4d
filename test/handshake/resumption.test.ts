import { randomBytes } from 'node:crypto';
import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, type Identity, type ObservedServer, startTlsServer } from '../../src/index.ts';

/** What Node.js makes of sessions, measured on 26.10 (OpenSSL 3.5.8): also where it accepts what RFC 8446 4.6.1 and RFC 5077 5.5 advise against. */
const pki = createPki({ name: 'resumption' });
const other = createPki({ name: 'another anchor' });

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (version) => {
  const only = { minVersion: version, maxVersion: version } as const;

  test('an unchanged server resumes the session of an authenticated client', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const identity = pki.client('alice');

    const handshake = await attemptHandshake(server, { identity, session: await sessionOf(server, identity), ...only });

    expect(handshake).toMatchObject({ verdict: 'accepted', resumed: true, clientAuthenticated: true });
    expect(handshake.clientCertificate?.commonName).toBe('alice');
  });

  test('the identity comes out of the session, though no certificate is presented', async () => {
    await using server = await startTlsServer({ identity: pki.server() });

    const handshake = await attemptHandshake(server, { session: await sessionOf(server, pki.client('alice')), ...only });

    expect(handshake).toMatchObject({ verdict: 'accepted', resumed: true, clientAuthenticated: true });
    expect(handshake.clientCertificate?.commonName).toBe('alice');
  });

  test('a session does not outlive the rotation of the trust anchors', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const identity = pki.client();
    const session = await sessionOf(server, identity);
    server.rotate({ trust: other });

    const handshake = await attemptHandshake(server, { identity, session, trust: pki, ...only });

    expect(handshake).toMatchObject({
      verdict: 'rejected',
      rejectedBy: 'server',
      reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      resumed: false,
    });
  });

  test('a session does not outlive a CRL that is rotated in', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const revoking = createPki({ name: 'revoking' });
    const identity = revoking.client();
    server.rotate({ trust: revoking });
    const session = await sessionOf(server, identity);
    revoking.issuer.revoke(identity);
    server.rotate({ crl: revoking.crls() });

    const handshake = await attemptHandshake(server, { identity, session, trust: pki, ...only });

    expect(handshake).toMatchObject({ verdict: 'rejected', rejectedBy: 'server', reason: 'CERT_REVOKED', resumed: false });
  });

  test('with ticket keys of its own, a server accepts sessions from before a rotation, which it should not', async () => {
    await using server = await startTlsServer({ identity: pki.server(), ticketKeys: randomBytes(48) });
    const identity = pki.client();
    const session = await sessionOf(server, identity);
    server.rotate({ trust: other });

    const full = await attemptHandshake(server, { identity, trust: pki, ...only });
    const resumed = await attemptHandshake(server, { identity, session, trust: pki, ...only });

    expect(full).toMatchObject({ verdict: 'rejected', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    expect(resumed).toMatchObject({ verdict: 'accepted', resumed: true, clientAuthenticated: true });
  });

  test('servers that share ticket keys share sessions though they trust different anchors, which they should not', async () => {
    const ticketKeys = randomBytes(48);
    await using first = await startTlsServer({ identity: pki.server(), ticketKeys });
    await using second = await startTlsServer({ identity: pki.server(), ticketKeys, trust: other });
    const identity = pki.client('alice');
    const session = await sessionOf(first, identity);

    const full = await attemptHandshake(second, { identity, trust: pki, ...only });
    const resumed = await attemptHandshake(second, { identity, session, trust: pki, ...only });
    const anonymous = await attemptHandshake(second, { session, trust: pki, ...only });

    expect(full).toMatchObject({ verdict: 'rejected', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    expect([resumed, anonymous]).toMatchObject([
      { verdict: 'accepted', resumed: true },
      { verdict: 'accepted', resumed: true, clientAuthenticated: true },
    ]);
    expect(anonymous.clientCertificate?.commonName).toBe('alice');
  });

  test('a session of one name is not resumed by another whose context trusts another anchor', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const { key, cert } = pki.server().tls;
    server.server.addContext('other.test', { key, cert, ca: other.anchors });
    const identity = pki.client();
    const session = await sessionOf(server, identity);

    const handshake = await attemptHandshake(server, {
      identity,
      session,
      servername: 'other.test',
      checkServerIdentity: () => undefined,
      ...only,
    });

    expect(handshake).toMatchObject({ verdict: 'rejected', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', resumed: false });
  });

  // Node.js 22 takes the second connection of TLS 1.3 for authorized (nodejs/node#35317; measured on 22.23, and fixed in 24.21).
  const isPromoted = process.versions.node.startsWith('22.') && version === 'TLSv1.3';

  test(`a client without certificate is ${isPromoted ? 'authorized by its session, which it should not be' : 'not authorized by its session'}`, async () => {
    await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'request' });
    const authorized: boolean[] = [];
    server.server.on('secureConnection', (socket: tls.TLSSocket) => authorized.push(socket.authorized));
    const session = await sessionOf(server, undefined);

    const handshake = await attemptHandshake(server, { session, ...only });

    expect(handshake).toMatchObject({ verdict: 'accepted', resumed: true, clientAuthenticated: false });
    expect(authorized).toEqual([false, isPromoted]);
  });

  test("a session outlives the client's certificate, which it should not", async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const notAfter = new Date((Math.floor(Date.now() / 1000) + 3) * 1000);
    const identity = pki.client('alice', { notAfter });
    const session = await sessionOf(server, identity);
    let full = await attemptHandshake(server, { identity, ...only });
    while (full.verdict === 'accepted') full = await attemptHandshake(server, { identity, ...only });

    const resumed = await attemptHandshake(server, { identity, session, ...only });

    expect(full).toMatchObject({ verdict: 'rejected', reason: 'CERT_HAS_EXPIRED' });
    expect(resumed).toMatchObject({ verdict: 'accepted', resumed: true, clientAuthenticated: true });
  });

  test('a client resumes with a server that it no longer trusts, which it should not', async () => {
    await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'none' });
    const session = await sessionOf(server, undefined);

    const full = await attemptHandshake(server, { trust: other, ...only });
    const resumed = await attemptHandshake(server, { trust: other, session, ...only });

    expect(full).toMatchObject({ verdict: 'rejected', rejectedBy: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    expect(resumed).toMatchObject({ verdict: 'accepted', resumed: true });
  });

  test('a client looks at the name of a server that it resumes with', async () => {
    await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'none' });
    const session = await sessionOf(server, undefined);

    const handshake = await attemptHandshake(server, { session, servername: 'other.test', ...only });

    expect(handshake).toMatchObject({ verdict: 'rejected', rejectedBy: 'client', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  test('a session that a client made without looking is refused once it looks', async () => {
    await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'none' });
    const session = await sessionOf(server, undefined, { ca: other.anchors, rejectUnauthorized: false });

    const handshake = await attemptHandshake(server, { session, ...only });

    expect(handshake).toMatchObject({ verdict: 'rejected', rejectedBy: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

  /** The session of one connection of plain node:tls. */
  function sessionOf({ host, port }: ObservedServer, identity: Identity | undefined, options: tls.ConnectionOptions = {}): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const own = identity && { key: identity.keyPem, cert: identity.chainPem };
      const socket = tls.connect({ host, port, servername: 'localhost', ca: pki.anchors, ...own, ...only, ...options });
      socket.once('session', (session) => {
        resolve(session);
        socket.end();
      });
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('no session came')));
    });
  }
});
