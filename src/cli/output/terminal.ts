import { styleText } from 'node:util';
import Table from 'cli-table3';
import { columnsOf, foldWords } from './lines.ts';
import { isClosedPipe } from './output-end.ts';

/** Writes a line for people or programs to read. `onFailure`: before the command ends because it cannot be written, as on a full disk; not where the reader closed its end. */
export function print(text: string, onFailure?: () => void): void {
  process.stdout.write(`${text}\n`, (error) => {
    if (error && !isClosedPipe(error)) onFailure?.();
  });
}

/** The same for text whose lines may be broken between words. */
export function printWords(text: string): void {
  print(foldWords(text, widthOf(process.stdout), { indent: 2 }));
}

/** Green, red or yellow where a terminal shows colors; NO_COLOR and FORCE_COLOR are heeded. */
export function paint(color: 'green' | 'red' | 'yellow' | 'dim' | 'bold', text: string): string {
  return styleText(color, text, { stream: process.stdout });
}

/** The columns that lines of an output may take: COLUMNS where it is set, or those of its terminal. Undefined for a file or a pipe: its reader breaks the lines. */
export function widthOf(stream: NodeJS.WriteStream): number | undefined {
  const asked = Number(process.env['COLUMNS']);
  const columns = Number.isInteger(asked) && asked > 0 ? asked : stream.isTTY ? stream.columns : 0;
  return columns > 0 ? Math.max(columns, narrowest) : undefined;
}

/** No table is readable in less. */
const narrowest = 40;

/**
 * Columns under headings, without lines. Where they do not fit, those that have no space continue below the others, and no word is broken. `width`: as {@link widthOf}.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  width: number | undefined = widthOf(process.stdout),
): string {
  const all = [headings.map((heading) => paint('bold', heading)), ...rows];
  const widths = headings.map((_heading, column) => Math.max(...all.map((row) => columnsOf(row[column] ?? ''))));
  const beside = width === undefined ? headings.length : countBeside(widths, width);
  const grid = new Table({ chars: noLines, style: { head: [], 'padding-left': 0, 'padding-right': gap } });
  grid.push(...all.map((row) => row.slice(0, beside)));
  const lines = grid.toString().split('\n'); // one for each row: no cell has several
  const shown = lines.map((line, at) => {
    const rest = below(all[at]?.slice(beside) ?? [], widths.slice(beside), width);
    return rest === '' ? line.trimEnd() : `${line.trimEnd()}\n${rest}`;
  });
  return shown.join('\n');
}

/** How many columns fit beside each other; at least the first. */
function countBeside(widths: readonly number[], width: number): number {
  let used = 0;
  const count = widths.findIndex((columns, at) => {
    used += columns + (at === 0 ? 0 : gap);
    return used > width;
  });
  return count === -1 ? widths.length : Math.max(1, count);
}

/** The cells that are not beside the others, on lines below them. */
function below(cells: readonly string[], widths: readonly number[], width = Number.POSITIVE_INFINITY): string {
  if (cells.every((cell) => cell === '')) return '';
  const before = cells.slice(0, -1).map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - columnsOf(cell) + gap));
  const start = ' '.repeat(indent) + before.join('');
  const isWide = width - columnsOf(start) >= narrowest; // wide enough for text
  return foldWords(`${start}${cells.at(-1) ?? ''}`.trimEnd(), width, { indent: isWide ? columnsOf(start) : indent });
}

const gap = 2;
const indent = 4;

const noLines = Object.fromEntries(
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
    .split(' ')
    .map((place) => [place, '']),
);
