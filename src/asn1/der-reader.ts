import { MtlsFixturesError } from '../errors/index.ts';

/** One DER element within untrusted bytes. Children are read when asked for, so no input can make it recurse. */
export class DerElement {
  /** The identifier octet: class, constructed bit and number. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** The whole element: tag, length and content. */
  readonly bytes: Uint8Array;
  readonly #what: string;

  constructor(bytes: Uint8Array, what: string) {
    const { tag, header, length } = readHeader(bytes, what);
    this.tag = tag;
    this.bytes = bytes.subarray(0, header + length);
    this.content = bytes.subarray(header, header + length);
    this.#what = what;
  }

  /** The elements inside a constructed element. */
  get children(): DerElement[] {
    const children: DerElement[] = [];
    for (let rest = this.content; rest.length > 0;) {
      const child = new DerElement(rest, this.#what);
      children.push(child);
      rest = rest.subarray(child.bytes.length);
    }
    return children;
  }

  /** The first element inside, where the content is an element of its own: a BIT STRING or OCTET STRING that wraps one. */
  inner(skip = 0): DerElement {
    return new DerElement(this.content.subarray(skip), this.#what);
  }

  /** Throws `DER_INVALID` unless the tag is the expected one. */
  expect(tag: number, part: string): this {
    if (this.tag !== tag) throw this.problem(`${part} has the tag 0x${hex(this.tag)} instead of 0x${hex(tag)}`);
    return this;
  }

  /** The value of an INTEGER of any size. */
  get integer(): bigint {
    if (this.content.length === 0) throw this.problem('an INTEGER has no content');
    return BigInt.asIntN(this.content.length * 8, BigInt(`0x${Buffer.from(this.content).toString('hex')}`));
  }

  get boolean(): boolean {
    return this.content[0] !== undefined && this.content[0] !== 0;
  }

  /** An OBJECT IDENTIFIER in dotted notation. */
  get objectIdentifier(): string {
    const arcs: bigint[] = [];
    let arc = 0n;
    if (this.content.length > longestIdentifier) throw this.problem('an OBJECT IDENTIFIER is implausibly long');
    for (const octet of this.content) {
      arc = (arc << 7n) | BigInt(octet & 0x7f);
      if (octet & 0x80) continue;
      arcs.push(arc);
      arc = 0n;
    }
    const [first, ...rest] = arcs;
    if (first === undefined || (this.content.at(-1) ?? 0x80) & 0x80) throw this.problem('an OBJECT IDENTIFIER is cut off');
    const top = first < 80n ? first / 40n : 2n;
    return [top, first - top * 40n, ...rest].join('.');
  }

  /** The numbers of the bits that are set in a BIT STRING of named bits. */
  get namedBits(): number[] {
    const bits: number[] = [];
    this.content.subarray(1, 1 + longestNamedBits).forEach((octet, index) => {
      for (let bit = 0; bit < 8; bit += 1) if (octet & (0x80 >> bit)) bits.push(index * 8 + bit);
    });
    return bits;
  }

  /** The text of a character string, by its tag; Latin-1 where the tag says nothing else. */
  get text(): string {
    const content = Buffer.from(this.content.buffer, this.content.byteOffset, this.content.length);
    if (this.tag === 0x0c) return content.toString('utf8');
    if (this.tag === 0x1e) return content.length % 2 === 0 ? Buffer.from(content).swap16().toString('utf16le') : content.toString('latin1');
    return content.toString('latin1');
  }

  /** The instant of a UTCTime or GeneralizedTime (RFC 5280 4.1.2.5). */
  get time(): Date {
    const digits = this.text;
    const year = this.tag === 0x17 ? utcYear(digits) : digits;
    const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:[.,]\d{1,9})?(Z|[+-]\d{4})?$/u.exec(year);
    if (!match) throw this.problem(`a time reads "${digits.slice(0, 32)}"`);
    const [, yyyy, month, day, hour, minute, second = '00', zone = 'Z'] = match;
    const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3)}`;
    const instant = new Date(`${yyyy}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
    if (Number.isNaN(instant.getTime())) throw this.problem(`a time reads "${digits.slice(0, 32)}"`);
    return instant;
  }

  problem(problem: string): MtlsFixturesError {
    return new MtlsFixturesError('DER_INVALID', { what: this.#what, problem });
  }
}

/** Reads one element that fills the bytes exactly. `what` names the thing in errors, e.g. `certificate`. */
export function readDer(bytes: Uint8Array, what: string): DerElement {
  const element = new DerElement(bytes, what);
  if (element.bytes.length !== bytes.length) throw element.problem(`${bytes.length - element.bytes.length} octets follow its end`);
  return element;
}

function readHeader(bytes: Uint8Array, what: string): { tag: number; header: number; length: number } {
  const fail = (problem: string): never => {
    throw new MtlsFixturesError('DER_INVALID', { what, problem });
  };
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return fail('an element is cut off');
  if ((tag & 0x1f) === 0x1f) return fail('it has a tag of several octets, which X.509 never uses');
  if (first === 0x80) return fail('it has an indefinite length, which DER forbids');
  const octets = first & 0x80 ? first & 0x7f : 0;
  if (octets > 4) return fail('a length has more than four octets');
  if (bytes.length < 2 + octets) return fail('a length is cut off');
  let length = octets === 0 ? first : 0;
  for (let index = 0; index < octets; index += 1) length = length * 256 + (bytes[2 + index] ?? 0);
  if (2 + octets + length > bytes.length) return fail('an element is longer than what holds it');
  return { tag, header: 2 + octets, length };
}

function utcYear(digits: string): string {
  return `${Number(digits.slice(0, 2)) >= 50 ? '19' : '20'}${digits}`;
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}

const longestIdentifier = 256;
const longestNamedBits = 8;
