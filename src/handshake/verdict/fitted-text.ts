import { printable } from '../../errors/printable.ts';

/** Text cut to a number of characters. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 3).replace(/[\uD800-\uDBFF]$/u, '')}...`; // not in the middle of a surrogate pair
}

/** Text fit for one line of a terminal: printable, and cut where it is longer than 190 characters. */
export function fitted(line: string): string {
  return cut(printable(line.trimEnd()), width); // OpenSSL ends its own words with a new line
}

/** The same on at most `most` lines, the further ones indented: the last is cut. */
export function wrapped(line: string, { indent, most }: { readonly indent: number; readonly most: number }): string[] {
  const lines: string[] = [];
  let rest = printable(line.trimEnd());
  while (rest.length > width && lines.length < most - 1) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > indent ? space : width;
    lines.push(rest.slice(0, end));
    rest = `${' '.repeat(indent)}${rest.slice(end).trimStart()}`;
  }
  return [...lines, cut(rest, width)];
}

const width = 190;
