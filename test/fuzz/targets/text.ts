import { Duplex } from 'node:stream';
import { MtlsFixturesError } from '../../../src/errors/index.ts';
import { secretsIn } from '../../../src/wire/decode/key-log.ts';
import { keyLogText } from '../../wire/pcapng/key-log-text.ts';
import { type StarttlsProtocol, negotiateStarttls, starttlsProtocols } from '../../../src/wire/starttls/negotiate-starttls.ts';
import { TrafficSecrets } from '../../../src/wire/records/traffic-secrets.ts';
import { require } from '../refusals.ts';

/** Lines of a key log, as a file or an event brings them. */
export function keyLog(input: Uint8Array): void {
  const text = Buffer.from(input).toString('latin1');
  const random = text.slice(text.indexOf(' ') + 1, text.indexOf(' ') + 65).toLowerCase();
  const found = secretsIn(text, random);
  const secrets = new TrafficSecrets();
  secrets.add(Buffer.from(input));
  secrets.compact();
  for (const [label, secret] of found)
    require(secret.length > 0 && secrets.get(label) !== undefined, 'a secret is found once and not again');
  const lines = keyLogText([input, text]);
  require(keyLogText([lines]) === lines, 'what was kept is not kept again');
}

/** What a server says before TLS: an octet for the protocol, one for the size of the pieces, then its words. */
export async function starttls(input: Uint8Array): Promise<void> {
  const protocols = starttlsProtocols();
  const protocol = protocols[(input[0] ?? 0) % protocols.length] as StarttlsProtocol; // of the list of all
  const socket = new Speaker(Buffer.from(input.subarray(2)), 1 + (input[1] ?? 0));
  try {
    await negotiateStarttls(socket, { host: 'localhost', port: 1, protocol, timeout: 10_000 });
    require(socket.isPaused() && !socket.destroyed, 'the socket is not left to TLS');
  } catch (error) {
    if (!(error instanceof MtlsFixturesError) || (error.code !== 'STARTTLS_REFUSED' && error.code !== 'STARTTLS_FAILED')) throw error;
    require(socket.destroyed && !/\p{C}/u.test(error.message), 'the socket is open, or the message odd');
  } finally {
    socket.destroy();
  }
}

/** A server that says its words whatever it is told, in pieces, and leaves. */
class Speaker extends Duplex {
  readonly #words: Buffer;
  readonly #size: number;
  #at = 0;

  constructor(words: Buffer, size: number) {
    super({ allowHalfOpen: true });
    this.#words = words;
    this.#size = size;
  }

  override _read(): void {
    if (this.#at >= this.#words.length) {
      this.push(null);
      return;
    }
    this.push(this.#words.subarray(this.#at, (this.#at += this.#size)));
  }

  override _write(_chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    callback();
  }
}
