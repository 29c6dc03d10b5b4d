import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { mutate } from './mutations.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import { type FuzzTarget, targets } from './targets/index.ts';

const corpus = path.join(import.meta.dirname, 'corpus');
const inputsOf = (target: string): readonly string[] => globSync(path.join(corpus, target, '*')).toSorted();

describe.for(Object.entries<FuzzTarget>(targets))('the target %s', ([name, target]) => {
  const inputs = inputsOf(name).map((file) => readFileSync(file));

  test('takes every input of its corpus', async () => {
    expect(inputs.length).toBeGreaterThan(1);
    for (const [index, input] of inputs.entries()) await run(target, input, `corpus/${name} number ${index}`);
  });

  test('takes changed inputs, and noise', async () => {
    const random = randomNumbers(name.length);
    for (let round = 0; round < rounds; round += 1) await run(target, mutate(inputs, random), `round ${round}`);
    for (let round = 0; round < rounds / 4; round += 1)
      await run(target, Buffer.from(Array.from({ length: Math.floor(random() * 80) }, () => Math.floor(random() * 256))), `noise ${round}`);
  }, 60_000);
});

test('every folder of the corpus has a target', () => {
  const folders = globSync(path.join(corpus, '*')).map((folder) => path.basename(folder));

  expect(folders.toSorted()).toEqual(Object.keys(targets).toSorted());
});

test('no private key is in the corpus', () => {
  const files = globSync(path.join(corpus, '*', '*'));

  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => /PRIVATE KEY/u.test(readFileSync(file, 'latin1')))).toEqual([]);
});

/** Says which input it was, in a form that can be put into the corpus. */
async function run(target: FuzzTarget, input: Uint8Array, which: string): Promise<void> {
  try {
    await target(input);
  } catch (cause) {
    throw new Error(`${which} is a finding; its octets: ${Buffer.from(input).toString('base64')}`, { cause });
  }
}

const rounds = 1500;
