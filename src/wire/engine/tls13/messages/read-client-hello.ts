import { ByteCursor } from '../../../byte-cursor.ts';
import { listOf } from '../../../decode/messages/vectors.ts';
import { readClientHelloFields } from '../../../hello/hello-fields.ts';
import { extensionType } from '../../../registry/extension-types.ts';
import { protocolVersion } from '../../../registry/protocol-versions.ts';
import type { Incoming } from '../../channel/incoming.ts';
import { checkExtensions, type Extensions, requireWhole } from './extensions.ts';
import type { Tls13State } from '../tls13-state.ts';

/** What a ClientHello offers, as far as a server of TLS 1.3 answers it (RFC 8446 4.1.2). */
export interface OfferedHello {
  readonly random: Buffer;
  readonly sessionId: Buffer;
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly shares: ReadonlyMap<number, Uint8Array>;
  readonly signatureSchemes: readonly number[];
  readonly servername?: string;
  readonly alpnProtocols: readonly string[];
  readonly compressions: readonly number[];
  readonly pskModes: readonly number[];
  readonly preSharedKeys?: OfferedKeys;
  readonly extensions: Extensions;
}

/** Tickets and the binders that prove the knowledge of their keys. */
interface OfferedKeys {
  readonly tickets: readonly Uint8Array[];
  readonly binders: readonly Uint8Array[];
  /** Octets of the binders with their length, at the end of the hello. */
  readonly bindersLength: number;
}

/** Reads a ClientHello, and checks what does not depend on the server. */
export function readClientHello(state: Tls13State, { body }: Incoming): OfferedHello {
  const { channel } = state;
  const cursor = new ByteCursor(body);
  const fields = readClientHelloFields(cursor);
  requireWhole(state, cursor, 'ClientHello');
  const extensions = checkExtensions(state, fields.extensions, { what: 'ClientHello' });
  const read = new HelloExtensions(state, extensions);
  const isTls13 = read.numbers(extensionType.supported_versions, 1).includes(protocolVersion['TLSv1.3']);
  channel.require('hello-version', isTls13, 'the client does not offer TLSv1.3', 'protocol_version');
  const isPlain = Buffer.from(fields.compressionMethods).equals(Uint8Array.of(0));
  channel.require('hello-compression', isPlain, 'the client offers compression', 'illegal_parameter');
  const last = fields.extensions.list.at(-1)?.type;
  const isLast = !extensions.has(extensionType.pre_shared_key) || last === extensionType.pre_shared_key;
  channel.require('psk-last', isLast, 'pre_shared_key is not the last extension of ClientHello', 'illegal_parameter');
  const servername = read.servername();
  const preSharedKeys = read.preSharedKeys();
  return {
    random: Buffer.from(fields.random),
    sessionId: Buffer.from(fields.sessionId),
    cipherSuites: fields.cipherSuites.uint16List(),
    groups: read.numbers(extensionType.supported_groups, 2),
    shares: read.shares(),
    signatureSchemes: read.numbers(extensionType.signature_algorithms, 2),
    ...(servername !== undefined && { servername }),
    alpnProtocols: read.alpnProtocols(),
    compressions: read.numbers(extensionType.compress_certificate, 1),
    pskModes: read.octets(extensionType.psk_key_exchange_modes),
    ...(preSharedKeys && { preSharedKeys }),
    extensions,
  };
}

/** Reads the extensions of a ClientHello one by one; each has to be filled by what it holds. */
class HelloExtensions {
  readonly #state: Tls13State;
  readonly #extensions: Extensions;

  constructor(state: Tls13State, extensions: Extensions) {
    this.#state = state;
    this.#extensions = extensions;
  }

  /** A list of 16-bit numbers, each of which may be unknown here. */
  numbers(type: number, lengthOctets: 1 | 2): number[] {
    return this.#list(type, lengthOctets, (list) => list.uint(2));
  }

  octets(type: number): number[] {
    return this.#list(type, 1, (list) => list.uint(1));
  }

  alpnProtocols(): string[] {
    return this.#list(extensionType.application_layer_protocol_negotiation, 2, (list) => latin1(list.take(list.uint(1))));
  }

  servername(): string | undefined {
    const names = this.#list(extensionType.server_name, 2, (list) => ({ type: list.uint(1), name: latin1(list.take(list.uint(2))) }));
    return names.find(({ type }) => type === 0)?.name;
  }

  shares(): ReadonlyMap<number, Uint8Array> {
    // None where the client leaves the choice of the group to the server (RFC 8446 4.2.8).
    const shares = this.#list(extensionType.key_share, 2, (list) => [list.uint(2), list.take(list.uint(2))] as const, 0);
    const byGroup = new Map(shares);
    this.#state.channel.require(
      'hello-group',
      byGroup.size === shares.length,
      'ClientHello has two key shares of a group',
      'illegal_parameter',
    );
    return byGroup;
  }

  preSharedKeys(): OfferedKeys | undefined {
    const content = this.#extensions.get(extensionType.pre_shared_key);
    if (!content) return undefined;
    const cursor = new ByteCursor(content);
    const tickets = listOf(cursor.vector(2), ticketIn) ?? [];
    const bindersLength = cursor.remaining;
    const binders = listOf(cursor.vector(2), (list) => list.take(list.uint(1))) ?? [];
    requireWhole(this.#state, cursor, 'pre_shared_key');
    const fits = tickets.length > 0 && tickets.length === binders.length;
    this.#state.channel.require(
      'message-shape',
      fits,
      'pre_shared_key has another number of binders than of identities',
      'illegal_parameter',
    );
    return { tickets, binders, bindersLength };
  }

  #list<T>(type: number, lengthOctets: 1 | 2, item: (list: ByteCursor) => T, least = 1): T[] {
    const content = this.#extensions.get(type);
    if (!content) return [];
    const cursor = new ByteCursor(content);
    const items = listOf(cursor.vector(lengthOctets), item);
    const fits = items !== undefined && items.length >= least;
    this.#state.channel.require('message-shape', fits, 'ClientHello has a malformed extension', 'decode_error');
    requireWhole(this.#state, cursor, 'an extension of ClientHello');
    return items ?? [];
  }
}

function ticketIn(list: ByteCursor): Uint8Array {
  const ticket = list.take(list.uint(2));
  list.uint(4); // its age, which only matters to early data (RFC 8446 4.2.11.1)
  return ticket;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
