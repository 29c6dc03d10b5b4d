// npm run bench: every figure beside the one it is to be compared with, measured in turns in this one run.
import { catalogue } from './catalogue.ts';
import { connections } from './connections.ts';
import { handshakes } from './handshakes.ts';
import { imports } from './imports.ts';
import { meetsGoal, type Result } from './measure.ts';
import { minting } from './minting.ts';

const results: Result[] = [...(await handshakes()), ...connections(), ...imports(), ...(await minting()), ...(await catalogue())];
process.stdout.write(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
for (const result of results) {
  const { what, ours, other, unit, ratio, goal, better } = result;
  const bound = better === 'lower' ? 'at most' : 'at least';
  process.stdout.write(
    `${meetsGoal(result) ? 'ok  ' : 'MISS'}  ${ratio.toFixed(2).padStart(7)} (${bound} ${goal})  ${ours.toFixed(3)} against ${other.toFixed(3)} ${unit}  ${what}\n`,
  );
}
