import type { TestModule } from 'vitest/node';
import type { ReportTarget } from '../report.ts';

/** Where each suite is defined in its file. */
export type SuiteLines = ReadonlyMap<string, number>;

/** Reads the lines that the suites left on their blocks. */
export function suiteLines(modules: readonly TestModule[]): SuiteLines {
  const lines = new Map<string, number>();
  for (const module of modules) {
    const { __vitest_label__: label } = module.meta();
    const project = module.project.name;
    for (const suite of module.children.allSuites()) {
      const { mtlsFixturesLine: line } = suite.meta() as { readonly mtlsFixturesLine?: number }; // the suites leave it there
      const key = keyOf({ name: suite.fullName, file: module.relativeModuleId, project, ...(label !== undefined && { label }) });
      if (line !== undefined && !lines.has(key)) lines.set(key, line);
    }
  }
  return lines;
}

/** The line of a target; 1 where it is not known, since every format wants one. */
export function lineOf(target: ReportTarget, lines: SuiteLines): number {
  return lines.get(keyOf(target)) ?? 1;
}

function keyOf({ name, file, project = '', label = '' }: Pick<ReportTarget, 'name' | 'file' | 'project' | 'label'>): string {
  return [project, label, file, name].join('\0');
}
