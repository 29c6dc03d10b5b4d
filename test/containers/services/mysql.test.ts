import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientCredential } from '../../../src/containers/mtls-container.ts';
import { MtlsMariadb, MtlsMysql, type StartedMtlsMysql } from '../../../src/containers/services/mysql.ts';
import { createPki } from '../../../src/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';
import { imageOf, lacksImages } from '../images.ts';
import { listeningPorts } from '../listening-ports.ts';
import { refusalTold } from '../refusal-told.ts';

const pki = createPki();
const others = createPki();

const oldest = { maxVersion: 'TLSv1.2' } as const;
const servers = [
  {
    name: 'MariaDB',
    folder: 'mariadb',
    create: () => new MtlsMariadb(imageOf('mariadb')),
    version: /^10\.11\..*MariaDB/u,
    options: { stack: 'openssl' },
  },
  // With OpenSSL 3.6, which takes no DSA keys any more.
  { name: 'MySQL', folder: 'mysql', create: () => new MtlsMysql(imageOf('mysql')), version: /^9\.\d+\.\d+/u, options: {} },
] as const;

for (const { name, folder, create, version, options } of servers) {
  describe.skipIf(await lacksImages([folder]))(`${name} with CRLs`, () => {
    const revoked = pki.client('revoked');
    pki.issuer.revoke(revoked);
    let server: StartedMtlsMysql;
    beforeAll(async () => {
      server = await create().withPki(pki).withCredential({ crl: true }).withDatabase('shop').start();
    }, 60_000);
    afterAll(() => server?.stop());

    test('answers a client of its PKI, over TLS', async () => {
      const [row] = await query(server, pki.client('alice'));

      expect(row).toEqual({
        name: 'shop',
        user: expect.stringMatching(/^test@/u),
        version: expect.stringMatching(version),
      });
    });

    test('opens the one port, and only its user can read the key', async () => {
      const { output } = await server.exec(['stat', '-c', '%U %a', '/mtls/tls.key']);

      expect(output.trim()).toBe('mysql 600');
      expect(await listeningPorts(server)).toEqual([3306]);
    });

    test.for([
      ['that is missing', { ca: pki.anchors }, 'ER_ACCESS_DENIED_ERROR'],
      ['that is missing, TLS 1.2', { ca: pki.anchors, ...oldest }, 'ER_ACCESS_DENIED_ERROR'],
      ['that has expired', pki.client('a', { notAfter: new Date(0) }), 'certificate expired'],
      ['that has expired, TLS 1.2', { ...pki.client('a', { notAfter: new Date(0) }).tls, ...oldest }, 'certificate expired'],
      ['of another CA', others.client('a').trusting(pki), 'unknown ca'],
      ['of another CA, TLS 1.2', { ...others.client('a').trusting(pki).tls, ...oldest }, 'unknown ca'],
      ['that was revoked', revoked, 'certificate revoked'],
      ['that was revoked, TLS 1.2', { ...revoked.tls, ...oldest }, 'certificate revoked'],
    ] as const)('rejects a certificate %s', async ([, credential, words]) => {
      const error = await refusalTold(() => query(server, credential)).catch((reason: unknown) => reason);

      expect(String(Object.values(error as object)) + String(error)).toContain(words);
    });

    test('the client rejects it where it trusts another CA', async () => {
      const attempt = query(server, pki.client().trusting(others));

      await expect(attempt).toFailHandshake({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    });
  });

  describe.skipIf(await lacksImages([folder]))(`${name} under test`, () => {
    let server: StartedMtlsMysql;
    beforeAll(async () => {
      server = await create().withPki(pki).start();
    }, 60_000);
    afterAll(() => server?.stop());

    describeServerUnderTest(name, { attempt: (tls) => query(server, tls) }, { pki, ...options });
  });
}

test.for(['', 'a b', "a'; drop user root"])('a user named "%s" is rejected before anything starts', (username) => {
  expect(() => new MtlsMysql().withUsername(username)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  expect(() => new MtlsMariadb().withDatabase(username)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});

async function query(server: StartedMtlsMysql, credential: ClientCredential): Promise<unknown[]> {
  const connection = await mysql.createConnection(server.clientOptions(credential));
  try {
    const [rows] = await connection.query('select database() as name, user() as user, version() as version');
    return rows as unknown[]; // of a select
  } finally {
    connection.destroy();
  }
}
