import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientCredential } from '../../../src/containers/mtls-container.ts';
import { MtlsPostgres, type StartedMtlsPostgres } from '../../../src/containers/services/postgres.ts';
import { createPki } from '../../../src/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';
import { imageOf, lacksImages } from '../images.ts';

const pki = createPki();
const others = createPki();

describe.skipIf(await lacksImages(['postgres']))('PostgreSQL', () => {
  let postgres: StartedMtlsPostgres;
  beforeAll(async () => {
    postgres = await new MtlsPostgres(imageOf('postgres')).withPki(pki).withUsername('client').withDatabase('shop').start();
  });
  afterAll(() => postgres?.stop());

  test('answers the client whose certificate has the name of the user, over TLS', async () => {
    const rows = await query(postgres, postgres.client);

    expect(rows).toEqual([{ ssl: true, client_dn: '/CN=client', database: 'shop' }]);
  });

  test.for([
    ['of another user', pki.client('mallory'), '28000', /^certificate authentication failed for user "client"$/u],
    ['that is missing', { ca: pki.anchors }, '28000', /^connection requires a valid client certificate$/u],
    [
      'that has expired',
      pki.client('client', { notAfter: new Date(0) }),
      'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED',
      /alert certificate expired/u,
    ],
    ['of another CA', others.client('client').trusting(pki), 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /alert unknown ca/u],
  ] as const)('rejects a certificate %s', async ([, credential, code, message]) => {
    const attempt = query(postgres, credential);

    await expect(attempt).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('the matcher accepts a rejection by TLS, and not a rejection by the database', async () => {
    await expect(query(postgres, others.client('client').trusting(pki))).toFailHandshake({ by: 'server', alert: 'unknown_ca' });
    await expect(expect(query(postgres, { ca: pki.anchors })).toFailHandshake({ by: 'server' })).rejects.toThrow(
      /connection requires a valid client certificate/u,
    );
  });

  test('the client rejects it where it trusts another CA', async () => {
    const attempt = query(postgres, pki.client('client').trusting(others));

    await expect(attempt).rejects.toMatchObject({ code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

  describeServerUnderTest('PostgreSQL', { attempt: (tls) => query(postgres, tls) }, { pki, stack: 'openssl' });
});

describe.skipIf(await lacksImages(['postgres']))('PostgreSQL with CRLs', () => {
  const revoked = pki.client('test');
  pki.issuer.revoke(revoked);
  let postgres: StartedMtlsPostgres;
  beforeAll(async () => {
    postgres = await new MtlsPostgres(imageOf('postgres')).withPki(pki).withCredential({ crl: true }).start();
  }, 60_000);
  afterAll(() => postgres?.stop());

  test('rejects a certificate that was revoked', async () => {
    const control = await query(postgres, postgres.client);
    const attempt = query(postgres, revoked);

    expect(control).toHaveLength(1);
    await expect(attempt).rejects.toMatchObject({ code: 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_REVOKED' });
  });
});

async function query(postgres: StartedMtlsPostgres, credential: ClientCredential): Promise<unknown[]> {
  const client = new Client(postgres.clientOptions(credential));
  await client.connect();
  try {
    const { rows } = await client.query<object>(
      'select ssl, client_dn, current_database() as database from pg_stat_ssl where pid = pg_backend_pid()',
    );
    return rows;
  } finally {
    await client.end();
  }
}
