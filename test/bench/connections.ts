import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, type Result } from './measure.ts';

/** Memory for each of 1,000 open connections, observed against bare; each measured in processes of its own. */
export function connections(): Result[] {
  const program = fileURLToPath(new URL('hold-connections.ts', import.meta.url));
  const kilobytes = (kind: string): number =>
    median(
      Array.from({ length: 3 }, () =>
        Number(execFileSync(process.execPath, ['--expose-gc', program, kind], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })),
      ),
    );
  const observed = kilobytes('observed');
  const bare = kilobytes('bare');
  return [
    {
      what: 'memory of one of 1,000 open connections, observed against bare',
      ours: observed,
      other: bare,
      unit: 'kB',
      ratio: observed / bare,
      goal: 1.3,
      better: 'lower',
    },
  ];
}
