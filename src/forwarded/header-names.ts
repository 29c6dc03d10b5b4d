import { invalidOption } from '../errors/index.ts';
import { requireOptions } from '../options/checks.ts';
import { didYouMean } from '../options/suggestion.ts';
import type { HeaderFormat, HeaderNames } from './format.ts';

/** Throws `OPTION_INVALID` for names that an operator cannot have chosen: of what the format does not say, or that are not names of headers. */
export function requireHeaderNames(row: HeaderFormat, names: unknown = {}): asserts names is HeaderNames {
  requireOptions('names', names);
  const fields: ReadonlySet<string> = new Set(Object.keys(row.names));
  for (const [field, name] of Object.entries(names)) {
    if (!fields.has(field))
      throw invalidOption('names', field, `what the format "${row.format}" says: ${[...fields].join(', ')}${didYouMean(field, fields)}`);
    if (typeof name !== 'string' || !/^[\w!#$%&'*+.^`|~-]+$/u.test(name))
      throw invalidOption(`names.${field}`, name, 'the name of a header (RFC 9110 5.1), e.g. X-Client-Cert');
  }
}
