import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MtlsCaddy, type StartedMtlsCaddy } from '../../../../src/containers/services/web/caddy.ts';
import { attemptHandshake, createPki } from '../../../../src/index.ts';
import { describeServerUnderTest } from '../../../../src/vitest/index.ts';
import { divergencesOf } from '../../divergences.ts';
import { imageOf, lacksImages } from '../../images.ts';
import { listeningPorts } from '../../listening-ports.ts';
import { refusalTold } from '../../refusal-told.ts';
import { pageOf } from './page-of.ts';

const pki = createPki();
const others = createPki();
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

describe.skipIf(await lacksImages(['caddy']))('Caddy', () => {
  let caddy: StartedMtlsCaddy;
  beforeAll(async () => {
    caddy = await new MtlsCaddy(imageOf('caddy')).withPki(pki).start();
  }, 60_000);
  afterAll(() => caddy?.stop());

  test('answers a client of its PKI with the subject of its certificate, over HTTP/1.1 and HTTP/2', async () => {
    const { body } = await request(caddy.getUrl(), { dispatcher: new Agent(caddy.clientOptions(pki.client('alice'))) });
    const handshake = await attemptHandshake(
      { host: caddy.getHost(), port: caddy.getPort() },
      { identity: pki.client(), ALPNProtocols: ['h2'] },
    );

    expect(await body.text()).toBe('CN=alice\n');
    expect(await pageOf(caddy, pki.client('bob'))).toBe('CN=bob\n');
    expect(handshake).toMatchObject({ verdict: 'accepted', alpn: 'h2' });
  });

  test('opens no port without TLS', async () => {
    expect(await listeningPorts(caddy)).toEqual([8443]);
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
    await expect(refusalTold(() => pageOf(caddy, credential, version))).toFailHandshake({ by: 'server', alert });
  });

  test('the client rejects it where it trusts another CA', async () => {
    const attempt = pageOf(caddy, pki.client().trusting(others));

    await expect(attempt).toFailHandshake({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

  describeServerUnderTest(
    'Caddy',
    { attempt: (tls) => pageOf(caddy, tls) },
    { pki, stack: 'go', expected: divergencesOf('caddy', 'TLSv1.3') },
  );
});

test('CRLs, which Caddy does not check, are rejected before anything starts', async () => {
  const attempt = new MtlsCaddy('none').withPki(pki).withCredential({ crl: true }).start();

  await expect(attempt).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining('Caddy checks no CRLs'),
    facts: { option: 'crl' },
  });
});

const noCertificate = { 'TLSv1.3': 'certificate_required', 'TLSv1.2': 'handshake_failure' } as const;
