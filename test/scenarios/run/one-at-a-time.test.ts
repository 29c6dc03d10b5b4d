import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Seen } from '../../../src/scenarios/records/scenario-result.ts';
import { OneAtATime, type UsualState } from '../../../src/scenarios/run/one-at-a-time.ts';

const good: Seen = { status: 'as-expected', message: 'accepted, as expected' };
const bad: Seen = { status: 'unexpected', message: 'rejected' };

/** What was called, in order; `problems`: what a call returns. */
function recorded(problems: { renew?: string; restore?: string } = {}): { readonly calls: string[]; readonly turns: OneAtATime } {
  const calls: string[] = [];
  const usual: UsualState = {
    renew: () => Promise.resolve(calls.push('renew') > 0 ? problems.renew : undefined),
    restore: () => Promise.resolve(calls.push('restore') > 0 ? problems.restore : undefined),
  };
  return { calls, turns: new OneAtATime(usual) };
}

test('scenarios run one after the other, each in the usual state', async () => {
  const { calls, turns } = recorded();
  const scenario = (name: string) => async (): Promise<Seen> => {
    calls.push(`${name} begins`);
    await setImmediate();
    calls.push(`${name} ends`);
    return good;
  };

  const results = await Promise.all([turns.run(scenario('first')), turns.run(scenario('second'))]);

  expect(results).toEqual([good, good]);
  expect(calls).toEqual(['first begins', 'first ends', 'restore', 'second begins', 'second ends', 'restore']);
});

test.for<[what: string, scenario: () => Promise<Seen>]>([
  ['did not end as expected', () => Promise.resolve(bad)],
  ['threw', () => Promise.reject(new Error('no file'))],
])('it is started again after a scenario that %s, and not after the next one', async ([, scenario]) => {
  const { calls, turns } = recorded();

  const [first] = await Promise.allSettled([turns.run(scenario)]);
  const after = [await turns.run(() => Promise.resolve(good)), await turns.run(() => Promise.resolve(good))];

  expect(first).not.toHaveProperty('value', good);
  expect(after).toEqual([good, good]);
  expect(calls).toEqual(['renew', 'restore', 'restore']);
});

test('where it does not get back to its usual state, the scenario that left it so is unexpected', async () => {
  const { calls, turns } = recorded({ restore: 'the old certificate is served' });

  expect(await turns.run(() => Promise.resolve(good))).toEqual({
    status: 'unexpected',
    message: 'accepted, as expected; but afterwards: the old certificate is served',
  });
  await turns.run(() => Promise.resolve(bad));
  expect(calls).toEqual(['restore', 'renew']);
});

test('where it cannot be started again, the next scenarios are not run and not judged', async () => {
  const { calls, turns } = recorded({ renew: 'no handshake' });
  await turns.run(() => Promise.resolve(bad));

  const seen = await turns.run(() => Promise.resolve(calls.push('scenario') > 0 ? good : bad));

  expect(seen).toEqual({ status: 'not-judged', message: 'not judged: no handshake' });
  expect(calls).toEqual(['renew']);
});
