import { Base, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askForBrokers, MtlsKafka, type StartedMtlsKafka } from '../../../src/containers/services/kafka.ts';
import type { ClientCredential } from '../../../src/containers/mtls-container.ts';
import { attemptHandshake, createPki } from '../../../src/index.ts';
import type { TlsVersion } from '../../../src/scenarios/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';
import { divergencesOf } from '../divergences.ts';
import { imageOf, lacksImages } from '../images.ts';
import { listeningPorts } from '../listening-ports.ts';

const pki = createPki();
const others = createPki();
const versions = ['TLSv1.3', 'TLSv1.2'] as const;
const rejected = versions.flatMap((version) =>
  (
    [
      ['that is missing', undefined, noCertificate(version)],
      ['that has expired', pki.client('client', { notAfter: new Date(0) }), 'certificate_unknown'],
      ['of another CA', others.client('client').trusting(pki), 'certificate_unknown'],
    ] as const
  ).map(([what, identity, alert]) => ({ version, what, identity, alert })),
);

describe.skipIf(await lacksImages(['kafka']))('Kafka', () => {
  let kafka: StartedMtlsKafka;
  beforeAll(async () => {
    kafka = await new MtlsKafka(imageOf('kafka')).withPki(pki).start();
  }, 180_000);
  afterAll(() => kafka?.stop());

  test('carries a message for a client of its PKI', { timeout: 30_000 }, async () => {
    expect(await roundTrip(kafka, 'a message')).toBe('a message');
  });

  test('tells a client the mapped port', async () => {
    expect(await brokersOf(kafka, kafka.client)).toEqual([expect.objectContaining({ host: kafka.getHost(), port: kafka.getPort() })]);
  });

  test('only its user, who is not root, can read the key', async () => {
    const { output } = await kafka.exec(['stat', '-c', '%n %u:%g %a', '/mtls/tls.key', '/tmp/keystore.pem']);
    const { output: user } = await kafka.exec(['stat', '-c', '%u:%g', '/proc/1']);

    expect(output.trim().split('\n')).toEqual(['/mtls/tls.key 1000:1000 600', '/tmp/keystore.pem 1000:1000 600']);
    expect(user.trim()).toBe('1000:1000');
  });

  test('opens one port to others, the one that speaks TLS', async () => {
    expect(await listeningPorts(kafka, { loopback: false })).toEqual([9093]);
    expect(await listeningPorts(kafka)).toEqual([9092, 9093, 9094]);
  });

  test.for(rejected)('rejects a certificate $what with $alert in $version', async ({ version, identity, alert }) => {
    const [host, port] = [kafka.getHost(), kafka.getPort()];
    const handshake = await attemptHandshake({ host, port }, { trust: pki, maxVersion: version, ...(identity && { identity }) });

    expect(handshake).toBeRejected({ by: 'server', alert });
  });

  test.for(rejected.filter(({ version }) => version === 'TLSv1.2'))(
    'rejects a client of @platformatic/kafka with a certificate $what, which shows the alert of TLS 1.2',
    async ({ version, identity, alert }) => {
      const attempt = brokersOf(kafka, identity ?? { ca: pki.anchors }, version);

      await expect(attempt).toFailHandshake({ by: 'server', alert });
    },
  );

  // Measured with 2.12.1: what arrives after the client's side of the handshake is lost, and an alert of TLS 1.3 arrives then.
  test.for(rejected.filter(({ version }) => version === 'TLSv1.3'))(
    'rejects a client of @platformatic/kafka with a certificate $what, which reports of TLS 1.3 only that the connection was closed',
    async ({ version, identity }) => {
      const attempt = brokersOf(kafka, identity ?? { ca: pki.anchors }, version);

      await expect(attempt).rejects.toMatchObject({ code: 'PLT_KFK_NETWORK', message: 'Connection closed' });
    },
  );

  test('the client rejects it where it trusts another CA', async () => {
    const attempt = brokersOf(kafka, pki.client('client').trusting(others));

    await expect(attempt).toFailHandshake({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

  test('returns options for kafkajs and for @platformatic/kafka', () => {
    const { cert, key, ca } = kafka.client.tls;

    const options = kafka.clientOptions();

    const brokers = [`${kafka.getHost()}:${kafka.getPort()}`];
    expect(options).toEqual({ brokers, bootstrapBrokers: brokers, ssl: { cert, key, ca } });
    expect(kafka.clientOptions({ ca: pki.anchors }).ssl).toEqual({ ca: pki.anchors });
  });

  for (const version of versions) {
    const options = { pki, versions: [version], expected: divergencesOf('kafka', version) };
    describeServerUnderTest('Kafka', { attempt: (tls) => brokersOf(kafka, tls) }, options);
    // The library hides the alerts of TLS 1.3.
    if (version === 'TLSv1.3') describeServerUnderTest('Kafka, by its alerts', { attempt: (tls) => askBrokers(kafka, tls) }, options);
  }
});

test('Kafka is not started with CRLs, which it would not read', async () => {
  const attempt = new MtlsKafka('none').withPki(pki).withCredential({ crl: true }).start();

  await expect(attempt).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining('Kafka reads no CRL files'),
    facts: { option: 'crl' },
  });
});

/** Sends a message to a topic of its own and fetches it, of the partition itself: a group would wait for its coordinator. */
async function roundTrip(kafka: StartedMtlsKafka, message: string): Promise<string | undefined> {
  const common = { clientId: 'test', ...kafka.clientOptions() };
  const producer = new Producer({ ...common, serializers: stringSerializers, autocreateTopics: true });
  await producer.send({ messages: [{ topic: 'messages', value: message }] });
  await producer.close();
  const consumer = new Consumer({ ...common, groupId: 'test', deserializers: stringDeserializers });
  try {
    const stream = await consumer.consume({ topics: ['messages'], mode: 'earliest', autocommit: true });
    for await (const { value } of stream) return value;
    return undefined;
  } finally {
    await consumer.close(true);
  }
}

/** What a client of @platformatic/kafka learns of the cluster. */
async function brokersOf(kafka: StartedMtlsKafka, credential: ClientCredential, maxVersion?: TlsVersion): Promise<readonly unknown[]> {
  const options = kafka.clientOptions(credential);
  const client = new Base({ clientId: 'test', ...options, ssl: { ...options.ssl, ...(maxVersion && { maxVersion }) }, retries: 0 });
  try {
    const { brokers } = await client.metadata({ topics: [] });
    return [...brokers.values()];
  } finally {
    await client.close();
  }
}

/** The wrapper's own attempt, which shows alerts of TLS 1.3, too. */
function askBrokers(kafka: StartedMtlsKafka, tls: ClientCredential): Promise<unknown> {
  return askForBrokers()({ host: kafka.getHost(), port: kafka.getPort(), tls: kafka.clientOptions(tls).ssl });
}

function noCertificate(version: TlsVersion): 'certificate_required' | 'handshake_failure' {
  return version === 'TLSv1.3' ? 'certificate_required' : 'handshake_failure';
}
