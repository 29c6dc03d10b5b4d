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

/** The same characters as escapes of RFC 4514, octets of UTF-8 in hexadecimal: for the text of a name, which stays one. */
export function escapedInName(value: string): string {
  return value.replaceAll(unprintable, (character) =>
    Buffer.from(character)
      .toString('hex')
      .replaceAll(/../gu, String.raw`\$&`),
  );
}

/**
 * Controls, format characters (those of direction, of no width), line and paragraph separators, halves of surrogate pairs, and what is not shown
 * by default, such as fillers, variation selectors and tags; a blank Braille pattern.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u{2800}]/gu;
