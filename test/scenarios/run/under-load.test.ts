import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Seen } from '../../../src/scenarios/records/scenario-result.ts';
import { runChangesUnderLoad } from '../../../src/scenarios/run/under-load.ts';

const what = 'reloads';
const accepted: Seen = { status: 'as-expected', message: 'accepted' };
const refused: Seen = { status: 'unexpected', message: 'a connection was refused' };
const late: Seen = { status: 'not-judged', message: 'no answer within 5000 ms' };

/** A client that connects, with each of these results once and then the last again and again. */
function connecting(...results: [Seen, ...Seen[]]): () => Promise<Seen> {
  let at = 0;
  return async () => {
    await setImmediate();
    const seen = results[Math.min(at, results.length - 1)] ?? results[0];
    at += 1;
    return seen;
  };
}

/** A change that lasts until clients have connected again. */
async function change(): Promise<undefined> {
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
}

test('all changes are made, one after the other, while clients connect, and each connection counts', async () => {
  const made: number[] = [];
  const seen = await runChangesUnderLoad({
    what,
    times: 3,
    change: (number) => {
      made.push(number);
      return change();
    },
    connect: connecting(accepted),
  });

  expect(made).toEqual([1, 2, 3]);
  expect(seen.status).toBe('as-expected');
  expect(seen.message).toMatch(/^all [1-9]\d* connections during 3 reloads were accepted, as expected$/u);
});

test('one connection that fails among others is the result, whatever else was seen', async () => {
  const connect = connecting(accepted, late, accepted, refused, accepted);

  expect(await runChangesUnderLoad({ what, times: 3, change, connect })).toBe(refused);
  expect(await runChangesUnderLoad({ what, times: 3, change: () => Promise.resolve('stuck'), connect: connecting(refused) })).toBe(refused);
});

test('a change that the server does not follow is the last one, and is unexpected', async () => {
  const made: number[] = [];
  const seen = await runChangesUnderLoad({
    what,
    times: 3,
    change: async (number) => {
      made.push(number);
      await change();
      return number === 2 ? 'the old certificate is served' : undefined;
    },
    connect: connecting(accepted),
  });

  expect(made).toEqual([1, 2]);
  expect(seen).toEqual({ status: 'unexpected', message: 'the old certificate is served' });
});

test('a connection that was not judged leaves the whole not judged', async () => {
  expect(await runChangesUnderLoad({ what, times: 3, change, connect: connecting(accepted, late, accepted) })).toEqual({
    status: 'not-judged',
    message: 'not judged: a connection under load was not judged: no answer within 5000 ms',
  });
});

test('clients have stopped when a change throws', async () => {
  let open = 0;
  const connect = async (): Promise<Seen> => {
    open += 1;
    await change();
    open -= 1;
    return accepted;
  };

  await expect(runChangesUnderLoad({ what, times: 3, change: () => Promise.reject(new Error('no file')), connect })).rejects.toThrow(
    /^no file$/u,
  );
  expect(open).toBe(0);
});
