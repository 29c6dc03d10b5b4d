// Writes the seeds of the corpus anew: `node test/fuzz/write-seeds.ts`. Certificates are made for it and their keys forgotten; inputs that
// were once findings are named after them and stay.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { seedsOf } from './seeds.ts';
import { targets } from './targets/index.ts';

for (const target of Object.keys(targets)) {
  const folder = path.join(import.meta.dirname, 'corpus', target);
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(await seedsOf(target))) writeFileSync(path.join(folder, name), bytes);
}
