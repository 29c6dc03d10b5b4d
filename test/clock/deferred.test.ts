import { expect, test } from 'vitest';
import { deferred } from '../../src/clock/deferred.ts';

test('a promise is fulfilled from outside, once', async () => {
  const { promise, resolve, reject } = deferred<number>();

  resolve(1);
  resolve(2);
  reject(new Error('too late'));

  expect(await promise).toBe(1);
});

test('a promise is rejected from outside', async () => {
  const { promise, reject } = deferred();

  reject(new Error('refused'));

  await expect(promise).rejects.toThrow('refused');
});
