import tls from 'node:tls';
import type { ClientCall, PeerToCall } from '../../../src/scenarios/run/target.ts';
import { connect, httpsClient, requestTo, tlsClient, undiciRequest } from '../correct-clients.ts';
import { certificatesIn, chainOf } from '../deciding-servers.ts';
import type { ClientUse, Mutant } from '../mutant.ts';

const id = 'spiffe://example.test/workload';

/** Clients that verify the server by themselves: each leaves something out. */
export const brokenVerification: readonly Mutant<ClientUse>[] = [
  {
    name: "tls: the issuer's name",
    mistake: 'It compares the names of issuers with those of its anchors, and verifies no signature.',
    caughtBy: ['impostor-ca-same-dn', 'corrupted-signature', 'wrong-host'],
    call: trusting((socket, peer) => {
      const known = new Set(certificatesIn(peer.tls.ca).map(({ subject }) => subject));
      return chainOf(socket).some(({ issuer }) => known.has(issuer));
    }),
  },
  {
    name: 'tls: the fingerprint of the intermediate',
    mistake: 'It looks for a CA that it knows in what the server sends, and does not verify that this CA has issued the rest.',
    caughtBy: ['expired-leaf', 'wrong-host'],
    call: trusting((socket, peer) => {
      const pinned = certificatesIn(peer.tls.cert)[1]?.fingerprint256;
      return chainOf(socket).some(({ fingerprint256 }) => fingerprint256 === pinned);
    }),
  },
  {
    name: 'tls: signatures only',
    mistake: 'It verifies signatures and the host, and does not ask how long certificates are valid and what they are for.',
    caughtBy: ['expired-leaf', 'eku-opposite-role', 'pathlen-exceeded'],
    call: trusting((socket, peer) => {
      const anchors = certificatesIn(peer.tls.ca);
      const chain = chainOf(socket);
      const isSigned = chain.every((certificate, index) =>
        [...chain.slice(index + 1, index + 2), ...anchors].some(
          (issuer) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey),
        ),
      );
      const end = chain.at(-1);
      return isSigned && isNamed(socket, peer) && anchors.some((anchor) => end?.verify(anchor.publicKey));
    }),
  },
  {
    name: 'tls: expiry ignored',
    mistake: 'It trusts servers whose certificate has expired, so that it goes on after the weekend.',
    caughtBy: ['expired-leaf', 'expired-intermediate'],
    call: trusting((socket, peer) => socket.authorized || (isNamed(socket, peer) && reasonOf(socket) === 'CERT_HAS_EXPIRED')),
  },
  {
    name: 'tls: self-signed certificates allowed',
    mistake: 'It trusts self-signed certificates, which test servers have.',
    caughtBy: ['self-signed-leaf', 'unknown-ca-root-in-chain'],
    call: trusting(
      (socket, peer) =>
        socket.authorized ||
        (isNamed(socket, peer) && ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'].includes(reasonOf(socket))),
    ),
  },
  {
    name: 'https: trusts what is sent',
    mistake: 'It asks the server for its certificates first, and takes them for its anchors.',
    caughtBy: ['unknown-ca-root-in-chain', 'self-signed-leaf', 'impostor-ca-same-dn-in-chain'],
    call: async (peer) => {
      const sent = await certificatesOf(peer);
      return httpsClient(() => ({ ca: [peer.tls.ca, ...sent] }))(peer);
    },
  },
  {
    name: 'undici request: trusted hosts',
    mistake: 'It remembers which hosts it trusted, and does not verify them again.',
    isNarrow: true,
    caughtBy: ['unknown-ca', 'expired-leaf'],
    call: ((): ClientCall => {
      const trusted = new Set<string>();
      return async (peer) => {
        const { host } = peer;
        const answer = await undiciRequest(() => ({ rejectUnauthorized: !trusted.has(host) }))(peer);
        trusted.add(host);
        return answer;
      };
    })(),
  },
  {
    name: 'tls: looks when the answer is there',
    mistake: 'It sends its request, and looks at `authorized` before it reads the answer.',
    isNarrow: true,
    caughtBy: ['unknown-ca', 'expired-leaf', 'wrong-host'],
    call: (peer) =>
      new Promise((resolve, reject) => {
        const socket = connect(peer, { rejectUnauthorized: false }, () => socket.write(requestTo(peer)));
        socket.on('error', reject);
        socket.on('close', () => reject(new Error('closed')));
        socket.on('data', () => {
          socket.destroy();
          if (socket.authorized) resolve('ok');
          else reject(socket.authorizationError);
        });
      }),
  },
  {
    name: 'https: any SPIFFE id',
    mistake: 'It wants a SPIFFE id of its trust domain, and any will do.',
    authorizes: { spiffeId: id },
    within: { tiers: ['app'] },
    caughtBy: ['spiffe-multiple-uri-san', 'spiffe-trust-domain-prefix', 'spiffe-root-path'],
    call: httpsClient(identity(({ subjectaltname = '' }) => subjectaltname.includes('spiffe://example.test'))),
  },
  {
    name: 'undici request: a path in any trust domain',
    mistake: 'It compares the path of the SPIFFE id.',
    authorizes: { spiffeId: id },
    within: { tiers: ['app'] },
    caughtBy: ['spiffe-wrong-trust-domain'],
    call: undiciRequest(identity(({ subjectaltname = '' }) => /URI:spiffe:\/\/[^/]+\/workload$/u.test(subjectaltname))),
  },
];

/** A client to which TLS leaves the decision. */
function trusting(trusts: (socket: tls.TLSSocket, peer: PeerToCall) => boolean): ClientCall {
  return tlsClient(() => ({ rejectUnauthorized: false }), trusts);
}

function isNamed(socket: tls.TLSSocket, { host, tls: { servername = host } }: PeerToCall): boolean {
  return tls.checkServerIdentity(servername, socket.getPeerCertificate()) === undefined;
}

function reasonOf(socket: tls.TLSSocket): string {
  return String(socket.authorizationError);
}

/** Verifies names as usual, and then what else is wanted. */
function identity(fits: (certificate: tls.PeerCertificate) => boolean): Parameters<typeof httpsClient>[0] {
  return () => ({
    checkServerIdentity: (host, certificate) =>
      tls.checkServerIdentity(host, certificate) ?? (fits(certificate) ? undefined : new Error('the server is not the workload')),
  });
}

function certificatesOf(peer: PeerToCall): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(peer, { rejectUnauthorized: false }, () => {
      resolve(chainOf(socket).map(String));
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
  });
}
