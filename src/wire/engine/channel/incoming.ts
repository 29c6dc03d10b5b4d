import { PendingBytes } from '../../records/pending-bytes.ts';
import { handshakeType, handshakeTypeName } from '../../registry/handshake-types.ts';
import { helloRetryRequestRandom } from '../../handshake-messages.ts';
import type { MessageName } from '../flight.ts';

/** A message of the peer. */
export interface Incoming {
  /** The registry's name; that of a number without one is `handshake_<number>`. */
  readonly name: MessageName | `handshake_${number}`;
  /** Without the header of a handshake message. */
  readonly body: Buffer;
  /** With it. */
  readonly octets: Buffer;
}

/** Puts handshake messages together from the contents of records. */
export class IncomingMessages {
  readonly #pending = new PendingBytes();
  readonly #whole: Incoming[] = [];

  /** Whether a message has begun and is not whole. */
  get hasPartial(): boolean {
    return this.#pending.length > 0;
  }

  /** Whether everything that came has been taken. */
  get isEmpty(): boolean {
    return this.#whole.length === 0 && !this.hasPartial;
  }

  /** Adds the content of a record; says how long a message announces to be that is too long. */
  push(content: Uint8Array): number | undefined {
    let rest = this.#pending.push(content);
    if (!rest) return undefined;
    for (let end = endOfMessage(rest); end <= rest.length; end = endOfMessage(rest)) {
      if (end > largestMessage) return end;
      this.#whole.push(incoming(rest.subarray(0, end)));
      rest = rest.subarray(end);
    }
    this.#pending.keep(rest, endOfMessage(rest));
    return endOfMessage(rest) > largestMessage ? endOfMessage(rest) : undefined;
  }

  take(): Incoming | undefined {
    return this.#whole.shift();
  }
}

function incoming(octets: Buffer): Incoming {
  const [type = 0] = octets;
  const body = octets.subarray(headerLength);
  if (type === handshakeType.server_hello && body.toString('hex', 2, 34) === helloRetryRequestRandom)
    return { name: 'hello_retry_request', body, octets };
  if (type === handshakeType.hello_retry_request) return { name: `handshake_${type}`, body, octets }; // a number that only drafts used
  return { name: handshakeTypeName(type) as Incoming['name'], body, octets }; // a name of the registry, or that pattern
}

function endOfMessage(bytes: Buffer): number {
  return bytes.length < headerLength ? headerLength : headerLength + bytes.readUIntBE(1, 3);
}

const headerLength = 4;
/** More than any chain of certificates that a test presents; OpenSSL takes 100 kilobytes. */
const largestMessage = 2 ** 18;
