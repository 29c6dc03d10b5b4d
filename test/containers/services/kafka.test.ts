import fs from 'node:fs';
import { Base } from '@platformatic/kafka';
import { Wait } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askForBrokers } from '../../../src/containers/services/kafka.ts';
import { MtlsKafka, type StartedMtlsKafka } from '../../../src/containers/services/kafka.ts';
import type { ClientCredential } from '../../../src/containers/mtls-container.ts';
import { attemptHandshake, createPki } from '../../../src/index.ts';
import type { TlsVersion } from '../../../src/scenarios/index.ts';
import { describeWith } from '../../interop/judges.ts';
import { type Child, startChild } from '../../interop/peers/child.ts';
import { sourceOf } from '../../interop/peers/programs.ts';
import { type TemporaryFolder, temporaryFolder } from '../../interop/temporary-folder.ts';
import { imageOf, lacksImages } from '../images.ts';

const pki = createPki();
const others = createPki();

/** Kafka's image is only available from a registry: two scripts in place of Kafka's record what they would be given. */
describe.skipIf(await lacksImages(['nginx']))('Kafka’s wrapper, in a container without Kafka', () => {
  let kafka: StartedMtlsKafka;
  beforeAll(async () => {
    kafka = await new MtlsKafka(imageOf('nginx'))
      .withPki(pki)
      .withUser('1000:1000')
      .withCopyContentToContainer(
        Object.entries(scripts).map(([name, content]) => ({ content, target: `/opt/kafka/bin/${name}`, mode: 0o755 })),
      )
      .withWaitStrategy(Wait.forLogMessage('Kafka would run'))
      .start();
  });
  afterAll(() => kafka?.stop());

  test('formats and starts Kafka with one file, in which it advertises the mapped port', async () => {
    const [{ output: given }, properties] = [await kafka.exec(['cat', '/tmp/arguments']), await contentOf(kafka, '/tmp/server.properties')];

    expect(given.split('\n')).toEqual([
      expect.stringMatching(/^1000: format --cluster-id [\w-]{22} --config \/tmp\/server\.properties --ignore-formatted$/u),
      '1000: /tmp/server.properties',
      '',
    ]);
    expect(propertiesOf(properties)['advertised.listeners']).toBe(`MTLS://${kafka.getHost()}:${kafka.getPort()},BROKER://127.0.0.1:9092`);
  });

  test('only its user can read the key', async () => {
    const { output } = await kafka.exec([
      'stat',
      '-c',
      '%n %u:%g %a',
      '/mtls/tls.key',
      '/mtls/tls.crt',
      '/mtls/ca.crt',
      '/tmp/keystore.pem',
    ]);

    expect(output.trim().split('\n')).toEqual([
      '/mtls/tls.key 1000:1000 600',
      '/mtls/tls.crt 1000:1000 644',
      '/mtls/ca.crt 1000:1000 644',
      '/tmp/keystore.pem 1000:1000 600',
    ]);
  });

  test('returns options for kafkajs and for @platformatic/kafka', () => {
    const { cert, key, ca } = kafka.client.tls;

    const options = kafka.clientOptions();

    const brokers = [`${kafka.getHost()}:${kafka.getPort()}`];
    expect(options).toEqual({ brokers, bootstrapBrokers: brokers, ssl: { cert, key, ca } });
    expect(kafka.clientOptions({ ca: pki.anchors }).ssl).toEqual({ ca: pki.anchors });
  });

  describeWith('java')('its files, opened by Java as Kafka opens them', () => {
    let folder: TemporaryFolder;
    let listener: Child;
    let port: number;
    beforeAll(async () => {
      folder = temporaryFolder();
      let properties = await contentOf(kafka, '/tmp/server.properties');
      for (const file of ['/tmp/keystore.pem', '/mtls/ca.crt'])
        properties = properties.replaceAll(`=${file}\n`, `=${folder.write(file.replaceAll('/', '-'), await contentOf(kafka, file))}\n`);
      listener = startChild('java', [
        '-XX:TieredStopAtLevel=1',
        `${sourceOf('kafka-listener')}/Listener.java`,
        folder.write('server.properties', properties),
      ]);
      port = (JSON.parse(await listener.line()) as { readonly port: number }).port; // its first line
    }, 30_000);
    afterAll(async () => {
      await listener?.[Symbol.asyncDispose]();
      folder?.[Symbol.dispose]();
    });

    test('accept a valid client, which learns the mapped port', async () => {
      const brokers = await brokersOf({ kafka, port }, kafka.client);

      expect(brokers).toEqual([expect.objectContaining({ host: kafka.getHost(), port: kafka.getPort() })]);
    });

    test.for(
      (['TLSv1.3', 'TLSv1.2'] as const).flatMap((version) =>
        (
          [
            ['that is missing', undefined, 'bad_certificate'],
            ['that has expired', pki.client('client', { notAfter: new Date(0) }), 'certificate_unknown'],
            ['of another CA', others.client('client').trusting(pki), 'certificate_unknown'],
          ] as const
        ).map(([what, identity, alert]) => ({ version, what, identity, alert })),
      ),
    )('reject a certificate $what with $alert in $version', async ({ version, identity, alert }) => {
      const handshake = await attemptHandshake(
        { host: 'localhost', port },
        { trust: pki, maxVersion: version, ...(identity && { identity }) },
      );

      expect(handshake).toBeRejected({ by: 'server', alert });
    });

    test('reject a client of @platformatic/kafka, which shows the alert of TLS 1.2', async () => {
      const attempt = brokersOf({ kafka, port, version: 'TLSv1.2' }, { ca: pki.anchors });

      await expect(attempt).toFailHandshake({ by: 'server', alert: 'bad_certificate' });
    });

    // Measured with 2.12.1: what arrives after the client's side of the handshake is lost, and an alert of TLS 1.3 arrives then.
    test('reject a client of @platformatic/kafka, which reports of TLS 1.3 only that the connection was closed', async () => {
      const attempt = brokersOf({ kafka, port, version: 'TLSv1.3' }, { ca: pki.anchors });

      await expect(attempt).rejects.toMatchObject({ code: 'PLT_KFK_NETWORK', message: 'Connection closed' });
    });

    test('the client rejects it where it trusts another CA', async () => {
      const attempt = brokersOf({ kafka, port }, pki.client('client').trusting(others));

      await expect(attempt).toFailHandshake({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    });

    test('the wait strategy takes its answer for ready, and a client without a certificate is rejected', async () => {
      const address = { host: 'localhost', port };

      await expect(askForBrokers()({ ...address, tls: kafka.client.tls })).resolves.toBeUndefined();
      await expect(askForBrokers()({ ...address, tls: { ca: pki.anchors } })).rejects.toMatchObject({
        code: 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE',
      });
    });
  });
});

test('Kafka’s properties are spelled as in its repository', () => {
  const names = Object.keys(propertiesOf(fs.readFileSync('fixtures/containers/kafka/server.properties', 'utf8')));

  expect(names.filter((name) => !spelledRight.has(name))).toEqual([]);
});

test('Kafka is not started with CRLs, which it would not read', async () => {
  const attempt = new MtlsKafka(imageOf('nginx')).withPki(pki).withCredential({ crl: true }).start();

  await expect(attempt).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining('Kafka reads no CRL files'),
    facts: { option: 'crl' },
  });
});

/** What a client of @platformatic/kafka learns of the cluster from the listener on that port. */
async function brokersOf(
  { kafka, port, version }: { readonly kafka: StartedMtlsKafka; readonly port: number; readonly version?: TlsVersion },
  credential: ClientCredential,
): Promise<readonly unknown[]> {
  const options = kafka.clientOptions(credential);
  const ssl = { ...options.ssl, ...(version && { maxVersion: version }) };
  const client = new Base({ clientId: 'test', ...options, bootstrapBrokers: [`localhost:${port}`], ssl, retries: 0 });
  try {
    const { brokers } = await client.metadata({ topics: [] });
    return [...brokers.values()];
  } finally {
    await client.close();
  }
}

async function contentOf(kafka: StartedMtlsKafka, file: string): Promise<string> {
  const { output, exitCode } = await kafka.exec(['cat', file]);
  if (exitCode !== 0) throw new Error(output);
  return output;
}

/** The plain form of a .properties file, which is all that is used here. */
function propertiesOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

const scripts = {
  'kafka-storage.sh': '#!/bin/sh\necho "$(id -u): $*" >>/tmp/arguments\n',
  'kafka-server-start.sh': '#!/bin/sh\necho "$(id -u): $*" >>/tmp/arguments\necho "Kafka would run"\nexec sleep 600\n',
};

/**
 * Those that are used, as written in Kafka's repository: config/kraft/server.properties, docker/examples/fixtures/file-input/server.properties, SslConfigs.java,
 * ShareCoordinatorConfig.java. Guards against misspelling only: Kafka ignores what it does not know.
 */
const spelledRight = new Set([
  'advertised.listeners',
  'controller.listener.names',
  'controller.quorum.voters',
  'group.initial.rebalance.delay.ms',
  'inter.broker.listener.name',
  'listener.security.protocol.map',
  'listeners',
  'log.dirs',
  'node.id',
  'offsets.topic.replication.factor',
  'process.roles',
  'share.coordinator.state.topic.min.isr',
  'share.coordinator.state.topic.replication.factor',
  'ssl.client.auth',
  'ssl.enabled.protocols',
  'ssl.keystore.location',
  'ssl.keystore.type',
  'ssl.truststore.location',
  'ssl.truststore.type',
  'transaction.state.log.min.isr',
  'transaction.state.log.replication.factor',
]);
