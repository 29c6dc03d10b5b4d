import fs from 'node:fs';
import path from 'node:path';
import { writeError } from '../../errors/index.ts';
import type { LayoutWriter, FileState } from './file-layout.ts';
import { prepareFile, writeNewFile } from './new-file.ts';
import type { Removal } from './removal.ts';

/** Files of their own, each replaced by `rename`: who reads one finds the old content or the new, and another inode. */
export class PlainLayout implements LayoutWriter {
  readonly #directory: string;
  readonly #removal: Removal;

  constructor(directory: string, removal: Removal) {
    this.#directory = directory;
    this.#removal = removal;
  }

  create(texts: ReadonlyMap<string, string>): void {
    for (const [file, text] of texts) {
      const location = path.join(this.#directory, file);
      writeNewFile(location, text);
      this.#removal.add(location);
    }
  }

  /** Everything is written before the first is replaced: a full disk changes none. */
  replace(states: ReadonlyMap<string, FileState>): void {
    const changes = new Map<string, { readonly state: FileState; readonly prepared: string | undefined }>();
    try {
      for (const [file, state] of states) {
        const location = path.join(this.#directory, file);
        const prepared = state.kind === 'text' ? prepareFile(location, state.text) : undefined;
        if (prepared !== undefined) this.#removal.add(prepared);
        changes.set(location, { state, prepared });
      }
      for (const [location, { state, prepared }] of changes) this.#put(location, state, prepared);
    } finally {
      for (const { prepared } of changes.values()) if (prepared !== undefined) this.#removal.discard(prepared);
    }
  }

  #put(location: string, state: FileState, prepared: string | undefined): void {
    try {
      const found = fs.lstatSync(location, { throwIfNoEntry: false });
      if (found?.isDirectory() === true) fs.rmdirSync(location);
      if (prepared !== undefined) fs.renameSync(prepared, location);
      else fs.rmSync(location, { force: true });
      if (state.kind === 'folder') fs.mkdirSync(location, { mode: 0o700 });
    } catch (error) {
      throw writeError(error, location);
    }
  }
}
