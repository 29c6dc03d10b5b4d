import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, startTlsServer } from '../../../src/index.ts';
import { pki, plainServer, tcpServer } from './unobserved-servers.ts';

const expired = pki.client('old', { notAfter: new Date(Date.now() - 60_000) });

describe('against a server that is not observed', () => {
  test.for([
    ['TLSv1.3', 'session-ticket'],
    ['TLSv1.2', 'server-finished'],
  ] as const)('a good client is accepted over %s, known by %s', async ([version, evidence]) => {
    await using server = await plainServer();

    const handshake = await attemptHandshake(server, { identity: pki.client(), minVersion: version, maxVersion: version });

    expect(handshake).toMatchObject({ verdict: 'accepted', evidence, protocol: version });
    expect(handshake).toHaveServerCertificate({ commonName: 'localhost' });
  });

  test('data of the server is evidence of acceptance', async () => {
    await using server = await plainServer({}, (socket) => socket.write('welcome'));

    expect(await attemptHandshake(server, { identity: pki.client() })).toMatchObject({ verdict: 'accepted', evidence: 'application-data' });
  });

  test('a TLS 1.3 server that says nothing at all is accepted by silence, and the handshake says so', async () => {
    await using server = await plainServer();
    await using silent = await tcpServer((socket) => muffle(socket, server.port));

    const handshake = await attemptHandshake(silent, { identity: pki.client(), quietPeriod: 60 });

    expect(handshake).toMatchObject({ verdict: 'accepted', evidence: 'quiet' });
    expect(handshake.explain()).toContain('weak evidence');
  });

  test.for(['TLSv1.3', 'TLSv1.2'] as const)(
    'plain Node rejects without an alert over %s: the server, reason unknown, known by its silence',
    async (version) => {
      await using server = await plainServer();

      const control = await attemptHandshake(server, { identity: pki.client(), minVersion: version, maxVersion: version });
      const rejected = await attemptHandshake(server, { identity: expired, minVersion: version, maxVersion: version });

      expect(control).toBeAccepted();
      expect(rejected).toBeRejected({ by: 'server' });
      expect(rejected.reason).toBeUndefined();
      expect(rejected.alert).toBeUndefined();
      expect(['closed', 'reset']).toContain(rejected.evidence);
      expect(rejected.explain()).toContain('without an alert');
    },
  );

  test.for([
    ['TLSv1.3', 'certificate_required'],
    ['TLSv1.2', 'handshake_failure'],
  ] as const)('a missing certificate over %s is reported by the alert %s', async ([version, alert]) => {
    await using server = await plainServer();

    const rejected = await attemptHandshake(server, { trust: pki, minVersion: version, maxVersion: version });

    expect(rejected).toBeRejected({ by: 'server', alert });
    expect(rejected.evidence).toBe('alert');
  });

  test.for([
    ['TLSv1.3', 'a session ticket'],
    ['TLSv1.2', 'its Finished'],
  ] as const)(
    'a server that completes the handshake over %s and closes the connection before any data has rejected the client',
    async ([version, sign]) => {
      // One turn later: a server of Node 22 and 24 that ends in the same turn sends no ticket (measured).
      await using server = await plainServer({}, (socket) => void setImmediate(() => socket.end()));
      await using staying = await plainServer();
      const options = { identity: pki.client(), minVersion: version, maxVersion: version };

      expect(await attemptHandshake(staying, options)).toBeAccepted();
      const handshake = await attemptHandshake(server, options);

      expect(handshake).toBeRejected({ by: 'server' });
      expect(handshake).toMatchObject({
        evidence: 'closed',
        detail: `the server completed the handshake (it had sent ${sign}), then closed the connection`,
      });
    },
  );

  test.for(['TLSv1.3', 'TLSv1.2'] as const)(
    'a server that sends data over %s before it closes the connection has accepted',
    async (version) => {
      await using server = await plainServer({}, (socket) => socket.end('220 ready'));

      expect(await attemptHandshake(server, { identity: pki.client(), minVersion: version, maxVersion: version })).toMatchObject({
        verdict: 'accepted',
        evidence: 'application-data',
      });
    },
  );

  test.for(['TLSv1.3', 'TLSv1.2'] as const)('a client whose own check refuses over %s is the one that rejects', async (version) => {
    await using server = await plainServer();
    await using observed = await startTlsServer({ identity: pki.server() });
    const options = { identity: pki.client(), minVersion: version, maxVersion: version };
    const pinned = new Error('the pin does not match');
    const checks = [
      () => pinned,
      () => {
        throw pinned;
      },
      () => Object.assign(new Error('the pin does not match'), { code: 'ERR_PIN' }),
    ];

    for (const target of [server, observed]) {
      expect(await attemptHandshake(target, { ...options, checkServerIdentity: () => undefined })).toBeAccepted();
      for (const [index, checkServerIdentity] of checks.entries())
        expect(await attemptHandshake(target, { ...options, checkServerIdentity })).toMatchObject({
          verdict: 'rejected',
          rejectedBy: 'client',
          evidence: 'client-observed',
          reason: index === 2 ? 'ERR_PIN' : 'APPLICATION_VERIFICATION',
          detail: 'the pin does not match',
        });
    }
  });

  test('a server of another authority is rejected by the client', async () => {
    await using server = await plainServer();

    expect(await attemptHandshake(server, { identity: pki.client() })).toBeAccepted();
    expect(await attemptHandshake(server, { identity: pki.client(), trust: createPki() })).toBeRejected({
      by: 'client',
      reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    });
  });

  test('the address is verified where no name is asked for', async () => {
    await using server = await plainServer();
    await using elsewhere = await plainServer(pki.server({ dns: 'localhost' }).tls);

    expect(await attemptHandshake(server, { identity: pki.client(), servername: '127.0.0.1' })).toBeAccepted();
    expect(await attemptHandshake(elsewhere, { identity: pki.client(), servername: '127.0.0.1' })).toBeRejected({
      by: 'client',
      reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });
});

/** Passes the first flight of the server on and nothing that follows it: a server without tickets that waits for the client to speak. */
function muffle(client: net.Socket, port: number): void {
  const upstream = net.connect(port, '127.0.0.1');
  upstream.on('error', () => {});
  client.on('close', () => upstream.destroy());
  client.pipe(upstream);
  let clientSpoke = 0;
  client.on('data', () => (clientSpoke += 1));
  upstream.on('data', (data) => {
    if (clientSpoke < 2) client.write(data);
  });
}
