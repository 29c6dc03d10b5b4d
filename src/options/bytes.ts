/** Whether a value is a Uint8Array, a Buffer included, of whatever realm: in jsdom's environment a Buffer is not an instance of the global one. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

/** The bytes that a view of any kind shows; undefined for all else. */
export function bytesOf(value: unknown): Buffer | undefined {
  return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : undefined;
}
