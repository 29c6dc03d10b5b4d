import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientCredential } from '../../../src/containers/mtls-container.ts';
import { MtlsEtcd, type StartedMtlsEtcd } from '../../../src/containers/services/etcd.ts';
import { attemptHandshake, createPki } from '../../../src/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';
import { imageOf, lacksImages } from '../images.ts';
import { listeningPorts } from '../listening-ports.ts';
import { refusalTold } from '../refusal-told.ts';

const pki = createPki();
const others = createPki();
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

describe.skipIf(await lacksImages(['etcd']))('etcd', () => {
  let etcd: StartedMtlsEtcd;
  beforeAll(async () => {
    etcd = await new MtlsEtcd(imageOf('etcd')).withPki(pki).start();
  }, 60_000);
  afterAll(() => etcd?.stop());

  test('keeps a value for a client of its PKI, over the one port that it opens to others', async () => {
    expect(await withClient(etcd, pki.client('alice'), roundTrip)).toBe('a value');
    expect(await listeningPorts(etcd, { loopback: false })).toEqual([2379]);
    expect(await listeningPorts(etcd)).toEqual([2379, 2380]);
  });

  test.for(
    versions.flatMap((version) =>
      (
        [
          ['that is missing', undefined, noCertificate[version]],
          ['that has expired', pki.client('a', { notAfter: new Date(0) }), 'certificate_expired'],
          ['of another CA', others.client('a').trusting(pki), 'unknown_ca'],
        ] as const
      ).map(([what, identity, alert]) => ({ version, what, identity, alert })),
    ),
  )('rejects a certificate $what with $alert in $version', async ({ version, identity, alert }) => {
    const [host, port] = [etcd.getHost(), etcd.getPort()];
    const handshake = await attemptHandshake({ host, port }, { trust: pki, maxVersion: version, ...(identity && { identity }) });

    expect(handshake).toBeRejected({ by: 'server', alert });
  });

  test.for([
    ['that is missing', { ca: pki.anchors }, 'alert certificate required'],
    ['that has expired', pki.client('a', { notAfter: new Date(0) }), 'alert certificate expired'],
    ['of another CA', others.client('a').trusting(pki), 'alert unknown ca'],
  ] as const)('a client of etcd3 with a certificate %s is shown why it is rejected, as text', async ([, credential, words]) => {
    await expect(refusalTold(() => withClient(etcd, credential, roundTrip).catch(withCode))).rejects.toThrow(words);
  });

  test('the client rejects it where it trusts another CA', async () => {
    const attempt = withClient(etcd, pki.client().trusting(others), roundTrip);

    await expect(attempt).rejects.toThrow('unable to get local issuer certificate');
  });

  describeServerUnderTest('etcd', { attempt: (tls) => withClient(etcd, tls, roundTrip) }, { pki, stack: 'go' });
});

describe.skipIf(await lacksImages(['etcd']))('etcd with users and CRLs', () => {
  const revoked = pki.client('alice');
  pki.issuer.revoke(revoked);
  let etcd: StartedMtlsEtcd;
  beforeAll(async () => {
    const users = { alice: { read: '', write: 'shop/' }, bob: { read: ['shop/'] } };
    etcd = await new MtlsEtcd(imageOf('etcd')).withPki(pki).withCredential({ crl: true }).withUsers(users).start();
  }, 60_000);
  afterAll(() => etcd?.stop());

  test('a certificate is the user that it names, with that user’s permissions', async () => {
    expect(await withClient(etcd, etcd.client, roundTrip)).toBe('a value');
    expect(await withClient(etcd, pki.client('alice'), (client) => roundTrip(client, 'shop/key'))).toBe('a value');
    expect(await withClient(etcd, pki.client('bob'), (client) => client.get('shop/key').string())).toBe('a value');
    await expect(withClient(etcd, pki.client('bob'), (client) => roundTrip(client, 'shop/key'))).rejects.toThrow('permission denied');
    await expect(withClient(etcd, pki.client('alice'), (client) => roundTrip(client, 'other'))).rejects.toThrow('permission denied');
  });

  test('a valid certificate that names no user is rejected after the handshake', async () => {
    await expect(withClient(etcd, pki.client('carol'), roundTrip)).rejects.toThrow('permission denied');
  });

  test('closes the connection of a certificate that was revoked without an alert', async () => {
    const control = await withClient(etcd, pki.client('alice'), (client) => roundTrip(client, 'shop/key'));
    const handshake = await attemptHandshake({ host: etcd.getHost(), port: etcd.getPort() }, { identity: revoked });

    expect(control).toBe('a value');
    expect(handshake).toBeRejected({ by: 'server' });
    expect(handshake).toMatchObject({ evidence: 'closed' });
    await expect(withClient(etcd, revoked, roundTrip)).rejects.toThrow('UNAVAILABLE');
  });
});

test.for([
  ['no user', {}, 'users'],
  ['root', { root: {} }, 'root'],
  ['a prefix that is not text', { alice: { read: 1 } }, 'read'],
  ['an unknown permission', { alice: { admin: '' } }, 'permission'],
] as [string, Record<string, object>, string][])('users with %s are rejected before anything starts', ([, users, word]) => {
  const given = new MtlsEtcd('etcd');

  expect(() => given.withUsers(users)).toThrow(expect.objectContaining({ message: expect.stringContaining(word) }));
  expect(() => given.withUsers({ alice: { read: '' } })).not.toThrow();
});

/** etcd3 keeps of grpc-js's error the text alone. */
function withCode(error: Error): never {
  throw Object.assign(error, { code: /ECONNRESET|EPIPE/u.exec(error.message)?.[0] });
}

async function roundTrip(client: Etcd3, key = 'key'): Promise<string | null> {
  await client.put(key).value('a value');
  return client.get(key).string();
}

async function withClient<Answer>(
  etcd: StartedMtlsEtcd,
  credential: ClientCredential,
  use: (client: Etcd3) => Promise<Answer>,
): Promise<Answer> {
  const client = new Etcd3(etcd.clientOptions(credential));
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

const noCertificate = { 'TLSv1.3': 'certificate_required', 'TLSv1.2': 'handshake_failure' } as const;
