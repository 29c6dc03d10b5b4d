import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MtlsNginx, type StartedMtlsNginx } from '../../../../src/containers/services/web/nginx.ts';
import { attemptHandshake, createPki } from '../../../../src/index.ts';
import { describeServerUnderTest } from '../../../../src/vitest/index.ts';
import { imageOf, lacksImages } from '../../images.ts';

describe.skipIf(await lacksImages(['nginx']))('nginx', () => {
  const pki = createPki();
  let nginx: StartedMtlsNginx;
  beforeAll(async () => {
    nginx = await new MtlsNginx(imageOf('nginx')).withPki(pki).withCredential({ crl: true }).start();
  });
  afterAll(() => nginx?.stop());

  test('answers a client of its PKI with the subject of its certificate', async () => {
    const { statusCode, body } = await request(nginx.getUrl(), { dispatcher: new Agent(nginx.clientOptions(pki.client('alice'))) });

    expect([statusCode, await body.text()]).toEqual([200, 'CN=alice\n']);
  });

  test('completes the handshake of a client without certificate and rejects it then', async () => {
    const handshake = await attemptHandshake({ host: nginx.getHost(), port: nginx.getPort() }, { trust: pki });
    const { statusCode } = await request(nginx.getUrl(), { dispatcher: new Agent(nginx.clientOptions({ ca: pki.anchors })) });

    expect(handshake.verdict).toBe('accepted');
    expect(statusCode).toBe(400);
  });
});

describe.skipIf(await lacksImages(['nginx']))('nginx under test', () => {
  const pki = createPki();
  let nginx: StartedMtlsNginx;
  beforeAll(async () => {
    nginx = await new MtlsNginx(imageOf('nginx')).withPki(pki).start();
  });
  afterAll(() => nginx?.stop());

  describeServerUnderTest(
    'nginx',
    {
      attempt: async (tls) => {
        const dispatcher = new Agent(nginx.clientOptions(tls));
        try {
          const { statusCode, body } = await request(nginx.getUrl(), { dispatcher });
          await body.dump();
          if (statusCode !== 200) throw new Error(`status ${statusCode}`);
        } finally {
          await dispatcher.destroy();
        }
      },
    },
    { pki, stack: 'openssl', tiers: ['core', 'control', 'extended'] },
  );
});
