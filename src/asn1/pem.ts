import { MtlsFixturesError } from '../errors/index.ts';

/** One armoured block: what stands between `BEGIN label` and `END label` (RFC 7468). */
export interface PemBlock {
  readonly label: string;
  readonly der: Uint8Array;
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

/** All blocks of a text, in order; text around them is passed over, as OpenSSL does. No blocks: an empty list. */
export function decodePem(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  for (let from = 0; ;) {
    const begin = text.indexOf(beginMark, from);
    if (begin < 0) return blocks;
    const labelEnd = text.indexOf('-----', begin + beginMark.length);
    if (labelEnd < 0) return blocks;
    const label = text.slice(begin + beginMark.length, labelEnd);
    if (!/^[A-Z0-9 ]{1,64}$/u.test(label)) {
      from = begin + beginMark.length;
      continue;
    }
    const endMark = `-----END ${label}-----`;
    const end = text.indexOf(endMark, labelEnd);
    if (end < 0) throw invalid(label, `it has no END ${label}`);
    const body = text.slice(labelEnd + 5, end);
    blocks.push({ label, der: decodeBody(label, body), text: text.slice(begin, end + endMark.length) });
    from = end + endMark.length;
  }
}

/** What an error may quote of text that was to be PEM: its first armour line. The rest may be a key. */
export function firstArmour(text: string): string {
  return /-----BEGIN [A-Z0-9 ]{1,64}-----/u.exec(text)?.[0] ?? 'text without BEGIN';
}

function decodeBody(label: string, body: string): Uint8Array {
  const headersEnd = /^\s*[\w-]+:.*?\r?\n\r?\n/su.exec(body)?.[0].length ?? 0; // RFC 1421 headers of encrypted keys
  const base64 = body.slice(headersEnd).replaceAll(/\s+/gu, '');
  const digits = /^[A-Za-z0-9+/]+={0,2}$/u.test(base64) ? base64.replace(/==?$/u, '').length : 1;
  if (digits % 4 === 1) throw invalid(label, 'its body is not Base64'); // one digit alone is less than an octet
  return Buffer.from(base64, 'base64');
}

function invalid(label: string, problem: string): MtlsFixturesError {
  return new MtlsFixturesError('PEM_INVALID', { what: 'PEM text', value: `BEGIN ${label}`, problem });
}

const beginMark = '-----BEGIN ';
