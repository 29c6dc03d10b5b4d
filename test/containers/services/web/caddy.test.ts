import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MtlsCaddy, type StartedMtlsCaddy } from '../../../../src/containers/services/web/caddy.ts';
import { attemptHandshake, createPki } from '../../../../src/index.ts';
import { describeServerUnderTest } from '../../../../src/vitest/index.ts';
import { divergencesOf } from '../../divergences.ts';
import { imageOf, lacksImages } from '../../images.ts';
import { listeningPorts } from '../../listening-ports.ts';
import { testRefusedClients, testUntrustedService, testWithoutCrls } from '../refusals.ts';
import { pageOf } from './page-of.ts';

const pki = createPki();

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

  testRefusedClients(pki, [(tls) => pageOf(caddy, tls)]);
  testUntrustedService(pki, [(tls) => pageOf(caddy, tls)]);

  describeServerUnderTest(
    'Caddy',
    { attempt: (tls) => pageOf(caddy, tls) },
    { pki, stack: 'go', expected: divergencesOf('caddy', 'TLSv1.3') },
  );
});

testWithoutCrls('Caddy checks no CRLs', (given) => new MtlsCaddy('none').withPki(given).withCredential({ crl: true }).start());
