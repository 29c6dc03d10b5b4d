import { MtlsFixturesError } from '../errors/index.ts';
import { readDer } from './der-reader.ts';

/** One armoured block: what stands between `BEGIN label` and `END label` (RFC 7468). */
export interface PemBlock {
  readonly label: string;
  readonly der: Uint8Array;
  /** RFC 1421 headers of an encrypted key, a line each; '' where there are none. */
  readonly headers: string;
  /** The block's own text, as it was found. */
  readonly text: string;
}

/** DER in its armour, 64 characters a line, with a newline at the end. */
export function encodePem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('base64');
  let lines = '';
  for (let offset = 0; offset < base64.length; offset += 64) lines += `${base64.slice(offset, offset + 64)}\n`;
  return `-----BEGIN ${label}-----\n${lines}-----END ${label}-----\n`;
}

/**
 * All blocks of a text, in order; text around them is skipped, and so is armour around what is not PEM (`BEGIN PGP MESSAGE`, notes). Throws `PEM_INVALID` where an object
 * would be lost: half a block, an armour line that is not whole, a body that is not Base64. No blocks: an empty list.
 */
export function decodePem(text: string): PemBlock[] {
  if (utf16.test(text)) throw broken('text', 'it is UTF-16; write it in UTF-8 or ASCII');
  const blocks: PemBlock[] = [];
  const endAfter = endsOf(text);
  let last = 0;
  for (let from = 0; ;) {
    const begin = text.indexOf(beginMark, from);
    const labelEnd = begin < 0 ? -1 : text.indexOf('-----', begin + beginMark.length);
    if (labelEnd < 0) break;
    from = begin + beginMark.length;
    const label = text.slice(from, labelEnd);
    if (!/^[A-Z0-9 ]{1,64}$/u.test(label)) continue;
    const endMark = `-----END ${label}-----`;
    const end = endAfter(label, labelEnd);
    if (end < 0 && isObject(label)) throw invalid(label, `it has no END ${label}`);
    if (end < 0) continue;
    const body = text.slice(labelEnd + 5, end);
    if (!isObject(label) && !holdsDer(body)) continue;
    refuseHalves(text.slice(last, begin));
    blocks.push({ label, ...decodeBody(label, body), text: text.slice(begin, end + endMark.length) });
    from = end + endMark.length;
    last = from;
  }
  refuseHalves(text.slice(last));
  return blocks;
}

/** A block on lines of its own, 64 characters each, as every reader of PEM takes it; with the headers of an encrypted one. */
export function encodeBlock({ label, headers, der }: Pick<PemBlock, 'label' | 'headers' | 'der'>): string {
  const pem = encodePem(label, der);
  return headers === '' ? pem : pem.replace('\n', () => `\n${headers}\n\n`);
}

/** What an error may quote of text that was to be PEM: its first armour line. The rest may be a key. */
export function firstArmour(text: string): string {
  return /-----BEGIN [A-Z0-9 ]{1,64}-----/u.exec(text)?.[0] ?? 'text without BEGIN';
}

function decodeBody(label: string, body: string): Pick<PemBlock, 'headers' | 'der'> {
  const found = /^\s*[\w-]+:.*?\r?\n[ \t]*\r?\n/su.exec(body)?.[0] ?? ''; // RFC 1421 headers of encrypted keys
  const base64 = body.slice(found.length).replaceAll(/\s+/gu, '');
  if (/\\[nr]/u.test(base64))
    throw invalid(label, String.raw`its line breaks are the two characters "\n", as in an environment variable; replace them`);
  if (!isBase64(base64)) throw invalid(label, 'its body is not Base64');
  const headers = found
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
  return { headers, der: Buffer.from(base64, 'base64') };
}

function isBase64(text: string): boolean {
  const digits = /^[A-Za-z0-9+/]+={0,2}$/u.test(text) ? text.replace(/==?$/u, '').length : 1;
  return digits % 4 !== 1; // one digit alone is less than an octet
}

/** Labels of which something would be lost if they were passed over: those of OpenSSL (its `pem.h`) and of other keys. */
function isObject(label: string): boolean {
  return new RegExp(`(?:^| )(?:${objects})$`, 'u').test(label);
}

/** Finds the END of a label at or behind a place; the places of one label have to grow. Found once for all: to search again for each BEGIN would take quadratic time. */
function endsOf(text: string): (label: string, from: number) => number {
  const ends = new Map<string, number[]>();
  for (let at = text.indexOf(endMarkStart); at >= 0; at = text.indexOf(endMarkStart, at + 1)) {
    const start = at + endMarkStart.length;
    const [label] = text.slice(start, start + longestLabel + 5).split('-----', 1);
    if (label === undefined || !text.startsWith('-----', start + label.length)) continue;
    const places = ends.get(label);
    if (places) places.push(at);
    else ends.set(label, [at]);
  }
  for (const places of ends.values()) places.reverse();
  return (label, from) => {
    const places = ends.get(label) ?? [];
    for (let place = places.at(-1); place !== undefined && place < from; place = places.at(-1)) places.pop();
    return places.at(-1) ?? -1;
  };
}

/** Whether the body of an unknown label is one DER element: then it is an object of an unknown kind, and not a note. */
function holdsDer(body: string): boolean {
  if (body.includes('-----')) return false; // before the whole of it is looked at, for each BEGIN within it
  const base64 = body.replaceAll(/\s+/gu, '');
  if (!isBase64(base64)) return false;
  try {
    return readDer(Buffer.from(base64, 'base64'), 'block').tag === 0x30;
  } catch (error) {
    if (error instanceof MtlsFixturesError) return false;
    throw error;
  }
}

/** An armour line between blocks that readers do not recognize as one: half a block, too few dashes, typographic dashes, small letters. */
function refuseHalves(between: string): void {
  if (!/begin|end/iu.test(between)) return;
  const [, edge, label] = halfArmour.exec(between) ?? [];
  if (edge === undefined || label === undefined) return;
  const line = `${edge} ${label}`;
  const problem = /^[A-Z0-9 ]+$/u.test(line)
    ? 'half of a block, or an armour line that is not whole: it begins and ends with five dashes'
    : 'its armour line is not in capital letters';
  throw broken(line, problem);
}

function invalid(label: string, problem: string): MtlsFixturesError {
  return broken(`BEGIN ${label}`, problem);
}

function broken(value: string, problem: string): MtlsFixturesError {
  return new MtlsFixturesError('PEM_INVALID', { what: 'PEM text', value, problem });
}

const beginMark = '-----BEGIN ';
const endMarkStart = '-----END ';
const longestLabel = 64;
const objects = 'CERTIFICATE|CERTIFICATE REQUEST|CRL|PRIVATE KEY|PUBLIC KEY|PARAMETERS|PKCS7|CMS';
/** A line that is such an armour, of any number and kind of dashes, on at least one side of the label. */
const halfArmour = new RegExp(
  String.raw`(?:^|[\r\n])[^\S\r\n]*[-\u2010-\u2015\u2212]{2,}[^\S\r\n]*(BEGIN|END) +((?:[A-Z0-9.]+ ){0,3}(?:${objects}))[^\S\r\n]*(?:[-\u2010-\u2015\u2212]+[^\S\r\n]*)?(?:[\r\n]|$)`,
  'iu',
);
/** What is left of "BEGIN" in UTF-16, read as any text of octets. */
const utf16 = /B\0E\0G\0I\0N/u;
