import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MtlsHaproxy, type StartedMtlsHaproxy } from '../../src/containers/haproxy.ts';
import type { ClientCredential } from '../../src/containers/mtls-container.ts';
import { attemptHandshake, createPki } from '../../src/index.ts';
import { describeServerUnderTest } from '../../src/vitest/index.ts';
import { describeWithImages, imageOf } from './images.ts';

const pki = createPki();
const strangers = createPki();

await describeWithImages('HAProxy', ['haproxy'], () => {
  let haproxy: StartedMtlsHaproxy;
  beforeAll(async () => {
    haproxy = await new MtlsHaproxy(imageOf('haproxy')).withPki(pki).start();
  });
  afterAll(() => haproxy?.stop());

  test('answers a client of its PKI with the name in its certificate', async () => {
    expect(await getPage(haproxy, pki.client('alice'))).toBe('CN=alice\n');
  });

  test('speaks HTTP/2 where the client does', async () => {
    const handshake = await attemptHandshake(
      { host: haproxy.getHost(), port: haproxy.getPort() },
      { identity: pki.client(), ALPNProtocols: ['h2'] },
    );

    expect(handshake).toMatchObject({ verdict: 'accepted', alpn: 'h2' });
  });

  test.for([
    ['that is missing', undefined, 'certificate_required'],
    ['that has expired', pki.client('a', { notAfter: new Date(0) }), 'certificate_expired'],
    ['of another CA', strangers.client('a').trusting(pki), 'unknown_ca'],
  ] as const)('refuses a certificate %s', async ([, identity, alert]) => {
    const endpoint = { host: haproxy.getHost(), port: haproxy.getPort() };

    const handshake = await attemptHandshake(endpoint, { trust: pki, ...(identity && { identity }) });

    expect(handshake).toBeRejected({ by: 'server', alert });
    await expect(getPage(haproxy, identity ?? { ca: pki.anchors })).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:UND_ERR_SOCKET|ECONNRESET|ERR_SSL_.+)$/u),
    });
  });

  test('the client refuses it where it trusts another CA', async () => {
    const attempt = getPage(haproxy, pki.client().trusting(strangers));

    await expect(attempt).toFailHandshake({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

  describeServerUnderTest('HAProxy', { attempt: (tls) => getPage(haproxy, tls) }, { pki, stack: 'openssl' });
});

await describeWithImages('HAProxy with CRLs', ['haproxy'], () => {
  test('refuses a certificate that was revoked', async () => {
    const revoked = pki.client('revoked');
    pki.issuer.revoke(revoked);
    await using haproxy = await new MtlsHaproxy(imageOf('haproxy')).withPki(pki).withCredential({ crl: true }).start();
    const endpoint = { host: haproxy.getHost(), port: haproxy.getPort() };

    expect(await attemptHandshake(endpoint, { identity: pki.client() })).toBeAccepted();
    expect(await attemptHandshake(endpoint, { identity: revoked })).toBeRejected({ by: 'server', alert: 'certificate_revoked' });
  });
});

async function getPage(haproxy: StartedMtlsHaproxy, credential: ClientCredential): Promise<string> {
  const dispatcher = new Agent(haproxy.clientOptions(credential));
  try {
    const { statusCode, body } = await request(haproxy.getUrl(), { dispatcher });
    if (statusCode !== 200) throw new Error(`status ${statusCode}`);
    return await body.text();
  } finally {
    await dispatcher.destroy();
  }
}
