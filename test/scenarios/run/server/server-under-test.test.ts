import { expect, test } from 'vitest';
import { ExclusiveUse } from '../../../../src/scenarios/run/server/server-under-test.ts';

test('many share, one has it alone, in the order in which they came', async () => {
  const use = new ExclusiveUse();
  const log: string[] = [];
  const enter = async (name: string, kind: 'share' | 'claim'): Promise<() => void> => {
    const leave = await use[kind]();
    log.push(`${name} in`);
    return () => {
      log.push(`${name} out`);
      leave();
    };
  };

  const first = enter('a', 'share');
  const second = enter('b', 'share');
  const alone = enter('C', 'claim');
  const third = enter('d', 'share');
  const aloneAgain = enter('E', 'claim');
  (await first)();
  (await second)();
  (await alone)();
  (await third)();
  (await aloneAgain)();

  expect(log).toEqual(['a in', 'b in', 'a out', 'b out', 'C in', 'C out', 'd in', 'd out', 'E in', 'E out']);
});
