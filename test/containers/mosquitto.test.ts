import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MtlsMosquitto, type StartedMtlsMosquitto } from '../../src/containers/mosquitto.ts';
import type { ClientCredential } from '../../src/containers/mtls-container.ts';
import { attemptHandshake, createPki } from '../../src/index.ts';
import { describeServerUnderTest } from '../../src/vitest/index.ts';
import { describeWithImages, imageOf } from './images.ts';

const pki = createPki();
const strangers = createPki();

await describeWithImages('Mosquitto', ['mosquitto'], () => {
  let mosquitto: StartedMtlsMosquitto;
  beforeAll(async () => {
    mosquitto = await new MtlsMosquitto(imageOf('mosquitto')).withPki(pki).start();
  });
  afterAll(() => mosquitto?.stop());

  test('carries a message for a client of its PKI', async () => {
    expect(await roundTrip(mosquitto, pki.client('alice'))).toBe('a message');
  });

  test.for([
    ['that is missing', { ca: pki.anchors, minVersion: 'TLSv1.3' }, 'certificate_required'],
    ['that is missing, TLS 1.2', { ca: pki.anchors, maxVersion: 'TLSv1.2' }, 'handshake_failure'],
    ['that has expired', pki.client('a', { notAfter: new Date(0) }), 'certificate_expired'],
    ['of another CA', strangers.client('a').trusting(pki), 'unknown_ca'],
  ] as const)('refuses a certificate %s', async ([, credential, alert]) => {
    await expect(roundTrip(mosquitto, credential)).toFailHandshake({ by: 'server', alert });
  });

  test('the client refuses it where it trusts another CA', async () => {
    const attempt = roundTrip(mosquitto, pki.client().trusting(strangers));

    await expect(attempt).toFailHandshake({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

  describeServerUnderTest('Mosquitto', { attempt: (tls) => roundTrip(mosquitto, tls) }, { pki, stack: 'openssl' });
});

await describeWithImages('Mosquitto with CRLs', ['mosquitto'], () => {
  test('refuses a certificate that was revoked', async () => {
    const revoked = pki.client('revoked');
    pki.issuer.revoke(revoked);
    await using mosquitto = await new MtlsMosquitto(imageOf('mosquitto')).withPki(pki).withCredential({ crl: true }).start();
    const endpoint = { host: mosquitto.getHost(), port: mosquitto.getPort() };

    expect(await attemptHandshake(endpoint, { identity: pki.client() })).toBeAccepted();
    expect(await attemptHandshake(endpoint, { identity: revoked })).toBeRejected({ by: 'server', alert: 'certificate_revoked' });
  });
});

async function roundTrip(mosquitto: StartedMtlsMosquitto, credential: ClientCredential): Promise<string> {
  const options = { ...mosquitto.clientOptions(credential), reconnectPeriod: 0, connectTimeout: 5000 };
  const client = await connectAsync(mosquitto.getUrl(), options, false); // false: the first failure is the answer
  try {
    const topic = `topic/${client.options.clientId}`;
    const arrived = new Promise<string>((resolve) => client.on('message', (_topic, payload) => resolve(payload.toString())));
    await client.subscribeAsync(topic);
    await client.publishAsync(topic, 'a message');
    return await arrived;
  } finally {
    await client.endAsync(true);
  }
}
