import type { InspectResult, StartedTestContainer } from 'testcontainers';
import { findEngine } from '../engine/engine.ts';
import { exchange } from './exchange.ts';
import { type ClientCredential, MtlsContainer, type MtlsService, type RunningCredential, StartedMtlsContainer } from '../mtls-container.ts';
import type { ClientTls, ContainerAttempt } from '../mtls-wait.ts';
import { BoundPorts } from '../engine/testcontainers.ts';
import { tarOf } from '../material/archive.ts';

/**
 * Kafka, one node in KRaft mode, with `ssl.client.auth=required` and PEM keystores. It advertises the mapped port of the engine's host, so it serves clients outside
 * of the container's network. Kafka reads no CRL files: where they are asked for, `start` throws `OPTION_INVALID`; nor Ed25519 keys in PEM.
 */
export class MtlsKafka extends MtlsContainer<StartedMtlsKafka> {
  #id = '';

  /** An image with Kafka 3.7 or later in /opt/kafka that runs as user 1000 or root. Default `apache/kafka:4.4.0`. */
  constructor(image = 'apache/kafka:4.4.0') {
    super(image);
    this.withStartupTimeout(120_000); // Java is started twice: 33 s were measured on a busy machine
  }

  protected override get service(): MtlsService {
    return {
      port,
      owner: { uid: 1000, gid: 1000 },
      command: ['sh', '-c', startWhenAdvertised],
      folder: 'kafka',
      files: { 'server.properties': '/mtls/server.properties' },
      clientName: 'client',
      withoutCrl: 'Kafka reads no CRL files',
      attempt: askForBrokers(),
    };
  }

  protected override async containerCreated(id: string): Promise<void> {
    this.#id = id;
  }

  /** Clients connect to the address that a broker advertises, and the port on the engine's host is known only now. */
  protected override async containerStarting(inspected: InspectResult, reused: boolean): Promise<void> {
    if (reused) return;
    const engine = await findEngine();
    const { host, hostIps } = engine.info.containerRuntime;
    const mapped = BoundPorts.fromInspectResult(hostIps, inspected).getBinding(port);
    const content = `advertised.listeners=MTLS://${host}:${mapped},BROKER://127.0.0.1:9092\n${complete}\n`;
    const archive = await tarOf([{ path: 'mtls/advertised.properties', content, mode: 0o644, owner: { uid: 0, gid: 0 } }]);
    await engine.container.putArchive(engine.container.getById(this.#id), archive, '/');
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsKafka {
    return new StartedMtlsKafka(container, running, port);
  }
}

/** Options for the clients of `kafkajs` and its successors (`brokers`) and of `@platformatic/kafka` (`bootstrapBrokers`). */
export interface KafkaClientOptions {
  readonly brokers: string[];
  readonly bootstrapBrokers: string[];
  readonly ssl: ClientTls;
}

/** A Kafka that runs. */
export class StartedMtlsKafka extends StartedMtlsContainer {
  /** `<host>:<port>` of the one broker. */
  getBrokers(): string[] {
    return [`${this.getHost()}:${this.getPort()}`];
  }

  /** Options of `new Kafka()` of `kafkajs` or of the clients of `@platformatic/kafka`: for the valid client, or with another credential. */
  clientOptions(credential?: ClientCredential): KafkaClientOptions {
    return { brokers: this.getBrokers(), bootstrapBrokers: this.getBrokers(), ssl: this.tlsOf(credential) };
  }
}

/** Asks a Kafka broker for its cluster: accepted when it names at least one broker, which it does when it has registered itself. */
export function askForBrokers(): ContainerAttempt {
  return (connection) => exchange(connection, { request: metadataRequest, judge: judgeMetadata });
}

/** Response header 0 and Metadata response 2: size, correlation, the number of brokers, the brokers. */
function judgeMetadata(received: Buffer): true | string | undefined {
  if (received.length < 8) return undefined;
  if (received.readInt32BE(4) !== correlation) return 'it does not speak the protocol of Kafka';
  if (received.length < 12) return undefined;
  return received.readInt32BE(8) > 0 ? true : 'there is no broker in its cluster yet';
}

const correlation = 0x6d746c73;

/** Metadata 2, of no topic: what librdkafka 2.0 sends, and its mock broker answers. */
const metadataRequest = withSize(Buffer.concat([int16(3), int16(2), int32(correlation), int16(-1), int32(0)]));

function withSize(content: Buffer): Buffer {
  return Buffer.concat([int32(content.length), content]);
}

function int16(value: number): Buffer {
  const octets = Buffer.alloc(2);
  octets.writeInt16BE(value);
  return octets;
}

function int32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeInt32BE(value);
  return octets;
}

const port = 9093;

/** The last line: a file without it is not read yet. */
const complete = '# complete';

/** Kafka requires the key and the chain in one file, a cluster's id in a formatted directory, and its address. */
const startWhenAdvertised = `set -e
umask 077
cat /mtls/tls.key /mtls/tls.crt >/tmp/keystore.pem
until grep -qs '^${complete}$' /mtls/advertised.properties; do sleep 0.1; done
cat /mtls/server.properties /mtls/advertised.properties >/tmp/server.properties
/opt/kafka/bin/kafka-storage.sh format --cluster-id bXRscy1maXh0dXJlcy1rYQ --config /tmp/server.properties --ignore-formatted
exec /opt/kafka/bin/kafka-server-start.sh /tmp/server.properties`;
