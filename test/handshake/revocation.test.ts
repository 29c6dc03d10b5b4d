import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import {
  attemptHandshake,
  type Authority,
  createPki,
  type Identity,
  type ObservedServer,
  type Pki,
  startTlsServer,
} from '../../src/index.ts';

const day = 86_400_000;
const yesterday = new Date(Date.now() - day);
const tomorrow = new Date(Date.now() + day);
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const only = (version: tls.SecureVersion) => ({ minVersion: version, maxVersion: version });

interface Case {
  /** What is revoked before the server starts. */
  readonly revoke?: (pki: Pki, client: Identity) => void;
  readonly crl: (pki: Pki) => string | readonly string[];
  readonly reason: string;
  readonly alert: string;
}

const cases: Readonly<Record<string, Case>> = {
  'a revoked leaf': {
    revoke: ({ issuer }, client) => {
      issuer.revoke(client, 'keyCompromise');
    },
    crl: (pki) => pki.crls(),
    reason: 'CERT_REVOKED',
    alert: 'certificate_revoked',
  },
  'a leaf on hold': {
    revoke: ({ issuer }, client) => {
      issuer.revoke(client, 'certificateHold');
    },
    crl: (pki) => pki.crls(),
    reason: 'CERT_REVOKED',
    alert: 'certificate_revoked',
  },
  'a revoked intermediate': {
    revoke: ({ root, issuer }) => {
      root.revoke(issuer, 'cACompromise');
    },
    crl: (pki) => pki.crls(),
    reason: 'CERT_REVOKED',
    alert: 'certificate_revoked',
  },
  'a stale CRL of the issuer': {
    crl: ({ root, issuer }) => issuer.crl({ nextUpdate: yesterday }) + root.crl(),
    reason: 'CRL_HAS_EXPIRED',
    alert: 'certificate_expired',
  },
  'a stale CRL of the root': {
    crl: ({ root, issuer }) => issuer.crl() + root.crl({ nextUpdate: yesterday }),
    reason: 'CRL_HAS_EXPIRED',
    alert: 'certificate_expired',
  },
  'a CRL of tomorrow': {
    crl: ({ root, issuer }) => issuer.crl({ thisUpdate: tomorrow }) + root.crl(),
    reason: 'CRL_NOT_YET_VALID',
    alert: 'bad_certificate',
  },
  'no CRL of the issuer': {
    crl: ({ root }) => root.crl(),
    reason: 'UNABLE_TO_GET_CRL',
    alert: 'unknown_ca',
  },
  'no CRL of the root': {
    crl: ({ issuer }) => issuer.crl(),
    reason: 'UNABLE_TO_GET_CRL',
    alert: 'unknown_ca',
  },
  'a CRL of another issuer': {
    crl: ({ root }) => root.issueAuthority({ commonName: 'sibling' }).crl() + root.crl(),
    reason: 'UNABLE_TO_GET_CRL',
    alert: 'unknown_ca',
  },
  'a CRL of an impostor of the same name': {
    crl: (pki) => createPki({ name: pki.name }).issuer.crl() + pki.root.crl(),
    reason: 'UNABLE_TO_GET_CRL',
    alert: 'unknown_ca',
  },
};

describe.for(versions)('over %s', (version) => {
  test.for(Object.keys(cases))('a server that checks CRLs rejects the client for %s', async (name) => {
    const { revoke, crl, reason, alert } = caseOf(name);
    const pki = createPki({ name: 'shop' });
    const client = pki.client('alice');
    await using sound = await startTlsServer({ identity: pki.server(), crl: pki.crls() });
    await expect(sound).toAccept(client, only(version));

    revoke?.(pki, client);
    await using server = await startTlsServer({ identity: pki.server(), crl: crl(pki) });

    expect(await attemptHandshake(server, { identity: client, ...only(version) })).toBeRejected({ by: 'server', reason, alert });
  });

  test.for(Object.keys(cases))('a client that checks CRLs rejects the server for %s', async (name) => {
    const { revoke, crl, reason } = caseOf(name);
    const pki = createPki({ name: 'shop' });
    const identity = pki.server();
    await using server = await startTlsServer({ identity });
    expect(await attemptHandshake(server, { identity: pki.client(), crl: pki.crls(), ...only(version) })).toBeAccepted();

    revoke?.(pki, identity);

    expect(await attemptHandshake(server, { identity: pki.client(), crl: crl(pki), ...only(version) })).toBeRejected({
      by: 'client',
      reason,
    });
  });

  test('a client that is not on the list is accepted, whichever others are', async () => {
    const pki = createPki();
    const [alice, mallory] = [pki.client('alice'), pki.client('mallory')];
    pki.issuer.revoke(mallory);
    await using server = await startTlsServer({ identity: pki.server(), crl: pki.crls() });

    expect(await attemptHandshake(server, { identity: mallory, ...only(version) })).toBeRejected({ by: 'server', reason: 'CERT_REVOKED' });
    expect(await attemptHandshake(server, { identity: alice, ...only(version) })).toBeAccepted();
  });

  test('a server that was given no CRL does not know', async () => {
    const pki = createPki();
    const mallory = pki.client('mallory');
    pki.issuer.revoke(mallory);
    await using server = await startTlsServer({ identity: pki.server() });

    expect(await attemptHandshake(server, { identity: mallory, ...only(version) })).toBeAccepted();
  });

  test.for([
    ['the leaf', ({ issuer }: Pki, client: Identity) => [issuer, client] as const],
    ['its intermediate', ({ root, issuer }: Pki) => [root, issuer] as const],
  ] as const)('a running server learns by rotate that %s is revoked', async ([, revocation]) => {
    const pki = createPki();
    const mallory = pki.client('mallory');
    await using server = await startTlsServer({ identity: pki.server(), crl: pki.crls() });
    expect(await attemptHandshake(server, { identity: mallory, ...only(version) })).toBeAccepted();

    const [authority, target] = revocation(pki, mallory);
    authority.revoke(target);
    expect(await attemptHandshake(server, { identity: mallory, ...only(version) }), 'before the rotation').toBeAccepted();
    server.rotate({ crl: pki.crls() });

    expect(await attemptHandshake(server, { identity: mallory, ...only(version) })).toBeRejected({
      by: 'server',
      reason: 'CERT_REVOKED',
      alert: 'certificate_revoked',
    });
  });

  test('and by rotate that a certificate on hold is good again', async () => {
    const pki = createPki();
    const alice = pki.client('alice');
    pki.issuer.revoke(alice, 'certificateHold');
    await using server = await startTlsServer({ identity: pki.server(), crl: pki.crls() });
    expect(await attemptHandshake(server, { identity: alice, ...only(version) })).toBeRejected({ by: 'server', reason: 'CERT_REVOKED' });

    pki.issuer.revoke(alice, 'removeFromCRL');
    server.rotate({ crl: pki.crls() });

    expect(await attemptHandshake(server, { identity: alice, ...only(version) })).toBeAccepted();
  });

  test('a session from before the rotation does not outlive it', async () => {
    const pki = createPki();
    const [alice, mallory] = [pki.client('alice'), pki.client('mallory')];
    await using server = await startTlsServer({ identity: pki.server(), crl: pki.crls() });
    const sessions = { alice: await sessionOf(server, alice, version), mallory: await sessionOf(server, mallory, version) };
    const control = await attemptHandshake(server, { identity: mallory, session: sessions.mallory, ...only(version) });
    expect(control).toBeAccepted();
    expect(control.resumed, 'the session counts until then').toBe(true);

    pki.issuer.revoke(mallory);
    server.rotate({ crl: pki.crls() });

    const refused = await attemptHandshake(server, { identity: mallory, session: sessions.mallory, ...only(version) });
    expect(refused).toBeRejected({ by: 'server', reason: 'CERT_REVOKED', alert: 'certificate_revoked' });
    expect(refused.resumed).toBe(false);
    const accepted = await attemptHandshake(server, { identity: alice, session: sessions.alice, ...only(version) });
    expect(accepted).toBeAccepted();
    expect(accepted.resumed).toBe(false);
  });
});

test('an authority that is revoked takes the ones below it along', async () => {
  const pki = createPki({ intermediates: 2 });
  const client = pki.client();
  await using server = await startTlsServer({ identity: pki.server(), crl: pki.crls() });
  await expect(server).toAccept(client);

  pki.root.revoke(parentOf(pki.issuer));
  server.rotate({ crl: pki.crls() });

  expect(await attemptHandshake(server, { identity: client })).toBeRejected({ by: 'server', reason: 'CERT_REVOKED' });
});

function caseOf(name: string): Case {
  const found = cases[name];
  if (!found) throw new Error(`no case ${name}`);
  return found;
}

function parentOf({ parent }: Authority): Authority {
  if (!parent) throw new Error('a root');
  return parent;
}

/** Two tickets come in TLS 1.3; either will do. */
function sessionOf(server: ObservedServer, identity: Identity, version: tls.SecureVersion): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const { host, port } = server;
    const socket = tls.connect({ ...identity.tls, ...only(version), host, port, servername: 'localhost' });
    socket.once('error', reject);
    socket.once('session', (session: Buffer) => {
      resolve(session);
      socket.destroy();
    });
  });
}
