import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MtlsApache, type StartedMtlsApache } from '../../../../src/containers/services/web/apache.ts';
import { attemptHandshake, createPki } from '../../../../src/index.ts';
import { describeServerUnderTest } from '../../../../src/vitest/index.ts';
import { imageOf, lacksImages } from '../../images.ts';
import { listeningPorts } from '../../listening-ports.ts';
import { refusalTold } from '../../refusal-told.ts';
import { pageOf } from './page-of.ts';

const pki = createPki();
const others = createPki();
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

  test.for(
    versions.flatMap((version) =>
      (
        [
          ['that is missing', { ca: pki.anchors }, noCertificate[version]],
          ['that has expired', pki.client('a', { notAfter: new Date(0) }), 'certificate_expired'],
          ['of another CA', others.client('a').trusting(pki), 'unknown_ca'],
        ] as const
      ).map(([what, credential, alert]) => ({ version, what, credential, alert })),
    ),
  )('rejects a certificate $what with $alert in $version', async ({ version, credential, alert }) => {
    await expect(refusalTold(() => pageOf(apache, credential, version))).toFailHandshake({ by: 'server', alert });
  });

  test('the client rejects it where it trusts another CA', async () => {
    const attempt = pageOf(apache, pki.client().trusting(others));

    await expect(attempt).toFailHandshake({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

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

const noCertificate = { 'TLSv1.3': 'certificate_required', 'TLSv1.2': 'handshake_failure' } as const;
