import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MtlsMosquitto, type StartedMtlsMosquitto } from '../../../src/containers/services/mosquitto.ts';
import type { ClientCredential } from '../../../src/containers/mtls-container.ts';
import { createPki } from '../../../src/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';
import { imageOf, lacksImages } from '../images.ts';
import { listeningPorts } from '../listening-ports.ts';
import { refusalTold } from '../refusal-told.ts';
import { testRefusedClients, testUntrustedService } from './refusals.ts';

const pki = createPki();
const oldest = { maxVersion: 'TLSv1.2' } as const;

describe.skipIf(await lacksImages(['mosquitto']))('Mosquitto', () => {
  let mosquitto: StartedMtlsMosquitto;
  beforeAll(async () => {
    mosquitto = await new MtlsMosquitto(imageOf('mosquitto')).withPki(pki).start();
  });
  afterAll(() => mosquitto?.stop());

  test('carries a message for a client of its PKI, whose user is the name in its certificate', async () => {
    const message = await roundTrip(mosquitto, pki.client('alice'));
    const log = await logUntil(mosquitto, /New client connected .*u'alice'/u);

    expect(message).toBe('a message');
    expect(log).not.toContain("u'bob'");
  });

  test('opens no port without TLS', async () => {
    expect(await listeningPorts(mosquitto)).toEqual([8883]);
  });

  test('rejects a valid certificate without a name after the handshake', async () => {
    const attempt = roundTrip(mosquitto, pki.client(undefined, { subject: { organization: 'Nobody' } }));

    await expect(attempt).rejects.toMatchObject({ code: 4, message: 'Connection refused: Bad username or password' });
  });

  testRefusedClients(pki, [(tls) => roundTrip(mosquitto, tls)]);
  testUntrustedService(pki, [(tls) => roundTrip(mosquitto, tls)]);

  describeServerUnderTest('Mosquitto', { attempt: (tls) => roundTrip(mosquitto, tls) }, { pki, stack: 'openssl' });
});

describe.skipIf(await lacksImages(['mosquitto']))('Mosquitto with CRLs', () => {
  const revoked = pki.client('revoked');
  pki.issuer.revoke(revoked);
  let mosquitto: StartedMtlsMosquitto;
  beforeAll(async () => {
    mosquitto = await new MtlsMosquitto(imageOf('mosquitto')).withPki(pki).withCredential({ crl: true }).start();
  }, 60_000);
  afterAll(() => mosquitto?.stop());

  test('rejects a certificate that was revoked', async () => {
    expect(await roundTrip(mosquitto, pki.client('alice'))).toBe('a message');
    for (const versions of [{}, oldest]) {
      const attempt = refusalTold(() => roundTrip(mosquitto, { ...revoked.tls, ...versions }));
      await expect(attempt).toFailHandshake({ by: 'server', alert: 'certificate_revoked' });
    }
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

/** The broker's log up to this line. */
async function logUntil(mosquitto: StartedMtlsMosquitto, told: RegExp): Promise<string> {
  let log = '';
  for await (const chunk of await mosquitto.logs()) {
    log += String(chunk);
    if (told.test(log)) break; // ends the stream, too
  }
  return log;
}
