import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

test.for([
  ['a rejection that is not handled', 'Promise.reject(new TypeError("x is\\n undefined"))'],
  ['an exception in a callback', 'throw new TypeError("x is\\n undefined")'],
] as const)('%s ends a command in one line without a stack trace, and with code 3', ([, fault]) => {
  // By the line that the command writes first, so that the command runs by then.
  const program = `const write = process.stdout.write; process.stdout.write = (...args) => { setImmediate(() => { ${fault} }); return write.apply(process.stdout, args); }`;
  const preload = `data:text/javascript,${encodeURIComponent(program)}`;

  const { status, stderr } = spawnSync(process.execPath, ['--import', preload, entry, 'serve', '--json'], { encoding: 'utf8' });

  expect(stderr).toMatch(/^Cannot finish the command: TypeError: x is undefined; this is a fault of mtls-fixtures[^\n]+\n$/u);
  expect(status).toBe(3);
});
