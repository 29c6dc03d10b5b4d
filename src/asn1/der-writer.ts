/** Octets of one complete DER element: tag, length, content. */
export type Der = Uint8Array;

/** Any element: the identifier octet and its content, given whole or in parts. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Der {
  let length = 0;
  for (const part of parts) length += part.length;
  const header = length < 0x80 ? 2 : 2 + octetsIn(length);
  const der = Buffer.allocUnsafe(header + length);
  der[0] = tag;
  writeLength(der, length, header);
  let offset = header;
  for (const part of parts) {
    der.set(part, offset);
    offset += part.length;
  }
  return der;
}

export function sequence(...parts: readonly Uint8Array[]): Der {
  return element(0x30, ...parts);
}

/** A SET OF: its elements in the order that DER demands (X.690 11.6). */
export function setOf(...parts: readonly Der[]): Der {
  return element(0x31, ...parts.toSorted((a, b) => Buffer.compare(a, b)));
}

/** An INTEGER of any size; also negative, for what a well-behaved encoder would refuse to write. */
export function integer(value: bigint | number): Der {
  const big = BigInt(value);
  const magnitude = (big < 0n ? -big - 1n : big).toString(2).length + 1; // with the sign bit
  const octets = Math.ceil(magnitude / 8);
  const hex = BigInt.asUintN(octets * 8, big)
    .toString(16)
    .padStart(octets * 2, '0');
  return element(0x02, Buffer.from(hex, 'hex'));
}

export function boolean(value: boolean): Der {
  return element(0x01, Uint8Array.of(value ? 0xff : 0));
}

export function nullValue(): Der {
  return element(0x05);
}

/** Whether text is an object identifier in dotted notation: its first number is 0 to 2, its second below 40 under 0 and 1 (X.690 8.19.4). */
export function isObjectIdentifier(text: unknown): text is string {
  return typeof text === 'string' && /^(?:[01]\.[1-3]?\d|2\.(?:0|[1-9]\d*))(?:\.(?:0|[1-9]\d*))*$/u.test(text);
}

/** An OBJECT IDENTIFIER in dotted notation, e.g. `2.5.29.17`; other text must have been refused before. */
export function objectIdentifier(dotted: string): Der {
  let der = knownIdentifiers.get(dotted);
  if (!der) {
    const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
    der = element(0x06, Uint8Array.from([first * 40n + second, ...rest].flatMap(base128)));
    if (knownIdentifiers.size < mostKnownIdentifiers) knownIdentifiers.set(dotted, der);
  }
  return der;
}

/** A certificate names the same dozen identifiers as the one before. */
const knownIdentifiers = new Map<string, Der>();
const mostKnownIdentifiers = 200;

export function octetString(content: Uint8Array): Der {
  return element(0x04, content);
}

/** A BIT STRING; `unusedBits` counts those left over in its last octet. */
export function bitString(content: Uint8Array, unusedBits = 0): Der {
  return element(0x03, Uint8Array.of(unusedBits), content);
}

/** A BIT STRING of named bits: bit 0 is the first, trailing zeros are cut off (X.690 11.2.2). */
export function namedBits(bits: readonly number[]): Der {
  if (bits.length === 0) return bitString(new Uint8Array(0));
  const highest = Math.max(...bits);
  const octets = new Uint8Array((highest >> 3) + 1);
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return bitString(octets, 7 - (highest & 7));
}

export function utf8String(text: string): Der {
  return element(0x0c, Buffer.from(text, 'utf8'));
}

export function printableString(text: string): Der {
  return element(0x13, Buffer.from(text, 'latin1'));
}

export function ia5String(text: string): Der {
  return element(0x16, Buffer.from(text, 'latin1'));
}

/** UTCTime with seconds in UTC: years 1950 to 2049. */
export function utcTime(date: Date): Der {
  return element(0x17, Buffer.from(`${compact(date).slice(2)}Z`, 'latin1'));
}

/** GeneralizedTime with seconds in UTC. */
export function generalizedTime(date: Date): Der {
  return element(0x18, Buffer.from(`${compact(date)}Z`, 'latin1'));
}

/** A context-specific tag around complete elements: `[n] EXPLICIT`, or the constructed form of `[n] IMPLICIT`. */
export function contextConstructed(number: number, ...parts: readonly Uint8Array[]): Der {
  return element(0xa0 | number, ...parts);
}

/** A context-specific tag in place of a primitive one: `[n] IMPLICIT`, content only. */
export function contextPrimitive(number: number, content: Uint8Array): Der {
  return element(0x80 | number, content);
}

/** `20261123051024` */
function compact(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll(/[-:T]/gu, '');
}

function base128(value: bigint): number[] {
  const octets = [Number(value & 0x7fn)];
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}

function octetsIn(length: number): number {
  let octets = 1;
  for (let rest = length >>> 8; rest > 0; rest >>>= 8) octets += 1;
  return octets;
}

function writeLength(der: Buffer, length: number, header: number): void {
  if (header === 2) {
    der[1] = length;
    return;
  }
  der[1] = 0x80 | (header - 2);
  der.writeUIntBE(length, 2, header - 2);
}
