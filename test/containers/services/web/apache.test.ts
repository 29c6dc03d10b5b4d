import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MtlsApache, type StartedMtlsApache } from '../../../../src/containers/services/web/apache.ts';
import { attemptHandshake, createPki } from '../../../../src/index.ts';
import { describeServerUnderTest } from '../../../../src/vitest/index.ts';
import { imageOf, lacksImages } from '../../images.ts';
import { listeningPorts } from '../../listening-ports.ts';
import { refusalTold } from '../../refusal-told.ts';
import { testRefusedClients, testUntrustedService } from '../refusals.ts';
import { pageOf } from './page-of.ts';

const pki = createPki();
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

describe.skipIf(await lacksImages(['apache']))('Apache', () => {
  let apache: StartedMtlsApache;
  beforeAll(async () => {
    apache = await new MtlsApache(imageOf('apache')).withPki(pki).start();
  }, 60_000);
  afterAll(() => apache?.stop());

  test('answers a client of its PKI with the subject of its certificate, over HTTP/1.1 and HTTP/2', async () => {
    const { body } = await request(apache.getUrl(), { dispatcher: new Agent(apache.clientOptions(pki.client('alice'))) });
    const handshake = await attemptHandshake(
      { host: apache.getHost(), port: apache.getPort() },
      { identity: pki.client(), ALPNProtocols: ['h2'] },
    );

    expect(await body.text()).toBe('CN=alice\n');
    expect(await pageOf(apache, pki.client('bob'))).toBe('CN=bob\n');
    expect(handshake).toMatchObject({ verdict: 'accepted', alpn: 'h2' });
  });

  test('opens no port without TLS', async () => {
    expect(await listeningPorts(apache)).toEqual([8443]);
  });

  testRefusedClients(pki, [(tls) => pageOf(apache, tls)]);
  testUntrustedService(pki, [(tls) => pageOf(apache, tls)]);

  describeServerUnderTest('Apache', { attempt: (tls) => pageOf(apache, tls) }, { pki, stack: 'openssl' });
});

describe.skipIf(await lacksImages(['apache']))('Apache with CRLs', () => {
  const revoked = pki.client('revoked');
  pki.issuer.revoke(revoked);
  let apache: StartedMtlsApache;
  beforeAll(async () => {
    apache = await new MtlsApache(imageOf('apache')).withPki(pki).withCredential({ crl: true }).start();
  }, 60_000);
  afterAll(() => apache?.stop());

  test.for(versions)('rejects a certificate that was revoked, in %s', async (version) => {
    expect(await pageOf(apache, pki.client('alice'), version)).toBe('CN=alice\n');

    const attempt = refusalTold(() => pageOf(apache, revoked, version));
    await expect(attempt).toFailHandshake({ by: 'server', alert: 'certificate_revoked' });
  });
});
