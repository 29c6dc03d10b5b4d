import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { folder } from '../shell.ts';

const module = new URL('../../../src/cli/output/interruption.ts', import.meta.url).href;
const entry = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const program = `
import { interruptible } from ${JSON.stringify(module)};
console.log(await interruptible(() => console.log('cleaned up'), async () => 'result'));
await interruptible(() => console.log('cleaned up'), () => new Promise((resolve) => setInterval(resolve, 1e9) && console.log('at work')));
`;

test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s during the work cleans up once and ends the process by this signal',
  async (signal) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    for await (const text of child.stdout.setEncoding('utf8')) {
      output += String(text);
      if (output.endsWith('at work\n')) child.kill(signal);
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');

    expect(output).toBe('result\nat work\ncleaned up\n');
    expect(child.signalCode).toBe(signal);
  },
);

// Stopped in the middle of its work, so that the signal cannot come too late.
test.runIf(process.platform !== 'win32')('pki that is interrupted leaves nothing', async () => {
  const cwd = folder();
  const child = spawn(process.execPath, [entry, 'pki', 'above/made', '--tier', 'core,control,extended,varies,app'], {
    cwd,
    stdio: 'ignore',
  });
  const exit = once(child, 'exit');

  while (!existsSync(path.join(cwd, 'above/made/scenarios')) && child.exitCode === null) await delay(1);
  child.kill('SIGSTOP');
  const isAtWork = !existsSync(path.join(cwd, 'above/made/README.md'));
  child.kill('SIGTERM');
  child.kill('SIGCONT');

  expect(isAtWork).toBe(true);
  expect(await exit).toEqual([null, 'SIGTERM']);
  expect(readdirSync(cwd)).toEqual([]);
});
