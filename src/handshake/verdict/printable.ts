/**
 * Text that a peer had a hand in, fit for one line of a terminal: names may hold anything, also what moves the cursor, begins a line, turns the
 * direction of writing round (U+202E, CVE-2021-42574), or is not seen at all.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, '?');
}

/** The same for text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** JSON for a terminal: the same characters as escapes, which leave it the same value. */
export function printableJson(json: string): string {
  return json.replaceAll(unprintable, (character) =>
    character === '\n'
      ? character
      : [...Array(character.length).keys()].map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

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
/**
 * Controls, format characters (those of direction, of no width), line and paragraph separators, halves of surrogate pairs, and what is not shown
 * by default, such as fillers, variation selectors and tags; a blank Braille pattern.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u{2800}]/gu;
