import { meetsGoal, type Goal, type Section, type Table } from './section.ts';

/** A section as lines of text. */
export function textOf({ title, tables, goals }: Section): string {
  return [`\n${title}`, ...tables.map(tableText), ...goals.map(goalText)].join('\n');
}

/** One line, which begins with whether the goal is met. */
export function goalText(goal: Goal): string {
  const { what, ours, other, unit, ratio, goal: bound, better } = goal;
  const ratioText = ratio.toFixed(2).padStart(7);
  return `${meetsGoal(goal) ? 'ok  ' : 'MISS'}  ${ratioText} (${boundText(better)} ${bound})  ${ours.toFixed(3)} against ${other.toFixed(3)} ${unit}  ${what}`;
}

export function boundText(better: Goal['better']): string {
  return better === 'lower' ? 'at most' : 'at least';
}

function tableText({ title, columns, rows }: Table): string {
  const widths = columns.map((column, index) => Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  ');
  return [...(title === '' ? [] : [title]), line(columns), ...rows.map(line)].map((text) => `  ${text}`).join('\n');
}
