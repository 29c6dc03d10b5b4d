import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder for what tools read from files; goes away with everything in it. */
export interface TemporaryFolder {
  readonly path: string;
  /** Writes a file and gives its path. */
  write(name: string, content: string | Uint8Array): string;
  [Symbol.dispose](): void;
}

export function temporaryFolder(): TemporaryFolder {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-interop-'));
  return {
    path: folder,
    write(name, content) {
      const file = path.join(folder, name);
      fs.writeFileSync(file, content, { mode: 0o600 });
      return file;
    },
    [Symbol.dispose]() {
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
