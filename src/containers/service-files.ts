import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** A file of `fixtures/containers/<folder>`: a server's configuration in its own format, shipped with this package. */
export function readServiceFile(folder: string, name: string): string {
  const require = createRequire(import.meta.url);
  return readFileSync(path.join(path.dirname(require.resolve('mtls-fixtures/package.json')), 'fixtures/containers', folder, name), 'utf8');
}
