import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { decodePem } from '../../src/asn1/pem.ts';
import {
  attemptHandshake,
  createPki,
  type Handshake,
  type Identity,
  identityFromPem,
  type PeerCertificate,
  startHttpsServer,
  startTlsServer,
} from '../../src/index.ts';

/** Node 26 cuts a chain at a repetition and at 32 certificates; 22 and 24 have their own ways. The wire has the list as it was sent. */
const pki = createPki({ name: 'list' });
const deep = deepIdentity(40);
const repeating = repeatingIdentity();

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (version) => {
  const only = { minVersion: version, maxVersion: version } as const;

  test.for([
    ['of 42 certificates', deep.client],
    ['with an issuer twice, an unrelated CA and the root', repeating],
    ['of one certificate', identityFromPem({ key: repeating.keyPem, cert: firstOf(repeating.chainPem), ca: pki.anchors })],
  ] as const)('a list %s is presented as it was sent, seen by both ends and by the server alone', async ([, identity]) => {
    await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'request' });
    const asSent = ders(identity);

    const both = await attemptHandshake(server, { identity, ...only });
    const alone = await visit(server, { ...identity.tls, ...only });

    expect(listOf(both.clientCertificate)).toEqual(asSent);
    expect(listOf(alone.clientCertificate)).toEqual(asSent);
  });

  test('the list of a server is presented as it was sent, to both ends and to the client alone', async () => {
    await using server = await startHttpsServer((_request, response) => response.end(), { identity: deep.server });
    const { host, port } = server;
    const identity = pki.client();

    const both = await attemptHandshake(server, { identity, ...only });
    const alone = await attemptHandshake({ host, port, servername: 'localhost' }, { identity, ...only });

    expect(both).toBeAccepted();
    expect([listOf(both.serverCertificate), listOf(alone.serverCertificate)]).toEqual([ders(deep.server), ders(deep.server)]);
  });

  test('verifyPeer is shown the list as it was sent, on either end', async () => {
    const shown: string[][] = [];
    const verifyPeer = (peer: PeerCertificate): true => {
      shown.push(listOf(peer));
      return true;
    };
    await using server = await startTlsServer({ identity: deep.server, verifyPeer });

    const handshake = await attemptHandshake(server, { identity: repeating, verifyPeer, ...only });

    expect(handshake).toBeAccepted();
    expect(shown).toHaveLength(2);
    expect(shown).toEqual(expect.arrayContaining([ders(repeating), ders(deep.server)]));
  });

  test('a certificate that was not asked for is not presented; one that was is', async () => {
    await using open = await startTlsServer({ identity: pki.server(), clientAuth: 'none' });
    await using asking = await startTlsServer({ identity: pki.server() });
    const identity = pki.client('alice');

    const [unasked, asked] = [await attemptHandshake(open, { identity, ...only }), await attemptHandshake(asking, { identity, ...only })];

    expect([unasked.verdict, unasked.clientCertificate]).toEqual(['accepted', undefined]);
    expect([asked.verdict, asked.clientCertificate?.commonName]).toEqual(['accepted', 'alice']);
  });

  test('a key that fits no signature scheme of the server stays with the client', async () => {
    await using server = await startTlsServer({ identity: pki.server(), sigalgs: 'ECDSA+SHA256' });
    const [odd, fitting] = [pki.client('odd', { keyAlgorithm: 'ed25519' }), pki.client('fitting')];

    const [refused, accepted] = [
      await attemptHandshake(server, { identity: odd, ...only }),
      await attemptHandshake(server, { identity: fitting, ...only }),
    ];

    expect(refused).toMatchObject({ verdict: 'rejected', rejectedBy: 'server', reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE' });
    expect([refused.clientCertificate, accepted.clientCertificate?.commonName]).toEqual([undefined, 'fitting']);
    expect(() => expect(refused).toHaveClientCertificate({ commonName: 'odd' })).toThrow(/client certificate/u);
  });

  test('a session that was made without a certificate has none, whatever the client has when it resumes it', async () => {
    await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'request' });
    const session = await sessionOf(server.port, only);

    const handshake = await attemptHandshake(server, { identity: pki.client('late'), session, ...only });

    expect(handshake).toMatchObject({ verdict: 'accepted', resumed: true });
    expect(handshake.clientCertificate).toBeUndefined();
  });
});

/** Node's client verifies before it writes its last flight; in TLS 1.2 that has gone by then. */
test('a client that refuses the server before it sends its own has presented none', async () => {
  await using server = await startTlsServer({ identity: createPki({ name: 'other' }).server() });

  const refusing = await attemptHandshake(server, { identity: pki.client('alice'), trust: pki.anchors, minVersion: 'TLSv1.3' });

  expect(refusing).toMatchObject({ verdict: 'rejected', rejectedBy: 'client' });
  expect([refusing.clientCertificate, refusing.serverCertificate?.commonName]).toEqual([undefined, 'localhost']);
});

/** A visit by plain node:tls, of which the server alone reports. */
async function visit(server: Awaited<ReturnType<typeof startTlsServer>>, options: tls.ConnectionOptions): Promise<Handshake> {
  const handshake = server.handshakes.length;
  const socket = tls.connect({ host: server.host, port: server.port, servername: 'localhost', ...options }, () => socket.end('x'));
  await new Promise<void>((resolve) => {
    socket.on('error', () => {});
    socket.resume().once('close', () => resolve());
  });
  for (;;) {
    const next = await server.nextHandshake();
    if (server.handshakes.indexOf(next) >= handshake) return next;
  }
}

function sessionOf(port: number, options: tls.ConnectionOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ ca: pki.anchors, port, servername: 'localhost', ...options });
    socket.once('session', (session) => {
      resolve(session);
      socket.end();
    });
    socket.once('error', reject);
  });
}

function deepIdentity(authorities: number): { readonly client: Identity; readonly server: Identity } {
  let authority = pki.issuer;
  for (let depth = 0; depth < authorities; depth += 1) authority = authority.issueAuthority({ commonName: `ca ${depth}` });
  return {
    client: authority.issue({ commonName: 'deep', extendedKeyUsage: ['clientAuth'] }),
    server: authority.issue({ commonName: 'deep', dns: ['localhost'], extendedKeyUsage: ['serverAuth'] }),
  };
}

function repeatingIdentity(): Identity {
  const { keyPem, chainPem } = pki.client('twice');
  const issuing = chainPem.slice(firstOf(chainPem).length);
  const unrelated = createPki({ name: 'unrelated' }).anchors;
  return identityFromPem({ key: keyPem, cert: `${chainPem}${issuing}${unrelated}${pki.anchors}`, ca: pki.anchors });
}

function firstOf(pem: string): string {
  const end = '-----END CERTIFICATE-----\n';
  return pem.slice(0, pem.indexOf(end) + end.length);
}

function ders({ chainPem }: Identity): string[] {
  return decodePem(chainPem).map(({ der }) => Buffer.from(der).toString('base64').slice(0, 40) + der.length);
}

function listOf(certificate: PeerCertificate | undefined): string[] {
  return certificate
    ? [certificate, ...certificate.chain]
        .flatMap(({ pem }) => decodePem(pem))
        .map(({ der }) => Buffer.from(der).toString('base64').slice(0, 40) + der.length)
    : [];
}
