/** How the files are arranged in their folder. */
export type FilesLayout = 'files' | 'kubernetes';

/** What is at the place of one file. A folder exists, and cannot be read as a file by any user. */
export type FileState = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'missing' } | { readonly kind: 'folder' };

/** Files in a folder, by name. */
export interface LayoutWriter {
  /** Writes them for the first time, never over what is there. Throws `FILE_EXISTS`, `WRITE_FAILED` and `LINKS_UNSUPPORTED`. */
  create(texts: ReadonlyMap<string, string>): void;
  /** Puts others in the place of some, in this order. Throws `WRITE_FAILED`. */
  replace(states: ReadonlyMap<string, FileState>): void;
}

/** States of files that are as they should be. */
export function intact(texts: ReadonlyMap<string, string>): Map<string, FileState> {
  return new Map([...texts].map(([file, text]) => [file, { kind: 'text', text }]));
}
