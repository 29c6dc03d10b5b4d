import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { folder, shell } from '../shell.ts';

test.for(['scenarios --json', 'scenarios', '--help', 'demo', 'serve', 'pki made --tier app'])(
  'a reader that closes its end ends the command without a message: %s',
  async (args) => {
    const { complaint } = await shell(`{ mtls ${args}; echo "code $?" >&2; } | true`, folder());

    // 0 where everything was written before the reader closed its end.
    expect(complaint).toMatch(/^code (?:141|0)\n$/u);
  },
);

test('a command with standard error closed still ends with its code', async () => {
  expect(await shell('mtls bogus 2>&-', folder())).toMatchObject({ code: 2 });
});

test.runIf(existsSync('/dev/full')).for(['scenarios', 'scenarios --json', '--help', 'demo', 'serve', 'pki made --tier app'])(
  'a full disk is one line and code 2: %s',
  async (args) => {
    const { code, complaint } = await shell(`mtls ${args} > /dev/full`, folder());

    expect(complaint).toMatch(/^Cannot write "standard output": ENOSPC: [^\n]+ \(WRITE_FAILED\)\n$/u);
    expect(code).toBe(2);
  },
);
