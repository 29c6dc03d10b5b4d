import { once } from 'node:events';
import type net from 'node:net';
import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import {
  attemptHandshake,
  createPki,
  type Identity,
  identityFromPem,
  observe,
  type PeerCertificate,
  startTlsServer,
} from '../../../src/index.ts';

/** Node 22 and 24 add the roots that they trust to what a peer presented, and lose the chain when it is asked for in the one way or the other. */
const pki = createPki({ name: 'presented', intermediates: 2 });
const [issuing, upper] = ['presented issuing CA 2', 'presented issuing CA 1'];

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (version) => {
  const only = { minVersion: version, maxVersion: version } as const;

  test.for([
    ['seen by both ends', true],
    ['seen by one end alone', false],
  ] as const)('a chain is what was sent, without the root that the judge trusts, %s', async ([, both]) => {
    await using server = await startTlsServer({ identity: pki.server() });
    const { host, port } = server;

    const handshake = await attemptHandshake(both ? server : { host, port }, { identity: pki.client('alice'), ...only });
    const { clientCertificate } = both ? handshake : await server.nextHandshake();

    expect(handshake).toBeAccepted();
    expect(namesIn(handshake.serverCertificate)).toEqual(['localhost', issuing, upper]);
    expect(namesIn(clientCertificate)).toEqual(['alice', issuing, upper]);
  });

  test('a root that was sent is there', async () => {
    await using server = await startTlsServer({ identity: withRoot(pki.server()) });

    const handshake = await attemptHandshake(server, { identity: withRoot(pki.client('alice')), ...only });

    expect(namesIn(handshake.serverCertificate)).toEqual(['localhost', issuing, upper, 'presented root CA']);
    expect(namesIn(handshake.clientCertificate)).toEqual(['alice', issuing, upper, 'presented root CA']);
  });

  test('of a resumed session it is the chain of before', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const identity = pki.client('alice');
    const session = await sessionOf(server.port, identity, only);

    const handshake = await attemptHandshake(server, { identity, session, ...only });

    expect(handshake).toMatchObject({ verdict: 'accepted', resumed: true });
    expect([namesIn(handshake.serverCertificate)[0], namesIn(handshake.clientCertificate)[0]]).toEqual(['localhost', 'alice']);
    expect([...namesIn(handshake.serverCertificate), ...namesIn(handshake.clientCertificate)]).not.toContain('presented root CA');
  });

  test('an application sees of its client what it sees without observation', async () => {
    const [observed, bare] = [await namesSeenBy({ isObserved: true }), await namesSeenBy({ isObserved: false })];

    expect(observed).toEqual(bare);
    expect(bare[0]).toBe('alice');
  });

  /** What an application of the user's finds in `getPeerCertificate(true)`. */
  async function namesSeenBy({ isObserved }: { readonly isObserved: boolean }): Promise<string[]> {
    const server = tls.createServer({ ...pki.server().serverTls, ...only });
    const observer = isObserved ? observe(server) : undefined;
    const seen = new Promise<string[]>((resolve) => {
      server.once('secureConnection', (socket) => {
        const names: string[] = [];
        for (
          let each: Partial<tls.DetailedPeerCertificate> = socket.getPeerCertificate(true);
          each.subject;
          each = each.issuerCertificate ?? {}
        ) {
          if (names.at(-1) === each.subject.CN) break;
          names.push(String(each.subject.CN));
        }
        resolve(names);
        socket.end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = tls.connect({ ...pki.client('alice').tls, port: portOf(server), servername: 'localhost' }).resume();
    const names = await seen;
    client.destroy();
    if (observer) await observer.close();
    else await once(server.close(), 'close');
    return names;
  }
});

function namesIn(certificate: PeerCertificate | undefined): (string | undefined)[] {
  return certificate ? [certificate, ...certificate.chain].map(({ commonName }) => commonName) : [];
}

/** The same identity, which sends its root too. */
function withRoot({ keyPem, chainPem, anchors }: Identity): Identity {
  return identityFromPem({ key: keyPem, cert: `${chainPem}${anchors}`, ca: anchors });
}

function portOf(server: net.Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** The session of one connection of plain node:tls. */
function sessionOf(port: number, identity: Identity, options: tls.ConnectionOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ ...identity.tls, port, servername: 'localhost', ...options });
    socket.once('session', (session) => {
      resolve(session);
      socket.end();
    });
    socket.once('error', reject);
  });
}
