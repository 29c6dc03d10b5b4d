import { expect, test } from 'vitest';
import { loadWithPeer } from '../../src/errors/optional-peer.ts';

const found = (): string => 'file:///vitest';
const missing = (name: string): Error =>
  Object.assign(new Error(`Cannot find package '${name}' imported from /project/index.js`), { code: 'ERR_MODULE_NOT_FOUND' });
const failing = (error: Error) => async (): Promise<never> => {
  throw error;
};

test('a module whose package is installed is loaded', async () => {
  expect(await loadWithPeer({ name: 'vitest', resolve: found }, async () => ({ value: 1 }))).toEqual({ value: 1 });
});

test.for(['vitest', 'vitest/node'])('a missing package is our error with what to install: %s', async (specifier) => {
  await expect(loadWithPeer({ name: 'vitest', resolve: found }, failing(missing(specifier)))).rejects.toMatchObject({
    code: 'PACKAGE_MISSING',
    facts: { name: 'vitest', install: 'vitest' },
    message: expect.stringContaining('npm install --save-dev vitest'),
  });
});

test('a package that is not found is missing before anything is loaded', async () => {
  let loaded = false;
  const load = async (): Promise<void> => {
    loaded = true;
  };
  const resolve = (): never => {
    throw missing('vitest');
  };

  await expect(loadWithPeer({ name: 'vitest', resolve }, load)).rejects.toMatchObject({ code: 'PACKAGE_MISSING' });
  expect(loaded).toBe(false);
});

test.for([missing('vite'), missing('vitest-of-another'), new Error("'vitest' is broken")])(
  'another failure passes as it is: %s',
  async (error) => {
    await expect(loadWithPeer({ name: 'vitest', resolve: found }, failing(error))).rejects.toBe(error);
  },
);

test('where packages cannot be looked up without loading them, loading shows what is missing', async () => {
  const resolve = (): never => {
    throw new TypeError('import.meta.resolve is not a function'); // Jest 29
  };
  const missingInJest = Object.assign(new Error("Cannot find module 'vitest' from 'node_modules/mtls-fixtures/dist/chunks/vitest.js'"), {
    code: 'MODULE_NOT_FOUND',
  });

  expect(await loadWithPeer({ name: 'vitest', resolve }, async () => ({ value: 1 }))).toEqual({ value: 1 });
  await expect(loadWithPeer({ name: 'vitest', resolve }, failing(missingInJest))).rejects.toMatchObject({ code: 'PACKAGE_MISSING' });
});

test('the error of a missing package is its sentence, without a trace', async () => {
  const error: unknown = await loadWithPeer({ name: 'vitest', resolve: found }, failing(missing('vitest'))).catch(
    (thrown: unknown) => thrown,
  );

  expect(error).toBeInstanceOf(Error);
  expect(Reflect.get(error as Error, 'stack')).toBe(
    'MtlsFixturesError: Cannot load "vitest": it is an optional package that is not installed; run npm install --save-dev vitest',
  );
  expect(error).not.toHaveProperty('cause');
});
