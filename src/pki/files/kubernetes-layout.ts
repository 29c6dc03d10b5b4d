import fs from 'node:fs';
import path from 'node:path';
import { realNow } from '../../clock/real-clock.ts';
import { fileReason, MtlsFixturesError, writeError } from '../../errors/index.ts';
import { type LayoutWriter, type FileState, intact } from './file-layout.ts';
import { writeNewFile } from './new-file.ts';
import type { Removal } from './removal.ts';

/**
 * Files as the kubelet projects a Secret or a ConfigMap into a container (its AtomicWriter, kubernetes/pkg/volume/util/atomic_writer.go): each is a symbolic link through
 * `..data`, itself a link to a folder named by the time. An update writes a new folder, swaps `..data` in one `rename` and removes the old folder. The
 * links that a program opens never change: a watcher on such a link or on its target sees no later update, one on the folder sees `..data` change.
 */
export class KubernetesLayout implements LayoutWriter {
  readonly #directory: string;
  readonly #removal: Removal;
  #states: ReadonlyMap<string, FileState> = new Map();
  #dataFolder = '';

  constructor(directory: string, removal: Removal) {
    this.#directory = directory;
    this.#removal = removal;
  }

  /** Links first: a file system that has none shows it before a key is written. */
  create(texts: ReadonlyMap<string, string>): void {
    this.#states = intact(texts);
    this.#dataFolder = this.#newDataFolder();
    this.#link(path.basename(this.#dataFolder), dataLink);
    this.#fill(this.#dataFolder, this.#states);
    for (const file of this.#states.keys()) this.#link(path.join(dataLink, file), file);
  }

  /** All of them, in the order of the kubelet: new folder, new links, `..data`, links of files that are gone, old folder. */
  replace(changed: ReadonlyMap<string, FileState>): void {
    const before = this.#states;
    const states = new Map([...before, ...changed]);
    const folder = this.#newDataFolder();
    const added = [...states]
      .filter(([file, { kind }]) => kind !== 'missing' && before.get(file)?.kind === 'missing')
      .map(([file]) => file);
    const removed = [...states]
      .filter(([file, { kind }]) => kind === 'missing' && before.get(file)?.kind !== 'missing')
      .map(([file]) => file);
    try {
      this.#fill(folder, states);
      for (const file of added) this.#link(path.join(dataLink, file), file);
      this.#swap(folder);
    } catch (error) {
      for (const file of added) this.#removal.discard(this.#at(file));
      this.#discardFolder(folder, states);
      throw error;
    }
    for (const file of removed) this.#removal.discard(this.#at(file));
    this.#discardFolder(this.#dataFolder, before);
    this.#dataFolder = folder;
    this.#states = states;
  }

  #at(name: string): string {
    return path.join(this.#directory, name);
  }

  /** `..2026_11_30_13_05_01.k3Jx9a`. For its owner only, where the kubelet's is for all. */
  #newDataFolder(): string {
    const time = new Date(realNow()).toISOString().slice(0, 19).replaceAll(/[-T:]/gu, '_');
    const made = attempt(this.#directory, () => fs.mkdtempSync(this.#at(`..${time}.`)));
    this.#removal.add(made);
    return made;
  }

  #fill(folder: string, states: ReadonlyMap<string, FileState>): void {
    for (const [file, state] of states) {
      const location = path.join(folder, file);
      if (state.kind === 'text') writeNewFile(location, state.text);
      else if (state.kind === 'folder') attempt(location, () => fs.mkdirSync(location, { mode: 0o700 }));
      this.#removal.add(location);
    }
  }

  #link(target: string, name: string): void {
    try {
      fs.symlinkSync(target, this.#at(name));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException; // the file system's
      if (code !== undefined && withoutLinks.has(code))
        throw new MtlsFixturesError('LINKS_UNSUPPORTED', { directory: this.#directory, reason: fileReason({ message }) }, { cause: error });
      throw writeError(error, this.#at(name));
    }
    this.#removal.add(this.#at(name));
  }

  #swap(folder: string): void {
    this.#link(path.basename(folder), newDataLink);
    try {
      attempt(this.#at(dataLink), () => {
        fs.renameSync(this.#at(newDataLink), this.#at(dataLink));
      });
    } finally {
      this.#removal.discard(this.#at(newDataLink));
    }
  }

  #discardFolder(folder: string, states: ReadonlyMap<string, FileState>): void {
    for (const file of states.keys()) this.#removal.discard(path.join(folder, file));
    this.#removal.discard(folder);
  }
}

function attempt<Value>(location: string, act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    throw writeError(error, location);
  }
}

const dataLink = '..data';
const newDataLink = '..data_tmp';
/** What file systems without links answer, and Windows without the right to make one: EPERM as symlink(2) documents it (measured on Linux's cgroup file system), ENOSYS of FUSE, ENOTSUP of others. */
const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);
