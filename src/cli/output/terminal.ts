import { styleText } from 'node:util';
import Table from 'cli-table3';

/** Writes a line for people or programs to read. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Green, red or yellow where a terminal shows colors; NO_COLOR and FORCE_COLOR are heeded. */
export function paint(color: 'green' | 'red' | 'yellow' | 'dim' | 'bold', text: string): string {
  return styleText(color, text, { stream: process.stdout });
}

/** Columns under headings, without lines. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const grid = new Table({
    head: headings.map((heading) => paint('bold', heading)),
    chars: noLines,
    style: { head: [], 'padding-left': 0, 'padding-right': 2 },
  });
  grid.push(...rows.map((row) => [...row]));
  return grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const noLines = Object.fromEntries(
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
    .split(' ')
    .map((place) => [place, '']),
);
