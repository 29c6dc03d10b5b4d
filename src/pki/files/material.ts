import path from 'node:path';
import { invalidOption, MtlsFixturesError } from '../../errors/index.ts';
import { type FileDamage, damagedState } from './damage.ts';
import { type LayoutWriter, type FileState, intact, type FilesLayout } from './file-layout.ts';
import { KubernetesLayout } from './kubernetes-layout.ts';
import { makeFolder } from './new-file.ts';
import { PlainLayout } from './plain-layout.ts';
import { Removal } from './removal.ts';

/** Where the files are to be. */
export interface Folder {
  readonly directory: string;
  /** Whether it was made for them, and goes with them. */
  readonly isNew: boolean;
  readonly layout: FilesLayout;
}

/** A file that is damaged, and how. */
export interface DamagedFile {
  readonly file: string;
  readonly damage: FileDamage;
}

/** Written files that change: replaced by others, damaged, put right, removed. */
export class Material {
  readonly directory: string;
  readonly #removal: Removal;
  readonly #layout: LayoutWriter;
  #texts: ReadonlyMap<string, string>;
  #damaged: DamagedFile | undefined;
  #isRemoved = false;

  /** Writes all files or none. */
  constructor({ directory, isNew, layout }: Folder, texts: ReadonlyMap<string, string>) {
    this.directory = directory;
    this.#texts = texts;
    this.#removal = new Removal({ directory, created: isNew ? directory : makeFolder(directory) });
    this.#layout = new (layout === 'files' ? PlainLayout : KubernetesLayout)(directory, this.#removal);
    try {
      this.#layout.create(texts);
    } catch (error) {
      this.#removal.removeQuietly(); // what we wrote; never the file that was in the way
      throw error;
    }
  }

  get files(): readonly string[] {
    return [...this.#texts.keys()];
  }

  at(file: string): string {
    return path.join(this.directory, file);
  }

  /**
   * Puts other contents in the place of all files, in the order of the texts; what was damaged is whole again, unless one is damaged in the same step. Throws `OPTION_INVALID` for
   * other files than these.
   */
  rotate(texts: ReadonlyMap<string, string>, damaged?: DamagedFile): void {
    this.#requireFiles('rotate');
    const given = [...texts.keys()];
    if (given.join() !== this.files.join())
      throw invalidOption(
        'what to rotate to, with the files',
        given.join(', '),
        `the files that were written at first: ${this.files.join(', ')}`,
      );
    const states = intact(texts);
    if (damaged) states.set(damaged.file, damagedState(damaged.damage, texts.get(damaged.file) ?? ''));
    this.#layout.replace(states);
    this.#texts = texts;
    this.#damaged = damaged;
  }

  /** Damages one file. Throws `ALREADY_DAMAGED`. */
  damage(damage: FileDamage, file: string): void {
    this.#requireFiles('damage');
    if (this.#damaged !== undefined)
      throw new MtlsFixturesError('ALREADY_DAMAGED', {
        path: this.at(this.#damaged.file),
        damage: this.#damaged.damage,
      });
    this.#replace(file, damagedState(damage, this.#texts.get(file) ?? ''));
    this.#damaged = { file, damage };
  }

  /** Puts the damaged file right, as it was written last; without one nothing changes. */
  restore(): void {
    this.#requireFiles('restore');
    if (this.#damaged === undefined) return;
    const { file } = this.#damaged;
    this.#replace(file, { kind: 'text', text: this.#texts.get(file) ?? '' });
    this.#damaged = undefined;
  }

  remove(): void {
    this.#isRemoved = true;
    this.#removal.remove();
  }

  #replace(file: string, state: FileState): void {
    this.#layout.replace(new Map([[file, state]]));
  }

  #requireFiles(action: string): void {
    if (this.#isRemoved) throw new MtlsFixturesError('FILES_REMOVED', { directory: this.directory, action });
  }
}
