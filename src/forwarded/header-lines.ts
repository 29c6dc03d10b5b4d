import { invalidOption, type MtlsFixturesError, textOf } from '../errors/index.ts';
import type { HeaderLine } from './format.ts';

/** Headers of a request, however a library has them: Node's `headers` or `headersDistinct`, a Fetch `Headers`, name and value in turn as in `rawHeaders`, or pairs. */
export type RequestHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | Iterable<readonly [string, string]>
  | readonly string[];

/** Their lines, in order. Throws `OPTION_INVALID` for what is none of these. */
export function headerLines(headers: RequestHeaders): HeaderLine[] {
  const given: unknown = headers; // from JavaScript
  if (typeof given !== 'object' || given === null) throw notHeaders(given);
  if (!(Symbol.iterator in given)) return Object.entries(given).flatMap(([name, value]) => linesOf(name, value));
  const entries: unknown[] = [...(given as Iterable<unknown>)]; // it has an iterator
  if (entries.every((entry) => typeof entry === 'string')) return rawLines(entries);
  return entries.flatMap((entry) => (Array.isArray(entry) && typeof entry[0] === 'string' ? linesOf(entry[0], entry[1]) : notPair(entry)));
}

function rawLines(texts: readonly string[]): HeaderLine[] {
  if (texts.length % 2 === 1) throw notHeaders(`an array of ${texts.length} texts`);
  return Array.from({ length: texts.length / 2 }, (_, index) => [texts[index * 2] ?? '', texts[index * 2 + 1] ?? '']);
}

function linesOf(name: string, value: unknown): HeaderLine[] {
  if (value === undefined) return [];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.map((line) => {
    if (typeof line !== 'string') throw notHeaders(`${name}: ${textOf(line)}`);
    return [name, line];
  });
}

function notPair(entry: unknown): never {
  throw notHeaders(textOf(entry));
}

function notHeaders(value: unknown): MtlsFixturesError {
  return invalidOption('headers', value, 'the headers of a request: an object, a Headers, rawHeaders, or pairs of name and value');
}
