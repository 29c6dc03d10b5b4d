import { afterAll } from 'vitest';
import type { Judgement } from './judge.ts';

/** What a report needs to know of the outcome of a test. */
export interface Reported extends Omit<Judgement, 'version'> {
  readonly version?: string;
}

/** Collects what caught which mutant, and prints it as a table when the file's tests are done. */
export class Report {
  readonly #rows = new Map<string, readonly string[]>();
  readonly #core = new Map<string, Set<string>>();

  constructor(title: string) {
    afterAll(() => {
      // oxlint-disable-next-line no-console -- the table is what these tests are for
      console.log(`${title}\n${this.#table()}`);
    });
  }

  /** The ids of the scenarios that flag the mutant, in the order of the catalogue; noted for the table. */
  caught(name: string, judgements: readonly Reported[]): readonly string[] {
    const ids = flagged(judgements);
    this.#rows.set(name, ids);
    for (const { id, tier } of judgements) {
      if (tier !== 'core') continue;
      const names = this.#core.get(id) ?? new Set();
      if (ids.includes(id)) names.add(name);
      this.#core.set(id, names);
    }
    return ids;
  }

  /** Of a mutant: what those of the scenarios said that were to flag it, and did not. */
  missed({ name, caughtBy }: { readonly name: string; readonly caughtBy: readonly string[] }, judgements: readonly Reported[]): string[] {
    const caught = this.caught(name, judgements);
    return caughtBy
      .filter((id) => !caught.includes(id))
      .map((id) => judgements.find((judgement) => judgement.id === id)?.message ?? `${id}: not run`);
  }

  #table(): string {
    const names = [...this.#rows.keys()].toSorted();
    const width = Math.max(...names.map(({ length }) => length));
    const rows = names.map((name) => `${name.padEnd(width)}  ${shortList(this.#rows.get(name) ?? [])}`);
    const idle = [...this.#core].filter(([, caught]) => caught.size === 0).map(([id]) => id);
    const useful = this.#core.size - idle.length;
    return [...rows, `${useful} of ${this.#core.size} core scenarios catch one of these; not: ${shortList(idle)}`].join('\n');
  }
}

/** Scenarios that a suite would show as failed, each once. */
function flagged(judgements: readonly Reported[]): readonly string[] {
  return [...new Set(judgements.filter(({ status }) => status === 'unexpected').map(({ id }) => id))];
}

/** The failures that a suite would show: all but what is as expected, and what the subject cannot take part in, which is skipped. */
export function alarms(judgements: readonly Reported[]): readonly string[] {
  return judgements.filter(({ status }) => status !== 'as-expected' && status !== 'skipped').map(({ message }) => message);
}

function shortList(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).join(', ');
  return ids.length > 3 ? `${shown} and ${ids.length - 3} more` : shown;
}
