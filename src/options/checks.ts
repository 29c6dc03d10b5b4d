import { MtlsFixturesError, textOf } from '../errors/index.ts';

/** Refuses options that are no object at all. */
export function requireOptions(what: string, options: unknown): void {
  if (typeof options !== 'object' || options === null) throw invalid(what, options, 'an object of options');
}

/** Refuses an option that does not exist, most of all a misspelt one. */
export function requireKnownOptions(what: string, options: object, known: readonly string[]): void {
  requireOptions(what, options);
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalid(what, unknown, `one of ${known.join(', ')}`);
}

/**
 * Refuses a misspelt name of one of ours among options that are passed on to Node: nobody would look at it there. Near is what differs by two letters, of
 * names under five by one.
 */
export function refuseMisspelt(what: string, options: object, ours: readonly string[]): void {
  for (const given of Object.keys(options)) {
    const meant = ours.includes(given) ? undefined : ours.find((name) => isNear(given, name));
    if (meant !== undefined) throw invalid(what, given, `${meant}, which is how it is spelt`);
  }
}

/** By the edit distance, case aside. */
function isNear(one: string, other: string): boolean {
  const bound = other.length < shortName ? 1 : 2;
  if (Math.abs(one.length - other.length) > bound) return false;
  const [from, to] = [one.toLowerCase(), other.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_each, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1)
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)));
    row = next;
  }
  return (row[to.length] ?? 0) <= bound;
}

const shortName = 5;

/** Refuses what is neither true nor false. */
export function requireBoolean(option: string, value: unknown): void {
  if (typeof value !== 'boolean') throw invalid(option, value, 'true or false');
}

/** Refuses what is not an integer within these bounds. */
export function requireIntegerIn(option: string, value: unknown, lowest: number, highest: number): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < lowest || value > highest)
    throw invalid(option, value, `an integer from ${lowest} to ${highest}`);
}

/** Refuses what is not a positive, finite number of milliseconds that a timer can take. */
export function requireMilliseconds(option: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0 || value > 2 ** 31 - 1)
    throw invalid(option, value, 'a positive number of milliseconds below 2^31');
}

/** Refuses what is no text, and an empty one. */
export function requireText(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw invalid(option, value, 'text that is not empty');
}

/** Refuses what is not one of the words. */
export function requireOneOf(option: string, value: unknown, words: readonly string[]): void {
  if (typeof value !== 'string' || !words.includes(value)) throw invalid(option, value, `one of ${words.join(', ')}`);
}

/** Refuses what no resolver and no socket takes as a host: it is given to them as it is. */
export function requireHost(host: unknown, expected = 'a host name or an IP address'): void {
  if (typeof host !== 'string' || host === '' || host.includes('\u{0}')) throw invalid('host', host, expected);
}

/** One text or a list of them, as a list; none where nothing is given. Refuses all else, but leaves each entry to whoever reads it. */
export function textList(option: string, value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  const values: unknown = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(values)) throw invalid(option, values === null ? values : typeof values, 'text or a list of texts');
  return values as readonly string[]; // each is checked where it is read
}

function invalid(option: string, value: unknown, expected: string): MtlsFixturesError {
  return new MtlsFixturesError('OPTION_INVALID', { option, value: textOf(value), expected });
}
