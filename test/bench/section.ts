/** What one part of the benchmark found. */
export interface Section {
  readonly title: string;
  /** What was done, and what is to be kept in mind about it. */
  readonly notes: readonly string[];
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  readonly plots: readonly Plot[];
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  /** The first cell names the row. */
  readonly rows: readonly (readonly string[])[];
}

/** Ours beside the other, and the ratio that has a goal. */
export interface Goal {
  readonly what: string;
  readonly ours: number;
  readonly other: number;
  readonly unit: string;
  readonly ratio: number;
  readonly goal: number;
  readonly better: 'lower' | 'higher';
}

/** Lines over a common axis, both axes from zero. */
export interface Plot {
  /** Of the SVG, without extension. */
  readonly file: string;
  readonly title: string;
  readonly across: string;
  readonly up: string;
  readonly lines: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[];
}

/** A part of the benchmark: `npm run bench -- name` runs it alone. */
export type Part = () => Promise<Section>;

export function meetsGoal({ ratio, goal, better }: Goal): boolean {
  return better === 'lower' ? ratio <= goal : ratio >= goal;
}

/** Three digits that count. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '?';
  if (value >= 100) return Math.round(value).toLocaleString('en-GB');
  return String(Number(value.toPrecision(3)));
}
