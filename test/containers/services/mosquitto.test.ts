import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MtlsMosquitto, type StartedMtlsMosquitto } from '../../../src/containers/services/mosquitto.ts';
import type { ClientCredential } from '../../../src/containers/mtls-container.ts';
import { createPki } from '../../../src/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';
import { imageOf, lacksImages } from '../images.ts';
import { listeningPorts } from '../listening-ports.ts';
import { refusalTold } from '../refusal-told.ts';

const pki = createPki();
const others = createPki();
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

  test.for([
    ['that is missing', { ca: pki.anchors }, 'certificate_required'],
    ['that is missing, TLS 1.2', { ca: pki.anchors, ...oldest }, 'handshake_failure'],
    ['that has expired', pki.client('a', { notAfter: new Date(0) }), 'certificate_expired'],
    ['that has expired, TLS 1.2', { ...pki.client('a', { notAfter: new Date(0) }).tls, ...oldest }, 'certificate_expired'],
    ['of another CA', others.client('a').trusting(pki), 'unknown_ca'],
    ['of another CA, TLS 1.2', { ...others.client('a').trusting(pki).tls, ...oldest }, 'unknown_ca'],
  ] as const)('rejects a certificate %s', async ([, credential, alert]) => {
    await expect(refusalTold(() => roundTrip(mosquitto, credential))).toFailHandshake({ by: 'server', alert });
  });

  test('the client rejects it where it trusts another CA', async () => {
    const attempt = roundTrip(mosquitto, pki.client().trusting(others));

    await expect(attempt).toFailHandshake({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

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
