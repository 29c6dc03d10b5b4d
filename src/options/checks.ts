import { invalidOption, typeName } from '../errors/index.ts';
import { didYouMean } from './suggestion.ts';
import { isBytes } from './bytes.ts';

/** Rejects options that are not an object. */
export function requireOptions(what: string, options: unknown): asserts options is object {
  if (typeof options !== 'object' || options === null) throw invalidOption(what, options, 'an object of options');
}

/** Rejects an option that does not exist, above all a misspelled one. */
export function requireKnownOptions(what: string, options: object, known: readonly string[]): void {
  requireOptions(what, options);
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalidOption(what, unknown, `one of ${known.join(', ')}${didYouMean(unknown, known)}`);
}

/** Rejects what is neither true nor false. */
export function requireBoolean(option: string, value: unknown): void {
  if (typeof value !== 'boolean') throw invalidOption(option, value, 'true or false');
}

/** Rejects what is not an integer within these bounds. */
export function requireIntegerIn(option: string, value: unknown, lowest: number, highest: number): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < lowest || value > highest)
    throw invalidOption(option, value, `an integer from ${lowest} to ${highest}`);
}

/** Rejects what is neither a positive integer nor Infinity: how many of something are kept. */
export function requireCount(option: string, value: unknown, expected: string): void {
  if (value !== Infinity && !(typeof value === 'number' && Number.isSafeInteger(value) && value > 0))
    throw invalidOption(option, value, expected);
}

/** Rejects what is not a positive, finite number of milliseconds that a timer can take. */
export function requireMilliseconds(option: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0 || value > 2 ** 31 - 1)
    throw invalidOption(option, value, 'a positive number of milliseconds below 2^31');
}

/** Rejects non-strings and the empty string. */
export function requireText(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw invalidOption(option, value, 'text that is not empty');
}

/** Rejects what is not one of the words. */
export function requireOneOf(option: string, value: unknown, words: readonly string[]): void {
  if (typeof value !== 'string' || !words.includes(value)) throw invalidOption(option, value, `one of ${words.join(', ')}`);
}

/** Rejects what no resolver and no socket takes as a host: it is given to them as it is. */
export function requireHost(host: unknown, expected = 'a host name or an IP address'): void {
  if (typeof host !== 'string' || host === '' || host.includes('\u{0}')) throw invalidOption('host', host, expected);
}

/** Rejects what cannot be listened on, before anything is started. */
export function requireResponderHost(_option: string, value: unknown): void {
  requireHost(value, 'an address of this machine');
}

/** Rejects what has no key and no chain. By its shape: an Identity of another copy of this library is one too. */
export function requireIdentity(option: string, value: unknown): void {
  const { keyPem, chainPem } = Object(value) as { readonly keyPem?: unknown; readonly chainPem?: unknown }; // Object() leaves nothing to read of what is not an object
  if (typeof keyPem !== 'string' || typeof chainPem !== 'string')
    throw invalidOption(option, shapeOf(value), 'an Identity, e.g. pki.server(); PEM becomes one by identityFromPem({ key, cert, ca })');
}

/** What an object is by its fields, since their values may be keys. */
function shapeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeName(value);
  const fields = Object.keys(value).slice(0, 5);
  return fields.length === 0 ? 'object' : `{ ${fields.join(', ')} }`;
}

/** Rejects what does not mint credentials. By its shape: a Pki of another copy of the package does. */
export function requirePki(option: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || !('anchors' in value && 'issuer' in value))
    throw invalidOption(option, typeName(value), 'a Pki, from createPki()');
}

/** Rejects what is not a list of DER certificates. */
export function requireDerList(option: string, value: unknown): void {
  if (!Array.isArray(value) || !value.every(isBytes))
    throw invalidOption(option, typeof value, 'a list of DER certificates, beside an identity whose key signs');
}

/** Rejects what is not an AbortSignal. By its shape: one of another realm, or of a polyfill, will do. */
export function requireSignal(option: string, value: unknown): void {
  const { aborted, addEventListener } = Object(value) as { readonly aborted?: unknown; readonly addEventListener?: unknown }; // as above
  if (typeof aborted !== 'boolean' || typeof addEventListener !== 'function') throw invalidOption(option, value, 'an AbortSignal');
}

/** One text or a list of them, as a list; none where nothing is given. Rejects everything else, but leaves each entry to the code that reads it. */
export function textList(option: string, value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  const values: unknown = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(values)) throw invalidOption(option, values === null ? values : typeof values, 'text or a list of texts');
  return values as readonly string[]; // each is checked where it is read
}
