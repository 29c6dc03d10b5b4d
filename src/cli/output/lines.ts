import { stripVTControlCharacters } from 'node:util';

/** How many columns a text takes, its colors not counted. */
export function columnsOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Text on lines of at most `width` columns, broken between words alone: a longer word has a line of its own. Lines after the first are indented. */
export function foldWords(text: string, width: number | undefined, { indent = 0, after = / +/u }: FoldOptions = {}): string {
  if (width === undefined) return text;
  return text
    .split('\n')
    .map((line) => foldLine(line, width, indent, after))
    .join('\n');
}

interface FoldOptions {
  readonly indent?: number;
  /** Where a line may be broken; spaces there are left out. */
  readonly after?: RegExp;
}

function foldLine(line: string, width: number, indent: number, after: RegExp): string {
  if (columnsOf(line) <= width) return line;
  const [start = ''] = /^ */u.exec(line) ?? [];
  const words = line.slice(start.length).split(new RegExp(`(?<=${after.source})`, 'u'));
  const lines: string[] = [];
  let current = start;
  for (const word of words) {
    const isFirst = current.trim() === '';
    if (!isFirst && columnsOf((current + word).trimEnd()) > width) {
      lines.push(current.trimEnd());
      current = ' '.repeat(indent);
    }
    current += word;
  }
  return [...lines, current.trimEnd()].join('\n');
}
