/** One of the inputs with a few changes: octets set, cut out, doubled, moved, put in from another input, or the end cut off. */
export function mutate(inputs: readonly Uint8Array[], random: () => number): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit);
  const any = (): Buffer => Buffer.from(inputs[below(inputs.length)] ?? []);
  let bytes = any();
  for (let change = below(6); change >= 0; change -= 1) {
    const [at, length] = [below(bytes.length + 1), 1 + below(below(4) === 0 ? 200 : 8)];
    bytes = changes[below(changes.length)]?.(bytes, { at, length, below, any }) ?? bytes;
  }
  return bytes;
}

interface Place {
  readonly at: number;
  readonly length: number;
  readonly below: (limit: number) => number;
  readonly any: () => Buffer;
}

type Change = (bytes: Buffer, place: Place) => Buffer;

const setOctet: Change = (bytes, { at, below }) => {
  if (at < bytes.length) bytes[at] = below(256);
  return bytes;
};
const setEdge: Change = (bytes, { at, below }) => {
  if (at < bytes.length) bytes[at] = edges[below(edges.length)] ?? 0;
  return bytes;
};
const flipBit: Change = (bytes, { at, below }) => {
  if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
  return bytes;
};
const stepOctet: Change = (bytes, { at, below }) => {
  if (at < bytes.length) bytes[at] = ((bytes[at] ?? 0) + (below(2) === 0 ? 1 : 255)) & 0xff;
  return bytes;
};
const cutOut: Change = (bytes, { at, length }) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
const double: Change = (bytes, { at, length }) => Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
const move: Change = (bytes, { at, below }) => {
  bytes.copyWithin(at, below(bytes.length + 1));
  return bytes;
};
const noise: Change = (bytes, { at, length, below }) =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from(Array.from({ length }, () => below(256))), bytes.subarray(at)]);
const splice: Change = (bytes, { at, length, below, any }) => {
  const other = any();
  const from = below(other.length + 1);
  return Buffer.concat([bytes.subarray(0, at), other.subarray(from, from + length), bytes.subarray(at)]);
};
const cutOff: Change = (bytes, { at, below }) => (below(4) === 0 ? bytes.subarray(0, at) : bytes);

const changes: readonly Change[] = [setOctet, setEdge, flipBit, stepOctet, cutOut, double, move, noise, splice, cutOff];
/** Octets at which lengths, tags and characters turn into something else. */
const edges: readonly number[] = [0x00, 0x01, 0x0a, 0x1f, 0x20, 0x2d, 0x30, 0x7f, 0x80, 0x81, 0x84, 0xa0, 0xfe, 0xff];
