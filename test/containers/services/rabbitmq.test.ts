import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientCredential } from '../../../src/containers/mtls-container.ts';
import { MtlsRabbitmq, type StartedMtlsRabbitmq } from '../../../src/containers/services/rabbitmq.ts';
import { createPki } from '../../../src/index.ts';
import type { TlsVersion } from '../../../src/scenarios/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';
import { divergencesOf } from '../divergences.ts';
import { imageOf, lacksImages } from '../images.ts';
import { refusalTold } from '../refusal-told.ts';
import { testRefusedClients } from './refusals.ts';

const pki = createPki();
const others = createPki();
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

describe.skipIf(await lacksImages(['rabbitmq']))('RabbitMQ', () => {
  let rabbitmq: StartedMtlsRabbitmq;
  beforeAll(async () => {
    rabbitmq = await new MtlsRabbitmq(imageOf('rabbitmq')).withPki(pki).withUsername('client').start();
  }, 60_000);
  afterAll(() => rabbitmq?.stop());

  test('carries a message for the client whose certificate has the name of the user, over the one port that it opens', async () => {
    const message = await roundTrip(rabbitmq, rabbitmq.client);
    const { output } = await rabbitmq.exec([
      'rabbitmqctl',
      'eval',
      '[{Protocol, Port} || {listener, _, Protocol, _, _, Port, _} <- rabbit_networking:active_listeners()].',
    ]);

    expect(message).toBe('a message');
    expect(output).toMatch(/\{'amqp\/ssl',5671\}/u);
    expect(output).not.toMatch(/\{amqp,|,5672\}/u);
  });

  testRefusedClients(pki, [(tls) => roundTrip(rabbitmq, tls, tls.maxVersion)]);

  test('rejects a valid certificate of an unknown user after the handshake', async () => {
    const attempt = roundTrip(rabbitmq, pki.client('mallory'));

    await expect(attempt).rejects.toThrow(/403 \(ACCESS-REFUSED\).*refused using authentication mechanism EXTERNAL/u);
  });

  test('accepts no password in place of a certificate', async () => {
    const { credentials: _, ...tls } = rabbitmq.clientOptions();
    const attempt = connect(rabbitmq.getUrl(), tls);

    await expect(attempt).rejects.toThrow('SASL mechanism PLAIN is not provided by the server');
  });

  test('the client rejects it where it trusts another CA', async () => {
    const attempt = roundTrip(rabbitmq, pki.client('client').trusting(others));

    await expect(attempt).rejects.toMatchObject({ code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

  for (const version of versions)
    describeServerUnderTest(
      'RabbitMQ',
      { attempt: (tls) => roundTrip(rabbitmq, tls) },
      { pki, versions: [version], expected: divergencesOf('rabbitmq', version) },
    );
});

describe.skipIf(await lacksImages(['rabbitmq']))('RabbitMQ with CRLs', () => {
  const revoked = pki.client('test');
  pki.issuer.revoke(revoked);
  let rabbitmq: StartedMtlsRabbitmq;
  beforeAll(async () => {
    rabbitmq = await new MtlsRabbitmq(imageOf('rabbitmq')).withPki(pki).withCredential({ crl: true }).start();
  }, 60_000);
  afterAll(() => rabbitmq?.stop());

  test('rejects a certificate that was revoked', async () => {
    const control = await roundTrip(rabbitmq, rabbitmq.client);
    const attempt = refusalTold(() => roundTrip(rabbitmq, revoked));

    expect(control).toBe('a message');
    await expect(attempt).toFailHandshake({ by: 'server', alert: 'certificate_revoked' });
    const without = refusalTold(() => roundTrip(rabbitmq, { ca: pki.anchors }));
    await expect(without).toFailHandshake({ by: 'server', alert: 'certificate_required' });
  });
});

/** Sends a message through its own queue and fetches it. */
async function roundTrip(
  rabbitmq: StartedMtlsRabbitmq,
  credential: ClientCredential,
  maxVersion?: TlsVersion,
): Promise<string | undefined> {
  const options = { ...rabbitmq.clientOptions(credential), ...(maxVersion && { maxVersion }) };
  const connection = await connect(rabbitmq.getUrl(), options);
  try {
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    channel.sendToQueue(queue, Buffer.from('a message'));
    const message = await channel.get(queue, { noAck: true });
    return message ? message.content.toString() : undefined;
  } finally {
    await connection.close();
  }
}
