import https from 'node:https';
import { text } from 'node:stream/consumers';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MtlsHaproxy, type StartedMtlsHaproxy } from '../../../../src/containers/services/web/haproxy.ts';
import type { ClientCredential } from '../../../../src/containers/mtls-container.ts';
import { attemptHandshake, createPki } from '../../../../src/index.ts';
import { describeServerUnderTest } from '../../../../src/vitest/index.ts';
import { imageOf, lacksImages } from '../../images.ts';
import { listeningPorts } from '../../listening-ports.ts';
import { refusalTold } from '../../refusal-told.ts';
import { type Attempt, testRefusedClients, testUntrustedService } from '../refusals.ts';

const pki = createPki();
const oldest = { maxVersion: 'TLSv1.2' } as const;

describe.skipIf(await lacksImages(['haproxy']))('HAProxy', () => {
  let haproxy: StartedMtlsHaproxy;
  beforeAll(async () => {
    haproxy = await new MtlsHaproxy(imageOf('haproxy')).withPki(pki).start();
  });
  afterAll(() => haproxy?.stop());

  test('answers a client of its PKI with the name in its certificate, whichever library it uses', async () => {
    expect(await getPage(haproxy, pki.client('alice'))).toBe('CN=alice\n');
    expect(await getPageByNode(haproxy, pki.client('bob'))).toBe('CN=bob\n');
  });

  test('opens no port without TLS', async () => {
    expect(await listeningPorts(haproxy)).toEqual([8443]);
  });

  test('speaks HTTP/2 where the client does', async () => {
    const handshake = await attemptHandshake(
      { host: haproxy.getHost(), port: haproxy.getPort() },
      { identity: pki.client(), ALPNProtocols: ['h2'] },
    );

    expect(handshake).toMatchObject({ verdict: 'accepted', alpn: 'h2' });
  });

  test('continues without ALPN where no protocol matches, though RFC 7301 3.2 requires an alert', async () => {
    const page = await getPageByNode(haproxy, pki.client('alice'), ['no-such-protocol']);

    expect(page).toBe('CN=alice\n');
  });

  const attempts: readonly Attempt[] = [(tls) => getPage(haproxy, tls), (tls) => getPageByNode(haproxy, tls)];
  testRefusedClients(pki, attempts);
  testUntrustedService(pki, attempts);

  describeServerUnderTest('HAProxy', { attempt: (tls) => getPage(haproxy, tls) }, { pki, stack: 'openssl' });
});

describe.skipIf(await lacksImages(['haproxy']))('HAProxy with CRLs', () => {
  const revoked = pki.client('revoked');
  pki.issuer.revoke(revoked);
  let haproxy: StartedMtlsHaproxy;
  beforeAll(async () => {
    haproxy = await new MtlsHaproxy(imageOf('haproxy')).withPki(pki).withCredential({ crl: true }).start();
  }, 60_000);
  afterAll(() => haproxy?.stop());

  test('rejects a certificate that was revoked', async () => {
    expect(await getPage(haproxy, pki.client('alice'))).toBe('CN=alice\n');
    for (const versions of [{}, oldest]) {
      const attempt = refusalTold(() => getPage(haproxy, { ...revoked.tls, ...versions }));
      await expect(attempt).toFailHandshake({ by: 'server', alert: 'certificate_revoked' });
    }
  });
});

/** Over HTTP/2, as undici 8 does where the server can; over HTTP/1.1 it hides the alert of TLS 1.3 behind "other side closed" (measured). */
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

/** Over HTTP/1.1, whatever was negotiated. */
function getPageByNode(haproxy: StartedMtlsHaproxy, credential: ClientCredential, ALPNProtocols = ['http/1.1']): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { ...haproxy.clientOptions(credential).connect, ALPNProtocols, agent: false };
    const sent = https.get(haproxy.getUrl(), options, (response) => {
      text(response).then(resolve, reject);
    });
    sent.on('error', reject);
  });
}
