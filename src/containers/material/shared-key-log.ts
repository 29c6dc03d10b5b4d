import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeError } from '../../errors/index.ts';

/** A file that containers write their secrets to and that this process reads. It is there before it is mounted: an engine would make a folder of that name. */
export class SharedKeyLog {
  readonly file: string;
  readonly #temporary: string | undefined;

  /** The file of this name, or a temporary one. Throws `WRITE_FAILED`. */
  constructor(file?: string) {
    this.#temporary = file === undefined ? fs.mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-keys-')) : undefined; // mode 0700
    this.file = path.resolve(file ?? path.join(this.#temporary ?? '', 'keys.txt'));
    this.#create();
  }

  /** Removes a temporary file. */
  remove(): void {
    if (this.#temporary !== undefined) fs.rmSync(this.#temporary, { recursive: true, force: true });
  }

  /** Writable for every user: those of containers have other numbers. */
  #create(): void {
    if (fs.existsSync(this.file)) return;
    try {
      fs.writeFileSync(this.file, '', { flag: 'a' });
      fs.chmodSync(this.file, 0o666);
    } catch (error) {
      throw writeError(error, this.file);
    }
  }
}
