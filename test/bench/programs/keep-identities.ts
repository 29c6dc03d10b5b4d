// Mints N P-256 identities by the peer that is named, keeps them, and prints the milliseconds of all, then the kilobytes of heap and of resident memory of each.
import { ours } from '../peers/ours.ts';
import { peculiar } from '../peers/peculiar.ts';
import { raw } from '../peers/raw.ts';
import { selfsigned } from '../peers/selfsigned.ts';

const [, , name = 'ours', count = '1000'] = process.argv;
const open = { ours, raw, selfsigned, peculiar }[name];
const { identity = () => {} } = (await open?.()) ?? {};
for (let warm = 0; warm < 20; warm += 1) await identity();

const before = memory();
const start = performance.now();
const kept: unknown[] = [];
while (kept.length < Number(count)) kept.push(await identity());
const milliseconds = performance.now() - start;
const after = memory();
process.stdout.write(`${milliseconds} ${(after.heap - before.heap) / kept.length} ${(after.resident - before.resident) / kept.length}\n`);

function memory(): { readonly heap: number; readonly resident: number } {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: (heapUsed + external) / 1024, resident: rss / 1024 };
}
