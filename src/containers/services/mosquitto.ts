import type { StartedTestContainer } from 'testcontainers';
import { exchange } from './exchange.ts';
import { type ClientCredential, MtlsContainer, type MtlsService, type RunningCredential, StartedMtlsContainer } from '../mtls-container.ts';
import type { ClientTls } from '../mtls-wait.ts';

/** Mosquitto, an MQTT broker, with `require_certificate true`: the common name of a client's certificate is its user name. */
export class MtlsMosquitto extends MtlsContainer<StartedMtlsMosquitto> {
  /** An image like the official one, version 2. Default `eclipse-mosquitto:2`. */
  constructor(image = 'eclipse-mosquitto:2') {
    super(image);
  }

  protected override get service(): MtlsService {
    const file = this.checksRevocation ? 'mtls-crl.conf' : 'mtls.conf';
    return {
      port,
      owner: { uid: 1883, gid: 1883 },
      user: { name: 'mosquitto', entrypoint: ['/docker-entrypoint.sh'] },
      command: ['/usr/sbin/mosquitto', '-c', `/mosquitto/config/${file}`],
      folder: 'mosquitto',
      files: { [file]: `/mosquitto/config/${file}` },
      clientName: 'client',
      attempt: (connection) => exchange(connection, { request: connectPacket, judge: judgeConnack }),
    };
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsMosquitto {
    return new StartedMtlsMosquitto(container, running, port);
  }
}

/** What `mqtt` takes. */
export interface MosquittoClientOptions extends ClientTls {
  readonly protocol: 'mqtts';
  readonly host: string;
  readonly port: number;
}

/** A Mosquitto that runs. */
export class StartedMtlsMosquitto extends StartedMtlsContainer {
  /** `mqtts://<host>:<port>` */
  getUrl(): string {
    return `mqtts://${this.getHost()}:${this.getPort()}`;
  }

  /** Options of `mqtt.connectAsync()`: for the valid client, or with another credential. */
  clientOptions(credential?: ClientCredential): MosquittoClientOptions {
    return { protocol: 'mqtts', host: this.getHost(), port: this.getPort(), ...this.tlsOf(credential) };
  }
}

/** CONNECT of MQTT 3.1.1: a clean session, 10 seconds of keep-alive, a client identifier of the broker's choice. */
const connectPacket = Buffer.from([0x10, 12, 0, 4, ...Buffer.from('MQTT'), 4, 2, 0, 10, 0, 0]);

/** CONNACK: its last octet is 0 for a client that is accepted (MQTT 3.1.1, 3.2.2.3). */
function judgeConnack(received: Buffer): true | string | undefined {
  if (received.length < 4) return undefined;
  if (received[0] !== 0x20) return 'it does not speak MQTT';
  return received[3] === 0 ? true : `CONNACK with return code ${received[3]}`;
}

const port = 8883;
