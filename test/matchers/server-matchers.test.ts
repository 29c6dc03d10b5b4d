import { once } from 'node:events';
import { createServer, type TlsOptions } from 'node:tls';
import { describe } from 'vitest';
import {
  attemptHandshake,
  createPki,
  identityFromPem,
  observe,
  type ObservedServer,
  type ObserveOptions,
  type Pki,
  startTlsServer,
} from '../../src/index.ts';
import { expect, test } from '../../src/vitest/index.ts';

const past = new Date(Date.now() - 60_000);

/** The message of an expectation that fails. */
async function messageOfAsync(failing: Promise<void>): Promise<string> {
  try {
    await failing;
  } catch (error) {
    return (error as Error).message; // matchers reject with errors
  }
  throw new Error('the expectation held');
}

describe('matchers on a server', () => {
  test('try the client they are given', async ({ pki, server, client }) => {
    await expect(server).toAccept(client);
    await expect(server).not.toAccept(pki.client('old', { notAfter: past }));
    await expect(server).not.toAccept();
    await expect(server).toReject();
    await expect(server).toReject(pki.client('old', { notAfter: past }), { reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' });
    await expect(server).toReject(undefined, { alert: 'handshake_failure', maxVersion: 'TLSv1.2' });
    await expect(server).not.toReject(client);
  });

  test('an untrusted client is rejected by the server, not by the client', async ({ server }) => {
    await expect(server).toReject(createPki().client(), { by: 'server', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', alert: 'unknown_ca' });
  });

  test('fail with the transcript', async ({ server, client }) => {
    const message = await messageOfAsync(expect(server).toReject(client, { reason: 'CERT_HAS_EXPIRED' }));

    expect(message).toContain('expected the client to be rejected by the server with reason CERT_HAS_EXPIRED; it was accepted');
    expect(message).toContain('server API');
  });

  test('a server that rejects every client proves nothing', async ({ pki }) => {
    await using closed = await startTlsServer({ identity: pki.server(), verifyPeer: () => 'closed today' });

    const message = await messageOfAsync(expect(closed).toReject(pki.client('old', { notAfter: past }), { reason: 'CERT_HAS_EXPIRED' }));

    expect(message).toMatch(/the control was rejected too: "control" \(.*\) was rejected by the server: APPLICATION_VERIFICATION/u);
    await expect(messageOfAsync(expect(closed).not.toReject(pki.client()))).resolves.toContain('the control was rejected too');
  });

  test('a control can be given where clients come from another authority', async ({ pki }) => {
    const clients = createPki();
    await using server = await startTlsServer({ identity: pki.server(), trust: clients });

    await expect(server).toReject(pki.client(), { control: clients.client(), reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    expect(await messageOfAsync(expect(server).toReject(pki.client()))).toContain('pass control');
  });

  test('report their misuse on another value', async ({ server }) => {
    await expect(messageOfAsync(expect('server').toAccept())).resolves.toContain('Cannot use toAccept on "string server"');
    // As JavaScript users may call it.
    await expect(messageOfAsync(expect(server).toReject('alice' as never))).resolves.toContain('Cannot use toReject on "string alice"');
  });
});

describe('the control of toReject, where none is given', () => {
  const withoutAuthority = async (): Promise<{ readonly pki: Pki; readonly server: ObservedServer }> => {
    const pki = createPki();
    const { chainPem, keyPem } = pki.server();
    return { pki, server: await startTlsServer({ identity: identityFromPem({ cert: chainPem, key: keyPem, ca: pki.anchors }) }) };
  };

  test('is the identity that toAccept saw accepted on that server, tried again', async () => {
    const { pki, server } = await withoutAuthority();
    const other = await withoutAuthority();
    const expired = pki.client('bob', { notAfter: past });

    expect(await messageOfAsync(expect(server).toReject(expired))).toContain('pass control');
    await expect(server).toAccept(pki.client('alice'));
    const before = server.handshakes.length;
    await expect(server).toReject(expired, { reason: 'CERT_HAS_EXPIRED' });

    expect(server.handshakes.slice(before).map(({ verdict, clientCertificate }) => [verdict, clientCertificate?.commonName])).toEqual([
      ['accepted', 'alice'],
      ['rejected', 'bob'],
    ]);
    expect(await messageOfAsync(expect(other.server).toReject(other.pki.client('bob', { notAfter: past })))).toContain('pass control');
    await server.close();
    await other.server.close();
  });

  test('is not one that was rejected, nor one that is rejected by now', async () => {
    const { pki, server } = await withoutAuthority();
    const alice = pki.client('alice');

    await expect(server).not.toAccept(pki.client('old', { notAfter: past }));
    expect(await messageOfAsync(expect(server).toReject(pki.client('bob', { notAfter: past })))).toContain('pass control');
    await expect(server).toAccept(alice);
    expect(await messageOfAsync(expect(server).toReject(alice))).toContain('pass control');
    server.rotate({ trust: createPki().anchors });
    expect(await messageOfAsync(expect(server).toReject(pki.client('bob', { notAfter: past })))).toContain(
      'the control was rejected too: "alice" (the identity that this server accepted last) was rejected by the server: UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    );
    await server.close();
  });

  test('is a client of another authority where that was accepted', async ({ pki }) => {
    const clients = createPki();
    await using server = await startTlsServer({ identity: pki.server(), trust: clients });

    await expect(server).toAccept(clients.client());
    await expect(server).toReject(pki.client(), { reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

  test('is one that attemptHandshake has seen accepted, also where the server did not say what it presents', async () => {
    const pki = createPki();
    await using server = await observedServer(pki.server().serverTls);

    expect(await attemptHandshake(server, { identity: pki.client('alice') })).toBeAccepted();
    await expect(server).toReject(undefined, { alert: 'certificate_required' });
    await expect(server).toReject(createPki().client(), { reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });

    expect(controlsOf(server)).toEqual(['alice', 'alice']);
  });

  test('is the one before where the last is to be rejected, or was revoked', async () => {
    const { pki, server } = await withoutAuthority();
    const [alice, mallory] = [pki.client('alice'), pki.client('mallory')];
    server.rotate({ crl: pki.crls() });
    for (const identity of [alice, mallory]) expect(await attemptHandshake(server, { identity })).toBeAccepted();

    pki.issuer.revoke(mallory);
    server.rotate({ crl: pki.crls() });
    const before = server.handshakes.length;
    await expect(server).toReject(mallory, { reason: 'CERT_REVOKED' });
    await expect(server).toReject(undefined, { reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE' });

    expect(server.handshakes.slice(before).map(({ verdict, clientCertificate }) => [verdict, clientCertificate?.commonName])).toEqual([
      ['accepted', 'alice'],
      ['rejected', 'mallory'],
      ['accepted', 'alice'],
      ['rejected', undefined],
    ]);
    await server.close();
  });

  test('gives way to a new client of the PKI where the server does not trust the one that it accepted any more', async ({ pki }) => {
    const other = createPki();
    await using server = await startTlsServer({ pki, trust: [pki.anchors, other.anchors] });
    await expect(server).toAccept(other.client('alice'));

    server.rotate({ trust: pki });
    const before = server.handshakes.length;
    await expect(server).toReject(other.client('bob'), { reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });

    expect(server.handshakes.slice(before).map(({ verdict, clientCertificate }) => [verdict, clientCertificate?.commonName])).toEqual([
      ['rejected', 'alice'],
      ['accepted', 'control'],
      ['rejected', 'bob'],
    ]);
  });

  test.for([
    ['startTlsServer', (pki: Pki) => startTlsServer({ pki, identity: createPki().server() })],
    ['observe', (pki: Pki) => observedServer(pki.server().serverTls, { pki })],
  ] as const)('is a client of the PKI that %s was given', async ([, start]) => {
    const clients = createPki();
    await using server = await start(clients);

    await expect(server).toReject(clients.client('bob', { notAfter: past }), { reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' });
    await expect(server).toReject(undefined, { reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE' });

    expect(await messageOfAsync(expect(server).toReject(clients.client()))).toMatch(
      /it was accepted\n[\s\S]*\n {2}control {5}"control" \(a new client of the PKI that this server was given\) was accepted$/u,
    );
  });

  test('is a client of the PKI of the run where the server accepts it', async ({ pki }) => {
    await using server = await observedServer(pki.server().serverTls);
    await using unrelated = await observedServer(createPki().server().serverTls);

    await expect(server).toReject(pki.client('bob', { notAfter: past }), { reason: 'CERT_HAS_EXPIRED' });
    await expect(server).toReject();

    expect(await messageOfAsync(expect(server).toReject(pki.client()))).toContain('(a new client of the PKI of this run) was accepted');
    expect(await messageOfAsync(expect(unrelated).toReject(pki.client()))).toMatch(
      /^no judgement: the control was rejected too: "control" \(a new client of the PKI of this run\) was rejected by the client/u,
    );
  });

  test.for([
    ['does not ask for certificates', { requestCert: false }, 'the server did not ask for it'],
    ['accepts certificates that it cannot verify', { requestCert: true, rejectUnauthorized: false }, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ] as const)('is not one that was accepted without verification: a server that %s', async ([, options, why]) => {
    const pki = createPki();
    const { key, cert } = pki.server().tls;
    const ofAnotherKey = { certificateMessage: [pki.client('bob').certificate.raw] };
    await using server = await observedServer({ key, cert, ca: createPki().anchors, ...options }, { pki });

    expect(await attemptHandshake(server, { identity: pki.client('alice') })).toBeAccepted();
    const accepted = await messageOfAsync(expect(server).toReject(pki.client('carol')));
    const rejected = await messageOfAsync(expect(server).toReject(pki.client(), ofAnotherKey));

    expect(accepted).toContain('expected the client to be rejected by the server; it was accepted');
    expect(accepted).toContain(
      `"control" (a new client of the PKI that this server was given) was accepted without verification of its certificate (${why})`,
    );
    expect(rejected).toContain(options.requestCert ? 'the client was rejected, and the control was not verified' : 'it was accepted');
    await expect(server).not.toReject(pki.client('carol'));
    if (options.requestCert) await expect(server).toReject(pki.client(), { ...ofAnotherKey, control: pki.client('alice') }); // taken at its word
  });

  test('is not presented with the certificates or the session of the client that is to be rejected', async ({ pki, server, client }) => {
    const { certificate } = pki.client('another');

    await expect(server).toReject(client, { certificateMessage: [certificate.raw], by: 'server' });

    expect(server.handshakes.map(({ verdict, clientCertificate }) => [verdict, clientCertificate?.commonName])).toEqual([
      ['accepted', 'control'],
      ['rejected', 'another'],
    ]);
  });

  test('is of the same server name', async () => {
    const { pki, server } = await withoutAuthority();

    expect(await attemptHandshake(server, { identity: pki.client('alice'), servername: '127.0.0.1' })).toBeAccepted();

    expect(await messageOfAsync(expect(server).toReject())).toContain('pass control');
    await expect(server).toReject(undefined, { servername: '127.0.0.1' });
    await server.close();
  });
});

/** A server of the user's, observed. */
async function observedServer(tlsOptions: TlsOptions, options: ObserveOptions = {}): Promise<ObservedServer> {
  const server = createServer(tlsOptions, (socket) => socket.on('error', () => {}).resume());
  const observed = observe(server, options);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return observed;
}

/** The clients that a server accepted, in order. */
function controlsOf(server: ObservedServer): (string | undefined)[] {
  return server.handshakes
    .filter(({ verdict }) => verdict === 'accepted')
    .map(({ clientCertificate }) => clientCertificate?.commonName)
    .slice(1);
}
