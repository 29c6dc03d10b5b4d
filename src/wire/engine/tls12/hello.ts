import { ByteCursor } from '../../byte-cursor.ts';
import { type ExtensionFields, readClientHelloFields, readServerHelloFields } from '../../hello/hello-fields.ts';
import { encodeServerName } from '../../hello/server-name.ts';
import { extensionType } from '../../registry/extension-types.ts';
import { protocolVersion } from '../../registry/protocol-versions.ts';
import { encodeExtension, encodeUint, encodeVector } from '../../tls-encoding.ts';

/** What a TLS 1.2 client offers (RFC 5246 7.4.1.2), by the numbers of the registries. */
export interface ClientOffer12 {
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly signatureSchemes: readonly number[];
  readonly servername?: string | undefined;
  readonly alpnProtocols: readonly string[];
  /** The content of session_ticket: empty where the client takes tickets and brings none. */
  readonly ticket?: Uint8Array | undefined;
  readonly extendedMasterSecret: boolean;
  /** The content of renegotiation_info: the client's verify_data of the handshake before, if any. */
  readonly renegotiationInfo?: Uint8Array | undefined;
}

/** The body of a ClientHello. */
export function encodeClientHello(offer: ClientOffer12): Buffer {
  const { servername, alpnProtocols, ticket, renegotiationInfo } = offer;
  return Buffer.concat([
    encodeUint(2, protocolVersion['TLSv1.2']),
    offer.random,
    encodeVector(1, offer.sessionId),
    uint16Vector(offer.cipherSuites),
    encodeVector(1, Uint8Array.of(0)), // no compression
    encodeVector(
      2,
      ...(servername === undefined ? [] : [serverName(servername)]),
      ...(renegotiationInfo ? [encodeExtension(extensionType.renegotiation_info, encodeVector(1, renegotiationInfo))] : []),
      encodeExtension(extensionType.ec_point_formats, encodeVector(1, Uint8Array.of(0))),
      encodeExtension(extensionType.supported_groups, uint16Vector(offer.groups)),
      ...(ticket ? [encodeExtension(extensionType.session_ticket, ticket)] : []),
      ...(alpnProtocols.length > 0 ? [protocols(alpnProtocols)] : []),
      ...(offer.extendedMasterSecret ? [encodeExtension(extensionType.extended_master_secret)] : []),
      encodeExtension(extensionType.signature_algorithms, uint16Vector(offer.signatureSchemes)),
    ),
  ]);
}

/** What a TLS 1.2 server answers (RFC 5246 7.4.1.3). */
export interface ServerAnswer12 {
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cipherSuite: number;
  readonly alpnProtocol?: string | undefined;
  /** Whether a NewSessionTicket follows. */
  readonly issuesTicket: boolean;
  readonly extendedMasterSecret: boolean;
  /** The content of renegotiation_info: both sides' verify_data of the handshake before, if any. */
  readonly renegotiationInfo?: Uint8Array | undefined;
}

/** The body of a ServerHello. */
export function encodeServerHello(answer: ServerAnswer12): Buffer {
  const { alpnProtocol, renegotiationInfo } = answer;
  const extensions = [
    ...(renegotiationInfo ? [encodeExtension(extensionType.renegotiation_info, encodeVector(1, renegotiationInfo))] : []),
    ...(answer.issuesTicket ? [encodeExtension(extensionType.session_ticket)] : []),
    ...(alpnProtocol === undefined ? [] : [protocols([alpnProtocol])]),
    ...(answer.extendedMasterSecret ? [encodeExtension(extensionType.extended_master_secret)] : []),
  ];
  return Buffer.concat([
    encodeUint(2, protocolVersion['TLSv1.2']),
    answer.random,
    encodeVector(1, answer.sessionId),
    encodeUint(2, answer.cipherSuite),
    Uint8Array.of(0), // no compression
    ...(extensions.length > 0 ? [encodeVector(2, ...extensions)] : []),
  ]);
}

/** A hello of either side as it came: its fields, and its extensions by number. */
export interface ReadHello {
  readonly legacyVersion: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly extensions: ExtensionFields;
}

/** Reads the body of a ClientHello; undefined where it is malformed. */
export function readClientHello(
  body: Uint8Array,
): (ReadHello & { readonly cipherSuites: readonly number[]; readonly compressionMethods: Uint8Array }) | undefined {
  const cursor = new ByteCursor(body);
  const { cipherSuites: list, ...fields } = readClientHelloFields(cursor);
  const cipherSuites = list.uint16List();
  const isWhole = isFilled(cursor, fields.extensions) && list.remaining === 0 && cipherSuites.length > 0;
  return isWhole && fields.compressionMethods.length > 0 && fields.sessionId.length <= longestSessionId
    ? { ...fields, cipherSuites }
    : undefined;
}

/** Reads the body of a ServerHello; undefined where it is malformed. */
export function readServerHello(
  body: Uint8Array,
): (ReadHello & { readonly cipherSuite: number; readonly compressionMethod: number }) | undefined {
  const cursor = new ByteCursor(body);
  const fields = readServerHelloFields(cursor);
  return isFilled(cursor, fields.extensions) && fields.sessionId.length <= longestSessionId ? fields : undefined;
}

/**
 * What `read` makes of an extension: `absent` where the hello has none of that number, undefined where it is malformed, since `read` gives undefined or
 * leaves octets over.
 */
export function readExtension<T>(
  { extensions }: ReadHello,
  type: number,
  read: (cursor: ByteCursor) => T | undefined,
): T | 'absent' | undefined {
  const content = extensions.byType.get(type);
  if (!content) return 'absent';
  const cursor = new ByteCursor(content);
  const value = read(cursor);
  return cursor.truncated || cursor.remaining > 0 ? undefined : value;
}

/** A vector of numbers of 16 bits, at least one. */
export function uint16s(cursor: ByteCursor): readonly number[] | undefined {
  const vector = cursor.vector(2);
  const numbers = vector.uint16List();
  return vector.remaining > 0 || numbers.length === 0 ? undefined : numbers;
}

/** The versions that a client offers (RFC 8446 4.2.1). */
export function supportedVersions(cursor: ByteCursor): readonly number[] | undefined {
  const vector = cursor.vector(1);
  const versions = vector.uint16List();
  return vector.remaining > 0 || versions.length === 0 ? undefined : versions;
}

/** The one host name of server_name (RFC 6066 3). */
export function hostName(cursor: ByteCursor): string | undefined {
  const names = cursor.vector(2);
  const type = names.uint(1);
  const name = Buffer.from(names.take(names.uint(2))).toString('latin1');
  return type !== 0 || name === '' || names.truncated || names.remaining > 0 ? undefined : name;
}

/** The names of application_layer_protocol_negotiation (RFC 7301 3.1). */
export function protocolNames(cursor: ByteCursor): readonly string[] | undefined {
  const list = cursor.vector(2);
  const names: string[] = [];
  while (list.remaining > 0) names.push(Buffer.from(list.take(list.uint(1))).toString('latin1'));
  return list.truncated || names.length === 0 || names.includes('') ? undefined : names;
}

/** The one vector that renegotiation_info holds (RFC 5746 3.2). */
export function renegotiatedConnection(cursor: ByteCursor): Uint8Array | undefined {
  return cursor.take(cursor.uint(1));
}

/** Everything that is left: of session_ticket, and of extensions without content none. */
export function allOf(cursor: ByteCursor): Uint8Array {
  return cursor.take(cursor.remaining);
}

/** The content of an extension that has none. */
export function nothing(cursor: ByteCursor): true | undefined {
  return cursor.remaining === 0 ? true : undefined;
}

function isFilled(cursor: ByteCursor, extensions: ExtensionFields): boolean {
  return !cursor.truncated && cursor.remaining === 0 && extensions.isWhole;
}

function serverName(name: string): Buffer {
  return encodeExtension(extensionType.server_name, encodeServerName(name));
}

function protocols(names: readonly string[]): Buffer {
  const list = names.map((name) => encodeVector(1, Buffer.from(name, 'latin1')));
  return encodeExtension(extensionType.application_layer_protocol_negotiation, encodeVector(2, ...list));
}

function uint16Vector(values: readonly number[]): Buffer {
  return encodeVector(2, ...values.map((value) => encodeUint(2, value)));
}

const longestSessionId = 32;
