import { MtlsFixturesError } from '../errors/index.ts';

/**
 * One DER element within untrusted bytes. Children are read when asked for, so no input can make it recurse; views of the bytes are made
 * when asked for, too: a megabyte may hold half a million elements, and a view takes longer than all else about one.
 */
export class DerElement {
  /** The identifier octet: class, constructed bit and number. */
  readonly tag: number;
  readonly #source: Uint8Array;
  readonly #what: string;
  readonly #start: number;
  readonly #contentStart: number;
  readonly #end: number;

  /** Reads the element that begins at `start` and has to end by `end`. */
  constructor(source: Uint8Array, what: string, { start = 0, end = source.length } = {}) {
    this.#source = source;
    this.#what = what;
    this.#start = start;
    const first = source[start + 1];
    this.tag = source[start] ?? 0;
    if (first === undefined || start + 2 > end) throw this.problem('an element is cut off');
    if ((this.tag & 0x1f) === 0x1f) throw this.problem('it has a tag of several octets, which X.509 never uses');
    if (first === 0x80) throw this.problem('it has an indefinite length, which DER forbids');
    const octets = first & 0x80 ? first & 0x7f : 0;
    if (octets > 4) throw this.problem('a length has more than four octets');
    this.#contentStart = start + 2 + octets;
    if (this.#contentStart > end) throw this.problem('a length is cut off');
    let length = octets === 0 ? first : 0;
    for (let at = start + 2; at < this.#contentStart; at += 1) length = length * 256 + (source[at] ?? 0);
    this.#end = this.#contentStart + length;
    if (this.#end > end) throw this.problem('an element is longer than what holds it');
  }

  get content(): Uint8Array {
    return this.#source.subarray(this.#contentStart, this.#end);
  }

  /** The whole element: tag, length and content. */
  get bytes(): Uint8Array {
    return this.#source.subarray(this.#start, this.#end);
  }

  /** The elements inside a constructed element. */
  get children(): DerElement[] {
    const children: DerElement[] = [];
    for (let start = this.#contentStart; start < this.#end;) {
      const child = new DerElement(this.#source, this.#what, { start, end: this.#end });
      children.push(child);
      start = child.#end;
    }
    return children;
  }

  /** The first element inside, where the content is an element of its own: a BIT STRING or OCTET STRING that wraps one. */
  inner(skip = 0): DerElement {
    return new DerElement(this.#source, this.#what, { start: this.#contentStart + skip, end: this.#end });
  }

  /** Throws `DER_INVALID` unless the tag is the expected one. */
  expect(tag: number, part: string): this {
    if (this.tag !== tag) throw this.problem(`${part} has the tag 0x${hex(this.tag)} instead of 0x${hex(tag)}`);
    return this;
  }

  /** The value of an INTEGER of any size. Padding is refused, as X.690 8.3.2 and OpenSSL do. */
  get integer(): bigint {
    const { content } = this;
    const [first, second] = content;
    if (first === undefined) throw this.problem('an INTEGER has no content');
    if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
      throw this.problem('an INTEGER is longer than it has to be');
    return BigInt.asIntN(content.length * 8, BigInt(`0x${Buffer.from(content).toString('hex')}`));
  }

  /** A BOOLEAN; any octet but 0 is true, as OpenSSL reads it: only DER wants 0xff (X.690 11.1). */
  get boolean(): boolean {
    if (this.#end !== this.#contentStart + 1) throw this.problem('a BOOLEAN is not of one octet');
    return this.#source[this.#contentStart] !== 0;
  }

  /** An OBJECT IDENTIFIER in dotted notation. */
  get objectIdentifier(): string {
    if (this.#end - this.#contentStart > longestIdentifier) throw this.problem('an OBJECT IDENTIFIER is implausibly long');
    const arcs: (number | bigint)[] = [];
    let arc: number | bigint = 0;
    let isWhole = false;
    for (let at = this.#contentStart; at < this.#end; at += 1) {
      const octet = this.#source[at] ?? 0;
      if (octet === 0x80 && (at === this.#contentStart || isWhole))
        throw this.problem('a part of an OBJECT IDENTIFIER begins with 0x80, which X.690 8.19.2 forbids');
      // Numbers for as long as they are exact: they are ten times as fast.
      if (typeof arc === 'number' && arc < 2 ** 46) arc = arc * 128 + (octet & 0x7f);
      else arc = (BigInt(arc) << 7n) | BigInt(octet & 0x7f);
      isWhole = octet < 0x80;
      if (!isWhole) continue;
      arcs.push(arc);
      arc = 0;
    }
    const [first, ...rest] = arcs;
    if (first === undefined || !isWhole) throw this.problem('an OBJECT IDENTIFIER is cut off');
    const top = first < 80 ? Math.floor(Number(first) / 40) : 2;
    return [top, typeof first === 'number' ? first - top * 40 : first - BigInt(top * 40), ...rest].join('.');
  }

  /** The octets of a BIT STRING without the count of unused bits in front, and those bits as zero, whatever was written in them (as OpenSSL reads them). */
  get bits(): Uint8Array {
    const { content } = this;
    const [unused] = content;
    if (unused === undefined || unused > 7) throw this.problem('a BIT STRING has no valid count of unused bits');
    const bits = content.subarray(1);
    const last = bits.at(-1) ?? 0;
    const masked = last & (0xff << unused);
    return last === masked ? bits : Uint8Array.from([...bits.subarray(0, -1), masked]);
  }

  /** The numbers of the bits that are set in a BIT STRING of named bits. */
  get namedBits(): number[] {
    const bits: number[] = [];
    this.bits.subarray(0, longestNamedBits).forEach((octet, index) => {
      for (let bit = 0; bit < 8; bit += 1) if (octet & (0x80 >> bit)) bits.push(index * 8 + bit);
    });
    return bits;
  }

  /** The text of a character string, by its tag; Latin-1 where the tag says nothing else, also for the octets of a BIT STRING. */
  get text(): string {
    const { tag } = this;
    const content = tag === 0x03 ? this.bits : this.content;
    const text = Buffer.from(content.buffer, content.byteOffset, content.length);
    if (tag === 0x0c) return text.toString('utf8');
    if (tag === 0x1e) {
      if (text.length % 2 !== 0) throw this.problem('a BMPString has an odd number of octets');
      return Buffer.from(text).swap16().toString('utf16le');
    }
    if (tag !== 0x1c) return text.toString('latin1');
    if (text.length % 4 !== 0) throw this.problem('the octets of a UniversalString are not a multiple of four');
    return universalText(text) ?? text.toString('latin1');
  }

  /** The instant of a UTCTime or GeneralizedTime (RFC 5280 4.1.2.5). */
  get time(): Date {
    const digits = this.text;
    const year = this.tag === 0x17 ? utcYear(digits) : digits;
    const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:[.,]\d{1,9})?(Z|[+-]\d{4})?$/u.exec(year);
    if (!match) throw this.problem(`a time reads "${quoted(digits)}"`);
    const [, yyyy, month, day, hour, minute, second = '00', zone = 'Z'] = match;
    const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3)}`;
    const instant = new Date(`${yyyy}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
    // JavaScript takes 30 February for 1 or 2 March, and 24:00 for the next day; OpenSSL refuses both.
    if (Number.isNaN(instant.getTime()) || Number(hour) > 23 || !isDay(Number(yyyy), Number(month), Number(day)))
      throw this.problem(`a time reads "${quoted(digits)}"`);
    return instant;
  }

  problem(problem: string): MtlsFixturesError {
    return new MtlsFixturesError('DER_INVALID', { what: this.#what, problem });
  }
}

/** Reads one element that fills the bytes exactly. `what` names the thing in errors, e.g. `certificate`. */
export function readDer(bytes: Uint8Array, what: string): DerElement {
  const element = new DerElement(bytes, what);
  const { length } = element.bytes;
  if (length !== bytes.length) throw element.problem(`${bytes.length - length} octets follow its end`);
  return element;
}

/** UTF-32; undefined where it is not valid. */
function universalText(bytes: Buffer): string | undefined {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const codePoint = bytes.readUInt32BE(at);
    if (codePoint > 0x10_ffff) return undefined;
    text += String.fromCodePoint(codePoint);
  }
  return text;
}

/** Bytes of any origin, fit for a message. */
function quoted(text: string): string {
  return text.slice(0, 32).replaceAll(/[^\x20-\x7e]/gu, '.');
}

function isDay(year: number, month: number, day: number): boolean {
  return day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

function utcYear(digits: string): string {
  return `${Number(digits.slice(0, 2)) >= 50 ? '19' : '20'}${digits}`;
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}

const longestIdentifier = 256;
const longestNamedBits = 8;
