import type { Side } from '../tap/capture.ts';
import type { HandshakeMessage } from '../handshake-messages.ts';
import { encodeHandshakeMessage } from '../tls-encoding.ts';
import { tls12Protection } from '../records/tls12-protection.ts';
import type { TlsRecord } from '../records/tls-record.ts';
import { TrafficSecrets } from '../records/traffic-secrets.ts';
import type { ClientHelloMessage, ServerHelloMessage } from './decoded-message.ts';
import { inflationBudget } from './messages/inflate-certificate.ts';
import { secretsIn } from './key-log.ts';
import type { RecordOpener } from './record-opener.ts';
import { Tls12Opener } from './tls12-opener.ts';
import { Tls13Opener } from './tls13-opener.ts';

/** What the hellos agree on, and the keys that follow from it. A renegotiation of TLS 1.2 agrees anew. */
export class AgreedParameters {
  version: string | undefined;
  cipherSuite: string | undefined;
  readonly inflation = inflationBudget();
  readonly #keyLog: string | undefined;
  #clientHello: HandshakeMessage | undefined;
  #serverHello: HandshakeMessage | undefined;
  #clientRandom = '';
  #earlyData = false;

  constructor(keyLog: string | undefined) {
    this.#keyLog = keyLog;
  }

  get isTls13(): boolean {
    return this.version === 'TLSv1.3';
  }

  clientHello(message: HandshakeMessage, { random, earlyData }: ClientHelloMessage): void {
    this.#clientHello = message;
    this.#clientRandom = random;
    this.#earlyData ||= earlyData; // the second hello, after a HelloRetryRequest, no longer announces what has been sent
  }

  serverHello(message: HandshakeMessage, { version, cipherSuite }: ServerHelloMessage): void {
    this.#serverHello = message;
    this.version = version;
    this.cipherSuite = cipherSuite;
  }

  tls13Opener(side: Side): RecordOpener {
    if (this.#keyLog === undefined) return withoutKeyLog;
    const secrets = secretsIn(this.#keyLog, this.#clientRandom);
    if (secrets.size === 0) return notInKeyLog;
    return new Tls13Opener({ side, cipher: this.cipherSuite ?? '', secrets, earlyData: this.#earlyData });
  }

  tls12Opener(side: Side): RecordOpener {
    if (this.#keyLog === undefined) return withoutKeyLog;
    const masterSecret = secretsIn(this.#keyLog, this.#clientRandom).get('CLIENT_RANDOM');
    if (!masterSecret) return notInKeyLog;
    const secrets = new TrafficSecrets();
    secrets.add(Buffer.from(`CLIENT_RANDOM ${this.#clientRandom} ${masterSecret.toString('hex')}`));
    const hellos = [helloRecord('client', this.#clientHello), helloRecord('server', this.#serverHello)];
    const protection = this.version === 'TLSv1.2' ? tls12Protection(side, hellos, secrets) : undefined;
    return protection ? new Tls12Opener(protection) : closedFor(`records of ${this.version} with ${this.cipherSuite} are not opened here`);
  }
}

/** A hello as a record in the clear: those of a renegotiation were encrypted. */
function helloRecord(sentBy: Side, message: HandshakeMessage | undefined): TlsRecord {
  const fragment = message ? encodeHandshakeMessage(message.type, message.body) : new Uint8Array(0);
  return { sentBy, atMs: 0, type: 'handshake', legacyVersion: '0303', length: fragment.length, fragment };
}

function closedFor(problem: string): RecordOpener {
  return { open: () => ({ problem }) };
}

const withoutKeyLog = closedFor('there is no key log');
const notInKeyLog = closedFor('the key log has no secrets of this connection');
