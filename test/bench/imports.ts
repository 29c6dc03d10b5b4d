import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { median, type Result } from './measure.ts';

/** Import times of the built doors, in new processes, in turns with what they are compared to. */
export function imports(): Result[] {
  const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
  if (!existsSync(`${dist}index.js`)) throw new Error('there is no dist: run npm run build first');
  const [core = 0, nothing = 0] = medians([`${dist}index.js`, 'node:tls']);
  return [
    {
      what: 'importing the core (goal in ms), beside node:tls alone',
      ours: core,
      other: nothing,
      unit: 'ms',
      ratio: core,
      goal: 15,
      better: 'lower',
    },
  ];
}

function medians(modules: readonly string[]): number[] {
  const times: number[][] = modules.map(() => []);
  for (let round = 0; round < 15; round += 1)
    for (const [index, name] of modules.entries()) {
      const program = `const start = performance.now(); await import(${JSON.stringify(name)}); process.stdout.write(String(performance.now() - start))`;
      times[index]?.push(Number(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })));
    }
  return times.map(median);
}
