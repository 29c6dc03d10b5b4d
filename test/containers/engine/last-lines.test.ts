import { expect, test } from 'vitest';
import { type EngineContainer, lastLines } from '../../../src/containers/engine/engine.ts';

test.for<[what: string, log: string, quoted: string]>([
  ['short lines', 'one\ntwo\n', 'one\ntwo'],
  ['a line without an end', `${'x'.repeat(1_000_000)}end`, `${'x'.repeat(15_997)}end`],
])('of a log of %s an error quotes at most the last 16,000 characters', async ([, log, quoted]) => {
  const container = { logs: async () => Buffer.from(log) } as unknown as EngineContainer; // what the engine's API answers, without an engine

  expect(await lastLines(container)).toBe(quoted);
});
