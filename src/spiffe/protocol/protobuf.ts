/** One field of a message, as it stands in the encoding; nothing of fixed length is read here, since no message of the Workload API's requests and responses has such a field. */
export interface Field {
  readonly number: number;
  readonly value: Buffer;
}

/** A field of bytes, or of an encoded message. Written even where it is empty: a repeated one counts. */
export function bytesField(number: number, value: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + lengthDelimited), varint(value.length), value]);
}

/** A field of text; nothing for the empty text, which is the default of proto3. */
export function textField(number: number, text: string): Buffer {
  return text === '' ? Buffer.alloc(0) : bytesField(number, Buffer.from(text));
}

/** A field of a varint, such as a bool or an enum. */
export function varintField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8 + varintType), varint(value)]);
}

/** A field of a double. */
export function doubleField(number: number, value: number): Buffer {
  const octets = Buffer.alloc(8);
  octets.writeDoubleLE(value);
  return Buffer.concat([varint(number * 8 + fixed64), octets]);
}

/** The entry of a map whose keys are texts: a message of key (1) and value (2). */
export function mapEntry(number: number, key: string, value: Uint8Array): Buffer {
  return bytesField(number, Buffer.concat([textField(1, key), bytesField(2, value)]));
}

/** The length-delimited fields of a message, in order; others are skipped, as the encoding wants of unknown ones. Throws a RangeError for bytes that are not a message. */
export function readFields(message: Uint8Array): Field[] {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    const length = lengthOf(bytes, tag.value % 8, tag.end);
    const end = length.start + length.octets;
    if (end > bytes.length) throw new RangeError('a field of the message is cut off');
    if (tag.value % 8 === lengthDelimited) fields.push({ number: Math.floor(tag.value / 8), value: bytes.subarray(length.start, end) });
    at = end;
  }
  return fields;
}

function lengthOf(bytes: Buffer, type: number, at: number): { readonly start: number; readonly octets: number } {
  if (type === varintType) return { start: readVarint(bytes, at).end, octets: 0 };
  if (type === fixed64) return { start: at, octets: 8 };
  if (type === fixed32) return { start: at, octets: 4 };
  if (type !== lengthDelimited) throw new RangeError(`a field of the message has the wire type ${type}`);
  const { value, end } = readVarint(bytes, at);
  return { start: end, octets: value };
}

function varint(value: number): Buffer {
  const octets: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) octets.push((rest % 0x80) + 0x80);
  return Buffer.from([...octets, rest]);
}

function readVarint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start; at < Math.min(bytes.length, start + longestVarint); at += 1) {
    const octet = bytes[at] ?? 0;
    value += (octet % 0x80) * 2 ** (7 * (at - start));
    if (octet < 0x80) return { value, end: at + 1 };
  }
  throw new RangeError('a number of the message is cut off');
}

const varintType = 0;
const fixed64 = 1;
const lengthDelimited = 2;
const fixed32 = 5;
const longestVarint = 10;
