import { ByteCursor } from '../byte-cursor.ts';
import { groupName } from '../decode/messages/names.ts';
import { helloRetryRequestRandom, messageType, plaintextHandshakeMessages } from '../handshake-messages.ts';
import type { TlsRecord } from '../records/tls-record.ts';

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
  /** The key-exchange group, e.g. `X25519MLKEM768`; absent where the key exchange names none. */
  readonly group?: string;
}

/** The client's hello, if the records hold a whole one. After a HelloRetryRequest the second one counts. */
export function clientHelloOf(records: readonly TlsRecord[]): ClientHello | undefined {
  const message = plaintextHandshakeMessages(records, 'client').findLast(({ type }) => type === messageType.clientHello);
  return message && parseClientHello(message.body);
}

/** The server's hello, if the records hold a whole one; never a HelloRetryRequest. */
export function serverHelloOf(records: readonly TlsRecord[]): ServerHello | undefined {
  const messages = plaintextHandshakeMessages(records, 'server');
  const hello = messages.findLast(({ type }) => type === messageType.serverHello);
  if (!hello) return undefined;
  const keyExchange = messages.find(({ type }) => type === messageType.serverKeyExchange);
  return parseServerHello(hello.body, keyExchange?.body);
}

function parseClientHello(body: Uint8Array): ClientHello | undefined {
  const cursor = new ByteCursor(body);
  const legacyVersion = cursor.uint(2);
  const random = Buffer.from(cursor.take(32)).toString('hex');
  cursor.vector(1); // legacy session id
  cursor.vector(2); // cipher suites
  cursor.vector(1); // compression methods
  const extensions = extensionsIn(cursor);
  if (cursor.truncated) return undefined;

  const servername = hostName(extensions.get(extensionType.serverName));
  return {
    random,
    ...(servername !== undefined && { servername }),
    alpnProtocols: protocolNames(extensions.get(extensionType.alpn)),
    versions: offeredVersions(extensions.get(extensionType.supportedVersions), legacyVersion),
  };
}

function parseServerHello(body: Uint8Array, keyExchange: Uint8Array | undefined): ServerHello | undefined {
  const cursor = new ByteCursor(body);
  const legacyVersion = cursor.uint(2);
  const random = Buffer.from(cursor.take(32)).toString('hex');
  cursor.vector(1);
  const cipherSuite = cursor.uint(2);
  cursor.take(1);
  const extensions = extensionsIn(cursor);
  if (cursor.truncated || random === helloRetryRequestRandom) return undefined;

  const version = extensions.get(extensionType.supportedVersions);
  const keyShare = extensions.get(extensionType.keyShare);
  const group = keyShare ? new ByteCursor(keyShare).uint(2) : namedCurve(keyExchange);
  return {
    version: versionName(version ? new ByteCursor(version).uint(2) : legacyVersion),
    cipherSuite,
    ...(group !== undefined && { group: groupName(group) }),
  };
}

function extensionsIn(cursor: ByteCursor): Map<number, Uint8Array> {
  const extensions = new Map<number, Uint8Array>();
  if (cursor.remaining === 0) return extensions;
  const list = cursor.vector(2);
  while (list.remaining >= 4) {
    const type = list.uint(2);
    extensions.set(type, list.take(list.uint(2)));
  }
  return extensions;
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
  return versions.filter((version) => (version & 0x0f0f) !== 0x0a0a).map(versionName); // without GREASE (RFC 8701)
}

/** The curve of a TLS 1.2 ServerKeyExchange with ECDHE (RFC 8422 5.4). */
function namedCurve(keyExchange: Uint8Array | undefined): number | undefined {
  if (!keyExchange) return undefined;
  const cursor = new ByteCursor(keyExchange);
  return cursor.uint(1) === namedCurveType ? cursor.uint(2) : undefined;
}

function versionName(version: number): string {
  return versionNames.get(version) ?? `0x${version.toString(16).padStart(4, '0')}`;
}

const extensionType = { serverName: 0, alpn: 16, supportedVersions: 43, keyShare: 51 } as const;
const namedCurveType = 3;

const versionNames: ReadonlyMap<number, string> = new Map([
  [0x0300, 'SSLv3'],
  [0x0301, 'TLSv1'],
  [0x0302, 'TLSv1.1'],
  [0x0303, 'TLSv1.2'],
  [0x0304, 'TLSv1.3'],
]);
