import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientCredential } from '../../../src/containers/mtls-container.ts';
import { MtlsMariadb, MtlsMysql, type StartedMtlsMysql } from '../../../src/containers/services/mysql.ts';
import { createPki } from '../../../src/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';
import { imageOf, lacksImages } from '../images.ts';

const pki = createPki();
const others = createPki();

describe.skipIf(await lacksImages(['mariadb']))('MariaDB', () => {
  const revoked = pki.client('revoked');
  pki.issuer.revoke(revoked);
  let mariadb: StartedMtlsMysql;
  beforeAll(async () => {
    mariadb = await new MtlsMariadb(imageOf('mariadb')).withPki(pki).withCredential({ crl: true }).withDatabase('shop').start();
  }, 60_000);
  afterAll(() => mariadb?.stop());

  test('answers a client of its PKI, over TLS', async () => {
    const [row] = await query(mariadb, pki.client('alice'));

    expect(row).toMatchObject({ name: 'shop', user: expect.stringMatching(/^test@/u) });
  });

  test.for([
    ['that is missing', { ca: pki.anchors }, 'ER_ACCESS_DENIED_ERROR'],
    ['that has expired', pki.client('a', { notAfter: new Date(0) }), 'certificate expired'],
    ['of another CA', others.client('a').trusting(pki), 'unknown ca'],
    ['that was revoked', revoked, 'certificate revoked'],
  ] as const)('rejects a certificate %s', async ([, credential, words]) => {
    const error = await query(mariadb, credential).catch((reason: unknown) => reason);

    expect(String(Object.values(error as object)) + String(error)).toContain(words);
  });

  test('the client rejects it where it trusts another CA', async () => {
    const attempt = query(mariadb, pki.client().trusting(others));

    await expect(attempt).toFailHandshake({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });
});

describe.skipIf(await lacksImages(['mariadb']))('MariaDB under test', () => {
  let mariadb: StartedMtlsMysql;
  beforeAll(async () => {
    mariadb = await new MtlsMariadb(imageOf('mariadb')).withPki(pki).start();
  }, 60_000);
  afterAll(() => mariadb?.stop());

  describeServerUnderTest('MariaDB', { attempt: (tls) => query(mariadb, tls) }, { pki, stack: 'openssl' });
});

test.for(['', 'a b', "a'; drop user root"])('a user named "%s" is rejected before anything starts', (username) => {
  expect(() => new MtlsMysql().withUsername(username)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  expect(() => new MtlsMariadb().withDatabase(username)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});

async function query(server: StartedMtlsMysql, credential: ClientCredential): Promise<unknown[]> {
  const connection = await mysql.createConnection(server.clientOptions(credential));
  try {
    const [rows] = await connection.query('select database() as name, user() as user');
    return rows as unknown[]; // of a select
  } finally {
    connection.destroy();
  }
}
