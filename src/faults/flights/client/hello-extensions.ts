import { ByteCursor } from '../../../wire/byte-cursor.ts';
import { readExtensionFields } from '../../../wire/hello/hello-fields.ts';
import { encodeExtension, encodeUint, encodeVector } from '../../../wire/tls-encoding.ts';

/** An extension as it is on the wire. */
export interface HelloExtension {
  readonly type: number;
  readonly content: Uint8Array;
}

/** The extensions of a ClientHello's body, in its order. */
export function extensionsOf(hello: Buffer): readonly HelloExtension[] {
  return readExtensionFields(new ByteCursor(hello.subarray(extensionsAt(hello)))).list;
}

/** The body of a ClientHello with other extensions. */
export function withExtensions(hello: Buffer, alter: (extensions: readonly HelloExtension[]) => readonly HelloExtension[]): Buffer {
  const extensions = alter(extensionsOf(hello)).map(({ type, content }) => encodeExtension(type, content));
  return Buffer.concat([hello.subarray(0, extensionsAt(hello)), encodeVector(2, ...extensions)]);
}

/** The body of a ClientHello with other cipher suites. */
export function withCipherSuites(hello: Buffer, alter: (numbers: readonly number[]) => readonly number[]): Buffer {
  const cursor = new ByteCursor(hello);
  cursor.take(2 + 32);
  cursor.vector(1);
  const at = hello.length - cursor.remaining;
  const numbers = cursor.vector(2).uint16List();
  const rest = hello.subarray(hello.length - cursor.remaining);
  return Buffer.concat([hello.subarray(0, at), encodeVector(2, ...alter(numbers).map((number) => encodeUint(2, number))), rest]);
}

/** Behind the version, the random, the session id, the cipher suites and the compression methods (RFC 8446 4.1.2). */
function extensionsAt(hello: Buffer): number {
  const cursor = new ByteCursor(hello);
  cursor.take(2 + 32);
  cursor.vector(1);
  cursor.vector(2);
  cursor.vector(1);
  return hello.length - cursor.remaining;
}
