import { MtlsFixturesError } from '../../errors/index.ts';
import { writeReport } from '../write-report.ts';

/** A file to write. */
export interface OutputFile {
  /** Absolute. */
  readonly file: string;
  readonly content: string;
}

/** What became of the files. */
export interface WrittenFiles {
  readonly written: readonly string[];
  /** One for each file that cannot be written; the others are written all the same. */
  readonly problems: readonly MtlsFixturesError[];
}

/** Writes files in place of earlier ones, each in one step. */
export function writeFiles(files: readonly OutputFile[]): WrittenFiles {
  const written: string[] = [];
  const problems: MtlsFixturesError[] = [];
  for (const { file, content } of files) {
    try {
      writeReport(file, content);
      written.push(file);
    } catch (error) {
      if (!(error instanceof MtlsFixturesError)) throw error;
      problems.push(error);
    }
  }
  return { written, problems };
}
