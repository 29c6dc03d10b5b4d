import type { Side } from '../../src/wire/tap/capture.ts';

/** A piece of a conversation, as the inputs of the wire's targets write it: flags, length in two octets, bytes. The last may be cut off. */
export interface Frame {
  /** Bit 0: sent by the server. The others belong to the target. */
  readonly flags: number;
  readonly bytes: Buffer;
}

/** Reads the frames that an input is made of, whatever the input. */
export function framesIn(input: Uint8Array): Frame[] {
  const rest = Buffer.from(input.buffer, input.byteOffset, input.length);
  const frames: Frame[] = [];
  for (let at = 0; at + headerLength <= rest.length;) {
    const end = at + headerLength + rest.readUInt16BE(at + 1);
    frames.push({ flags: rest[at] ?? 0, bytes: rest.subarray(at + headerLength, end) });
    at = end;
  }
  return frames;
}

/** Writes frames, for seeds. */
export function encodeFrames(frames: readonly { readonly flags: number; readonly bytes: Uint8Array }[]): Buffer {
  return Buffer.concat(
    frames.flatMap(({ flags, bytes }) => [Uint8Array.of(flags, bytes.length >> 8, bytes.length & 0xff), bytes.subarray(0, 0xffff)]),
  );
}

export function sideOf({ flags }: Frame): Side {
  return flags & 1 ? 'server' : 'client';
}

const headerLength = 3;
