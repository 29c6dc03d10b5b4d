import type { ByteCursor } from '../byte-cursor.ts';

/** The fields of a ClientHello as they are on the wire (RFC 8446 4.1.2). */
export interface ClientHelloFields {
  readonly legacyVersion: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  /** The vector of their numbers. */
  readonly cipherSuites: ByteCursor;
  readonly compressionMethods: Uint8Array;
  readonly extensions: ExtensionFields;
}

/** The fields of a ServerHello as they are on the wire (RFC 8446 4.1.3). */
export interface ServerHelloFields {
  readonly legacyVersion: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cipherSuite: number;
  readonly compressionMethod: number;
  readonly extensions: ExtensionFields;
}

/** The extensions of a message, as far as they are whole. */
export interface ExtensionFields {
  /** In the order in which they were sent. */
  readonly list: readonly { readonly type: number; readonly content: Uint8Array }[];
  /** By number; of one that appears twice the last. */
  readonly byType: ReadonlyMap<number, Uint8Array>;
  /** Whether they fill their vector: the last one is not cut off. */
  readonly isWhole: boolean;
}

/** Reads the body of a ClientHello. The cursor says whether it was cut off. */
export function readClientHelloFields(cursor: ByteCursor): ClientHelloFields {
  const legacyVersion = cursor.uint(2);
  const random = cursor.take(randomLength);
  const sessionId = cursor.take(cursor.uint(1));
  const cipherSuites = cursor.vector(2);
  const compressionMethods = cursor.take(cursor.uint(1));
  return { legacyVersion, random, sessionId, cipherSuites, compressionMethods, extensions: readExtensionFields(cursor) };
}

/** Reads the body of a ServerHello, or of the HelloRetryRequest that looks like one. The cursor says whether it was cut off. */
export function readServerHelloFields(cursor: ByteCursor): ServerHelloFields {
  const legacyVersion = cursor.uint(2);
  const random = cursor.take(randomLength);
  const sessionId = cursor.take(cursor.uint(1));
  const cipherSuite = cursor.uint(2);
  const compressionMethod = cursor.uint(1);
  return { legacyVersion, random, sessionId, cipherSuite, compressionMethod, extensions: readExtensionFields(cursor) };
}

/** Reads a vector of extensions (RFC 8446 4.2). A message of TLS 1.2 may end without one. */
export function readExtensionFields(cursor: ByteCursor): ExtensionFields {
  const list: { readonly type: number; readonly content: Uint8Array }[] = [];
  if (cursor.remaining === 0) return { list, byType: new Map(), isWhole: true };
  const vector = cursor.vector(2);
  while (vector.remaining >= headerLength) list.push({ type: vector.uint(2), content: vector.take(vector.uint(2)) });
  const byType = new Map(list.map(({ type, content }) => [type, content]));
  return { list, byType, isWhole: vector.remaining === 0 && !vector.truncated };
}

const randomLength = 32;
/** Octets of an extension's type and length. */
const headerLength = 4;
