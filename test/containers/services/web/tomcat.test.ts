import fs from 'node:fs';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MtlsTomcat, type StartedMtlsTomcat } from '../../../../src/containers/services/web/tomcat.ts';
import { attemptHandshake, createPki } from '../../../../src/index.ts';
import { describeServerUnderTest } from '../../../../src/vitest/index.ts';
import { divergencesOf } from '../../divergences.ts';
import { imageOf, lacksImages } from '../../images.ts';
import { listeningPorts } from '../../listening-ports.ts';
import { refusalTold } from '../../refusal-told.ts';
import { testRefusedClients, testUntrustedService } from '../refusals.ts';
import { pageOf } from './page-of.ts';

const pki = createPki();
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

describe.skipIf(await lacksImages(['tomcat']))('Tomcat', () => {
  let tomcat: StartedMtlsTomcat;
  beforeAll(async () => {
    tomcat = await new MtlsTomcat(imageOf('tomcat')).withPki(pki).start();
  }, 180_000);
  afterAll(() => tomcat?.stop());

  test('answers a client of its PKI, over HTTP/1.1 and HTTP/2', async () => {
    const { body } = await request(tomcat.getUrl(), { dispatcher: new Agent(tomcat.clientOptions(pki.client('alice'))) });
    const handshake = await attemptHandshake(
      { host: tomcat.getHost(), port: tomcat.getPort() },
      { identity: pki.client(), ALPNProtocols: ['h2'] },
    );

    expect(await body.text()).toBe('let in\n');
    expect(await pageOf(tomcat, pki.client('bob'))).toBe('let in\n');
    expect(handshake).toMatchObject({ verdict: 'accepted', alpn: 'h2' });
  });

  test('opens no port without TLS', async () => {
    expect(await listeningPorts(tomcat)).toEqual([8443]);
  });

  testRefusedClients(pki, [(tls) => pageOf(tomcat, tls)], { expired: 'certificate_unknown', untrusted: 'certificate_unknown' });
  testUntrustedService(pki, [(tls) => pageOf(tomcat, tls)]);

  for (const version of versions)
    describeServerUnderTest(
      'Tomcat',
      { attempt: (tls) => pageOf(tomcat, tls) },
      { pki, stack: 'java', versions: [version], expected: divergencesOf('tomcat', version) },
    );
});

describe.skipIf(await lacksImages(['tomcat']))('Tomcat with CRLs and users', () => {
  const revoked = pki.client('revoked');
  pki.issuer.revoke(revoked);
  let tomcat: StartedMtlsTomcat;
  beforeAll(async () => {
    tomcat = await new MtlsTomcat(imageOf('tomcat')).withPki(pki).withCredential({ crl: true }).withUsers({ alice: 'reader' }).start();
  }, 180_000);
  afterAll(() => tomcat?.stop());

  test.for(versions)('rejects a certificate that was revoked, in %s', async (version) => {
    expect(await pageOf(tomcat, pki.client('alice'), version)).toBe('let in\n');

    const attempt = refusalTold(() => pageOf(tomcat, revoked, version));
    await expect(attempt).toFailHandshake({ by: 'server', alert: 'certificate_unknown' });
  });

  test('rejects a valid certificate that names no user after the handshake', async () => {
    expect(await pageOf(tomcat, tomcat.client)).toBe('let in\n');

    await expect(pageOf(tomcat, pki.client('mallory'))).rejects.toThrow('status 401');
  });
});

test.for([
  ['no user', {}, 'users'],
  ['a name with a quote', { 'a"b': 'reader' }, 'users'],
  ['a role with a comma', { alice: 'reader,writer' }, 'alice'],
] as [string, Record<string, string>, string][])('%s is rejected before anything starts', ([, users, option]) => {
  const given = new MtlsTomcat();

  expect(() => given.withUsers(users)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option }) }),
  );
  expect(() => given.withUsers({ alice: ['reader', 'writer'] })).not.toThrow();
});

test('Tomcat’s two configurations differ by the CRLs alone', () => {
  const [plain, withCrls] = ['server.xml', 'server-crl.xml'].map((name) =>
    fs.readFileSync(new URL(`../../../../fixtures/containers/tomcat/${name}`, import.meta.url), 'utf8'),
  );

  expect(withCrls?.replace(/\s+certificateRevocationListFile="\/mtls\/ca\.crl"/u, '')).toBe(plain);
});
