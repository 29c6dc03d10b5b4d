import { bytesField, doubleField, mapEntry, varintField } from './protobuf.ts';

/** A JSON object as `google.protobuf.Struct`. */
export function encodeStruct(json: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.concat(Object.entries(json).map(([name, value]) => mapEntry(1, name, encodeValue(value))));
}

/** `google.protobuf.Value`, whose every kind is written even where it is the default: it is a oneof. */
function encodeValue(value: unknown): Buffer {
  if (typeof value === 'number') return doubleField(2, value);
  if (typeof value === 'string') return bytesField(3, Buffer.from(value));
  if (typeof value === 'boolean') return varintField(4, value ? 1 : 0);
  if (Array.isArray(value)) return bytesField(6, Buffer.concat(value.map((entry) => bytesField(1, encodeValue(entry)))));
  if (typeof value === 'object' && value !== null) return bytesField(5, encodeStruct(value as Readonly<Record<string, unknown>>)); // of JSON, as the caller says
  return varintField(1, 0);
}
