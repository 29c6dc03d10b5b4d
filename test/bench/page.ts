import { globSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { svgOf } from './plot.ts';
import { figure, type Goal, meetsGoal, type Section, type Table } from './section.ts';
import type { Fact } from './surroundings.ts';
import { boundText } from './terminal.ts';

/** Writes docs/benchmarks.md and its plots. */
export function writePage(sections: readonly Section[], facts: readonly Fact[]): void {
  for (const file of globSync('benchmarks*.svg', { cwd: docs })) rmSync(path.join(docs, file));
  for (const plot of sections.flatMap(({ plots }) => plots)) writeFileSync(path.join(docs, `${plot.file}.svg`), svgOf(plot));
  writeFileSync(path.join(docs, 'benchmarks.md'), pageOf(sections, facts));
}

function pageOf(sections: readonly Section[], facts: readonly Fact[]): string {
  const goals = sections.flatMap((section) => section.goals);
  return `# Benchmarks

Written by \`npm run bench -- --write\`, from one run: candidates take turns, so that a machine that is busy slows all of them. The ratios are what counts;
they move by a tenth or so from run to run, and by more where the machine has other things to do.

${markdownOf({ title: '', columns: ['', ''], rows: facts })}

## Goals

${markdownOf({ title: '', columns: ['', 'ratio', 'goal', 'ours', 'other', 'met'], rows: goals.map(goalRow) })}

${sections.map(sectionOf).join('\n\n')}
`;
}

function goalRow(goal: Goal): string[] {
  const { what, ratio, goal: bound, ours, other, unit, better } = goal;
  return [
    what,
    ratio.toFixed(2),
    `${boundText(better)} ${bound}`,
    `${figure(ours)} ${unit}`,
    `${figure(other)} ${unit}`,
    meetsGoal(goal) ? 'yes' : '**no**',
  ];
}

function sectionOf({ title, notes, tables, plots }: Section): string {
  return [
    `## ${title}`,
    ...notes,
    ...tables.flatMap((table) => [...(table.title === '' ? [] : [`${table.title}:`]), markdownOf(table)]),
    ...plots.map((plot) => `![${plot.title}](${plot.file}.svg)`),
  ].join('\n\n');
}

function markdownOf({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = `|---|${columns
    .slice(1)
    .map(() => '---:|')
    .join('')}`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
