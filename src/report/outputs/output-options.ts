import path from 'node:path';
import { invalidOption } from '../../errors/index.ts';

/** Options of the reporter for continuous integration. */
export interface OutputOptions {
  /**
   * Whether GitHub Actions is given a summary of the step and annotations; default `auto`, which means where it runs. Paths in annotations and in SARIF then begin at the repository's
   * root where the project is a folder in it.
   */
  readonly github?: boolean | 'auto';
  /** Where the results are written as JUnit XML, relative to the project's root; default nowhere. */
  readonly junitFile?: string;
  /** Where they are written in the Common Test Report Format (JSON); default nowhere. */
  readonly ctrfFile?: string;
  /** Where the unexpected results are written as SARIF 2.1.0; default nowhere. */
  readonly sarifFile?: string;
}

/** The names of these options. */
export const outputOptionNames: readonly string[] = [
  'github',
  'junitFile',
  'ctrfFile',
  'sarifFile',
] satisfies readonly (keyof OutputOptions)[];

/** Throws `OPTION_INVALID` for what is not a file, and for two options that name the same. */
export function requireOutputOptions(options: OutputOptions, others: Readonly<Record<string, string | undefined>>): void {
  const { github = 'auto', junitFile, ctrfFile, sarifFile } = options;
  if (typeof github !== 'boolean' && github !== 'auto') throw invalidOption('github', github, 'true, false or "auto"');
  const used = new Map<string, string>();
  for (const [option, file] of Object.entries({ ...others, junitFile, ctrfFile, sarifFile })) {
    if (file === undefined) continue;
    requireFile(option, file);
    const same = used.get(path.resolve(file));
    if (same !== undefined) throw invalidOption(option, file, `another file than that of ${same}`);
    used.set(path.resolve(file), option);
  }
}

/** Rejects what cannot be the path of a file. */
export function requireFile(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw invalidOption(option, value, 'the path of a file');
}
