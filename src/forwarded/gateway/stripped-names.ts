import type { HeaderNames } from '../format.ts';
import { headerFormats } from '../formats.ts';

/**
 * Whether the name of a header is, or may be read as, one by which some proxy names its client: those of every format, and those that an operator chose; and those that say where a
 * request came from. In any letter case, and with other signs in place of the hyphen: CGI and what was made after it read `X_SSL_CERT` and `X.SSL.CERT` as `X-SSL-CERT`.
 */
export function strippedNames(names: HeaderNames): (lowerCaseName: string) => boolean {
  const all = [...ofGateway, ...headerFormats.flatMap((row) => Object.values(row.names)), ...Object.values(names)].map(withHyphens);
  const prefixes = all.filter((name) => name.endsWith('-')); // X-Remote-Extra-
  const exact = new Set(all);
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const form = withHyphens(name);
    const found = exact.has(form) || prefixes.some((prefix) => form.startsWith(prefix));
    if (known.size >= mostKnown) known.clear(); // names are the clients' to choose
    known.set(name, found);
    return found;
  };
}

function withHyphens(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/gu, '-');
}

const ofGateway = ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host'];
const mostKnown = 1000;
