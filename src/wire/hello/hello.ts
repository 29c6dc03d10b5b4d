import { ByteCursor } from '../byte-cursor.ts';
import { helloRetryRequestRandom, plaintextHandshakeMessages } from '../handshake-messages.ts';
import type { TlsRecord } from '../records/tls-record.ts';
import { extensionType } from '../registry/extension-types.ts';
import { handshakeType } from '../registry/handshake-types.ts';
import { isGrease } from '../registry/names-by-number.ts';
import { groupName } from '../registry/names.ts';
import { versionName } from '../registry/protocol-versions.ts';
import { readClientHelloFields, readServerHelloFields } from './hello-fields.ts';

/** What a client offers in its (last) ClientHello (RFC 8446 4.1.2). */
export interface ClientHello {
  /** Lower-case hexadecimal, 64 digits. */
  readonly random: string;
  /** The host name of the server_name extension. */
  readonly servername?: string;
  readonly alpnProtocols: readonly string[];
  /** Highest first as offered, e.g. `TLSv1.3`. */
  readonly versions: readonly string[];
}

/** What a server chose in its ServerHello (RFC 8446 4.1.3). */
export interface ServerHello {
  readonly version: string;
  /** The registry number of the cipher suite. */
  readonly cipherSuite: number;
  /** The key-exchange group, e.g. `X25519MLKEM768`; absent where the key exchange does not name one. */
  readonly group?: string;
}

/** The client's hello, if the records hold a whole one. After a HelloRetryRequest the second one counts. */
export function clientHelloOf(records: readonly TlsRecord[]): ClientHello | undefined {
  const message = plaintextHandshakeMessages(records, 'client').findLast(({ type }) => type === handshakeType.client_hello);
  return message && parseClientHello(message.body);
}

/** The server's hello, if the records hold a whole one; never a HelloRetryRequest. */
export function serverHelloOf(records: readonly TlsRecord[]): ServerHello | undefined {
  const messages = plaintextHandshakeMessages(records, 'server');
  const hello = messages.findLast(({ type }) => type === handshakeType.server_hello);
  if (!hello) return undefined;
  const keyExchange = messages.find(({ type }) => type === handshakeType.server_key_exchange);
  return parseServerHello(hello.body, keyExchange?.body);
}

function parseClientHello(body: Uint8Array): ClientHello | undefined {
  const cursor = new ByteCursor(body);
  const { legacyVersion, random, extensions } = readClientHelloFields(cursor);
  if (cursor.truncated) return undefined;
  const servername = hostName(extensions.byType.get(extensionType.server_name));
  return {
    random: Buffer.from(random).toString('hex'),
    ...(servername !== undefined && { servername }),
    alpnProtocols: protocolNames(extensions.byType.get(extensionType.application_layer_protocol_negotiation)),
    versions: offeredVersions(extensions.byType.get(extensionType.supported_versions), legacyVersion),
  };
}

function parseServerHello(body: Uint8Array, keyExchange: Uint8Array | undefined): ServerHello | undefined {
  const cursor = new ByteCursor(body);
  const { legacyVersion, random, cipherSuite, extensions } = readServerHelloFields(cursor);
  if (cursor.truncated || Buffer.from(random).toString('hex') === helloRetryRequestRandom) return undefined;
  const version = extensions.byType.get(extensionType.supported_versions);
  const keyShare = extensions.byType.get(extensionType.key_share);
  const group = keyShare ? new ByteCursor(keyShare).uint(2) : namedCurve(keyExchange);
  return {
    version: versionName(version ? new ByteCursor(version).uint(2) : legacyVersion),
    cipherSuite,
    ...(group !== undefined && { group: groupName(group) }),
  };
}

function hostName(extension: Uint8Array | undefined): string | undefined {
  if (!extension) return undefined;
  const names = new ByteCursor(extension).vector(2);
  names.uint(1); // name_type host_name, the only one there is
  const name = Buffer.from(names.take(names.uint(2))).toString('latin1');
  return name === '' ? undefined : name;
}

function protocolNames(extension: Uint8Array | undefined): string[] {
  const names: string[] = [];
  if (!extension) return names;
  const list = new ByteCursor(extension).vector(2);
  while (list.remaining > 0) names.push(Buffer.from(list.take(list.uint(1))).toString('latin1'));
  return names;
}

function offeredVersions(extension: Uint8Array | undefined, legacyVersion: number): string[] {
  const versions = extension ? new ByteCursor(extension).vector(1).uint16List() : [legacyVersion];
  return versions.filter((version) => !isGrease(version)).map(versionName);
}

/** The curve of a TLS 1.2 ServerKeyExchange with ECDHE (RFC 8422 5.4). */
function namedCurve(keyExchange: Uint8Array | undefined): number | undefined {
  if (!keyExchange) return undefined;
  const cursor = new ByteCursor(keyExchange);
  return cursor.uint(1) === namedCurveType ? cursor.uint(2) : undefined;
}

const namedCurveType = 3;
