import { malformed } from '../malformed.ts';

/** What an element of `x-forwarded-client-cert` says, by Envoy's name of it. */
export type XfccKey = 'By' | 'Hash' | 'Cert' | 'Chain' | 'Subject' | 'URI' | 'DNS' | 'Issuer';

/** One element: what one proxy says of its client. Each key has the values that came, in order. */
export type XfccElement = Readonly<Partial<Record<XfccKey, readonly string[]>>>;

/**
 * Reads the elements (Envoy, "x-forwarded-client-cert"): separated by commas, each of `Key=Value` separated by semicolons, keys in any letter case. A quoted value ends at the first
 * quotation mark behind an even number of backslashes. Backslashes in a distinguished name belong to its RFC 2253 text, which Envoy does not escape again; in other values they are
 * removed.
 */
export function xfccElements(header: string, text: string): readonly XfccElement[] {
  const elements: Partial<Record<XfccKey, string[]>>[] = [{}];
  for (let at = 0; ;) {
    const { key, value, end } = readPair(header, text, at);
    const element = elements.at(-1) ?? {};
    if (element[key] && !repeatable.has(key)) throw malformed(header, `an element has two values of ${key}`);
    (element[key] ??= []).push(value);
    if (end === text.length) return elements;
    if (text[end] === ',') elements.push({});
    at = end + 1;
  }
}

interface Pair {
  readonly key: XfccKey;
  readonly value: string;
  /** Where the separator behind it is, or the end of the text. */
  readonly end: number;
}

function readPair(header: string, text: string, start: number): Pair {
  const equals = text.indexOf('=', start);
  const name = text.slice(start, Math.min(equals < 0 ? start : equals, start + longestKey + 1)).toLowerCase();
  const key = keys.find((known) => known.toLowerCase() === name);
  if (key === undefined)
    throw malformed(
      header,
      `at ${start} there is not one of ${keys.join(', ')} with an equals sign; Envoy does not quote a URI or DNS name that holds a separator`,
    );
  const from = equals + 1;
  if (text[from] !== '"') return { key, ...unquoted(header, text, { key, from }) };
  const close = closingQuote(text, from + 1);
  if (close < 0) throw malformed(header, `the value of ${key} has no closing quotation mark`);
  const quoted = text.slice(from + 1, close);
  return { key, value: isName(key) ? quoted : unescaped(quoted), end: endOf(header, text, { key, end: close + 1 }) };
}

function unquoted(header: string, text: string, { key, from }: { readonly key: XfccKey; readonly from: number }): Omit<Pair, 'key'> {
  if (quotedAlways.has(key)) throw malformed(header, `the value of ${key} is not quoted`);
  const separator = /[",;]/gu;
  separator.lastIndex = from;
  const end = separator.exec(text)?.index ?? text.length;
  return { value: text.slice(from, end), end: endOf(header, text, { key, end }) };
}

/** Checks that the value ends there. */
function endOf(header: string, text: string, { key, end }: { readonly key: XfccKey; readonly end: number }): number {
  if (end < text.length && text[end] !== ';' && text[end] !== ',')
    throw malformed(header, `a quotation mark is within the value of ${key}`);
  return end;
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (at - backslashes > from && text[at - backslashes - 1] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(["\\])/gu, '$1');
}

function isName(key: XfccKey): boolean {
  return key === 'Subject' || key === 'Issuer';
}

const keys: readonly XfccKey[] = ['By', 'Hash', 'Cert', 'Chain', 'Subject', 'URI', 'DNS', 'Issuer'];
const longestKey = Math.max(...keys.map(({ length }) => length));
/** Names of which a certificate may have several. */
const repeatable: ReadonlySet<XfccKey> = new Set(['By', 'URI', 'DNS']);
const quotedAlways: ReadonlySet<XfccKey> = new Set(['Cert', 'Chain', 'Subject', 'Issuer']);
