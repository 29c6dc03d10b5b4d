import type { IncomingMessage } from 'node:http';

/** A request that no proxy sends: refused with 400. */
export class Malformed extends Error {}

/** As they came: name and value in turn. */
export type RequestLines = Pick<IncomingMessage, 'rawHeaders'>;

/** The lines of a request with this name, as they came: Node.js joins them in `headers`. */
export function linesOf({ rawHeaders }: RequestLines, name: string): string[] {
  return rawHeaders.filter((_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name.toLowerCase());
}

/** The one line with this name; undefined where there is none, or an empty one. */
export function lineOf(request: RequestLines, name: string): string | undefined {
  const [line, ...others] = linesOf(request, name);
  if (others.length > 0) throw new Malformed(`${name} came twice`);
  return line === '' ? undefined : line;
}

/** The others: name and value in turn. */
export function withoutLines({ rawHeaders }: RequestLines, name: string): string[] {
  return rawHeaders.filter((_text, index) => rawHeaders[index - (index % 2)]?.toLowerCase() !== name.toLowerCase());
}
