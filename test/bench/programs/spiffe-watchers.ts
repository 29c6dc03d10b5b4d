// Connects watchers to a Workload API: address and number. Sends a message whenever each of them has one more message.
import { watch } from './spiffe-watch.ts';

const [, , address = '', count = '0'] = process.argv;
const each = Array.from({ length: Number(count) }, () => 0);
let round = 1;
let behind = each.length;

for (const index of each.keys())
  watch(address).start(() => {
    each[index] = (each[index] ?? 0) + 1;
    if (each[index] === round) behind -= 1;
    if (behind > 0) return;
    round += 1;
    behind = each.filter((messages) => messages < round).length;
    process.send?.('all');
  });
