import os from 'node:os';
import { expect, test } from 'vitest';
import { runCommand } from '../transcripts.ts';

test.for([
  ['expired-lef', 'such as expired-leaf,'],
  ['Expired-Leaf', 'such as expired-leaf,'],
  ['unkown-ca', 'such as unknown-ca'],
  ['qqqq', 'the id of a scenario; `mtls-fixtures scenarios` lists them'],
] as const)('an id that does not exist, %s, gets the nearest', async ([id, expected]) => {
  const { output, exitCode } = await runCommand(['scenarios', id], os.tmpdir());

  expect(output).toContain(`Cannot use id "${id}": expected the id of a scenario`);
  expect(output).toContain(expected);
  expect(exitCode).toBe(2);
});
