import { ByteCursor } from '../../byte-cursor.ts';
import { encodeUint, encodeVector } from '../../tls-encoding.ts';

/** A ServerKeyExchange of ECDHE (RFC 8422 5.4), as it is on the wire. */
export interface ServerKeyExchange {
  /** ServerECDHParams: what is signed after both randoms. */
  readonly parameters: Uint8Array;
  /** The number of the group. */
  readonly group: number;
  readonly publicKey: Uint8Array;
  /** The number of the signature scheme. */
  readonly scheme: number;
  readonly signature: Uint8Array;
}

/** ServerECDHParams of a named group. */
export function encodeServerParameters(group: number, publicKey: Uint8Array): Buffer {
  return Buffer.concat([Uint8Array.of(namedCurve), encodeUint(2, group), encodeVector(1, publicKey)]);
}

/** The body of a ServerKeyExchange. */
export function encodeServerKeyExchange({
  parameters,
  scheme,
  signature,
}: Pick<ServerKeyExchange, 'parameters' | 'scheme' | 'signature'>): Buffer {
  return Buffer.concat([parameters, encodeUint(2, scheme), encodeVector(2, signature)]);
}

/** Reads the body of a ServerKeyExchange; undefined where it is malformed, or has another form of curve (RFC 8422 5.4 forbids those). */
export function readServerKeyExchange(body: Uint8Array): ServerKeyExchange | undefined {
  const cursor = new ByteCursor(body);
  const curveType = cursor.uint(1);
  const group = cursor.uint(2);
  const publicKey = cursor.take(cursor.uint(1));
  const parameters = body.subarray(0, body.length - cursor.remaining);
  const scheme = cursor.uint(2);
  const signature = cursor.take(cursor.uint(2));
  if (curveType !== namedCurve || cursor.truncated || cursor.remaining > 0) return undefined;
  return { parameters, group, publicKey, scheme, signature };
}

/** What the signature of a ServerKeyExchange covers (RFC 5246 7.4.3). */
export function signedByServer(
  { clientRandom, serverRandom }: { readonly clientRandom: Uint8Array; readonly serverRandom: Uint8Array },
  parameters: Uint8Array,
): Buffer {
  return Buffer.concat([clientRandom, serverRandom, parameters]);
}

/** The body of a ClientKeyExchange: the client's public key (RFC 8422 5.7). */
export function encodeClientKeyExchange(publicKey: Uint8Array): Buffer {
  return encodeVector(1, publicKey);
}

/** The public key of a ClientKeyExchange; undefined where it is malformed. */
export function readClientKeyExchange(body: Uint8Array): Uint8Array | undefined {
  const cursor = new ByteCursor(body);
  const publicKey = cursor.take(cursor.uint(1));
  return cursor.truncated || cursor.remaining > 0 || publicKey.length === 0 ? undefined : publicKey;
}

const namedCurve = 3;
