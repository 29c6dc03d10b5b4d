import { requireBoolean, requireText } from '../options/checks.ts';
import { checkedWhereRead, type OptionSchema, requireOptionsOf } from '../options/schema.ts';
import type { ForwardedClient, ForwardedField, ForwardedFormat, HeaderFormat, HeaderLine, HeaderNames } from './format.ts';
import { formatNamed } from './formats.ts';
import { requireHeaderNames } from './header-names.ts';
import { forwardedClient, type ForwardedClientOptions, type ForwardedSubject } from './forwarded-client.ts';

/** Options of `forwardedHeaders`. */
export interface ForwardedHeadersOptions extends ForwardedClientOptions {
  /** Names of headers that an operator chose: `{ certificate: 'X-Client-Cert' }`. Default: the format's. */
  readonly names?: HeaderNames | undefined;
}

/** The headers of a format, for Node's `http`: a value each, and a list where a name comes in several lines, as Kubernetes' groups do. */
export type ForwardedHeaders<F extends ForwardedFormat = ForwardedFormat> = Record<
  string,
  F extends 'kubernetes-front-proxy' ? string | string[] : string
>;

/**
 * The headers by which a proxy that ends TLS names this client to the application, octet for octet: each character of a value is one octet (latin1), as Node's `http` sends and
 * receives it. `undefined` in place of the client: what the proxy sends for one without a certificate. docs/forwarded.md says which proxy each format was compared with.
 */
export function forwardedHeaders<F extends ForwardedFormat>(
  client: ForwardedSubject,
  format: F,
  options: ForwardedHeadersOptions = {},
): ForwardedHeaders<F> {
  const lines = Map.groupBy(forwardedLines(client, format, options), ([name]) => name);
  const values = [...lines].map(([name, of]) => [name, of.length === 1 ? of[0]?.[1] : of.map(([, value]) => value)] as const);
  return Object.fromEntries(values) as ForwardedHeaders<F>; // one format alone repeats a name: a test compares the table with the type
}

/** The same as lines. */
export function forwardedLines(
  client: ForwardedSubject,
  format: ForwardedFormat,
  options: ForwardedHeadersOptions = {},
): readonly HeaderLine[] {
  const row = formatNamed(format);
  requireOptionsOf(schema, options);
  requireHeaderNames(row, options.names);
  const { names, ...about } = options;
  return linesOf(row, forwardedClient(client, about), names);
}

/** The same of a client that is known as the proxy knows it. */
export function linesOf(row: HeaderFormat, client: ForwardedClient, names: HeaderNames | undefined): readonly HeaderLine[] {
  return row.write(client).map(([field, value, rest = '']) => [nameOf(row, field, names) + rest, value]);
}

/** What a field's header is called. */
export function nameOf(row: HeaderFormat, field: ForwardedField, names: HeaderNames = {}): string {
  return names[field] ?? row.names[field] ?? field;
}

const schema: OptionSchema = {
  what: 'option of a forwarded header',
  own: { verified: checkedWhereRead, chain: requireBoolean, by: requireText, names: checkedWhereRead },
};
