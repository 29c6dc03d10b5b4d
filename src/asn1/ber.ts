import { MtlsFixturesError } from '../errors/index.ts';
import { type Der, element } from './der-writer.ts';

/**
 * BER of which everything has a definite length, and octet strings in pieces are joined, as PKCS#12 files of NSS and Windows need to be read (X.690 8.1.3.6, 8.7.3).
 * What a primitive element holds is not looked into. Throws `DER_INVALID`, also for octets that follow.
 */
export function derOfBer(bytes: Uint8Array, what: string): Der {
  const source: Source = { bytes, what };
  const { der, end } = convert(source, { start: 0, limit: bytes.length, depth: 0 });
  if (end !== bytes.length) throw problem(source, `${bytes.length - end} octets follow its end`);
  return der;
}

interface Source {
  readonly bytes: Uint8Array;
  readonly what: string;
}

interface Place {
  readonly start: number;
  readonly limit: number;
  readonly depth: number;
}

function convert(source: Source, { start, limit, depth }: Place): { readonly der: Der; readonly end: number } {
  if (depth > deepest) throw problem(source, 'its elements are nested too deep');
  const { tag, contentStart, contentEnd } = headerAt(source, start, limit);
  if ((tag & constructed) === 0) {
    if (contentEnd === undefined) throw problem(source, 'a primitive element has an indefinite length');
    return { der: element(tag, source.bytes.subarray(contentStart, contentEnd)), end: contentEnd };
  }
  const parts: Der[] = [];
  let at = contentStart;
  while (contentEnd === undefined ? !isEndOfContents(source, at, limit) : at < contentEnd) {
    const child = convert(source, { start: at, limit: contentEnd ?? limit, depth: depth + 1 });
    parts.push(child.der);
    at = child.end;
  }
  const end = contentEnd ?? at + 2;
  return { der: tag === (octetString | constructed) ? joined(source, parts) : element(tag, ...parts), end };
}

/** The pieces are octet strings themselves, joined already. */
function joined(source: Source, parts: readonly Der[]): Der {
  return element(
    octetString,
    ...parts.map((part) => {
      if (part[0] !== octetString) throw problem(source, 'a piece of an OCTET STRING is not one');
      const octets = (part[1] ?? 0) & 0x80 ? (part[1] ?? 0) & 0x7f : 0;
      return part.subarray(2 + octets);
    }),
  );
}

function headerAt(
  source: Source,
  start: number,
  limit: number,
): { readonly tag: number; readonly contentStart: number; readonly contentEnd: number | undefined } {
  const { bytes } = source;
  const [tag, first] = [bytes[start], bytes[start + 1]];
  if (tag === undefined || first === undefined || start + 2 > limit) throw problem(source, 'it is cut off');
  if ((tag & 0x1f) === 0x1f) throw problem(source, 'it has a tag of several octets, which PKCS#12 never uses');
  if (first === 0x80) return { tag, contentStart: start + 2, contentEnd: undefined };
  const octets = first & 0x80 ? first & 0x7f : 0;
  const contentStart = start + 2 + octets;
  if (octets > 4 || contentStart > limit) throw problem(source, 'a length is cut off, or has more than four octets');
  let length = octets === 0 ? first : 0;
  for (let at = start + 2; at < contentStart; at += 1) length = length * 256 + (bytes[at] ?? 0);
  if (contentStart + length > limit) throw problem(source, 'it is cut off: an element is longer than what holds it');
  return { tag, contentStart, contentEnd: contentStart + length };
}

function isEndOfContents({ bytes }: Source, at: number, limit: number): boolean {
  return at + 2 <= limit && bytes[at] === 0 && bytes[at + 1] === 0;
}

function problem({ what }: Source, words: string): MtlsFixturesError {
  return new MtlsFixturesError('DER_INVALID', { what, problem: words });
}

const constructed = 0x20;
const octetString = 0x04;
/** The deepest that real files have is 20. */
const deepest = 64;
