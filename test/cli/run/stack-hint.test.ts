import { expect, test } from 'vitest';
import type { ProbeResult } from '../../../src/cli/run/probe-report.ts';
import { stackHint } from '../../../src/cli/run/stack-hint.ts';
import type { ExpectedOutcome } from '../../../src/scenarios/index.ts';

const scenarios = [
  {
    id: 'leaf-dsa',
    divergences: [
      { stack: 'node', version: 'TLSv1.2', verdict: 'accepted' },
      { stack: 'java', verdict: 'accepted' },
    ],
  },
  { id: 'valid-ed25519', divergences: [{ stack: 'java', verdict: 'rejected' }] },
  { id: 'expired-leaf', divergences: [] },
] as const;

const dsa = unexpected('leaf-dsa', { verdict: 'rejected' });

test.for<[what: string, results: readonly ProbeResult[], hint: string | undefined]>([
  ['of several stacks', [dsa], 'the unexpected answer is known of node, node-22, java: '],
  ['of one', [dsa, unexpected('valid-ed25519', { verdict: 'accepted' })], 'each unexpected answer is known of java: '],
  ['of none', [unexpected('expired-leaf', { verdict: 'rejected' })], undefined],
  ['of some, and others are known of none', [dsa, unexpected('expired-leaf', { verdict: 'rejected' })], undefined],
  [
    'with another version only',
    [{ ...unexpected('leaf-dsa', { verdict: 'rejected' }), version: 'TLSv1.3' }],
    'the unexpected answer is known of java: ',
  ],
  ['of none, because the valid client is refused', [unexpected('control', { verdict: 'accepted' })], undefined],
  ['of none, because all is as expected', [{ ...dsa, status: 'as-expected' }], undefined],
])('what is known %s', ([, results, hint]) => {
  const found = stackHint(results, scenarios);

  expect(hint === undefined ? found : found?.slice(0, hint.length)).toBe(hint);
});

function unexpected(id: string, expected: Pick<ExpectedOutcome, 'verdict'>): ProbeResult {
  const outcome: ExpectedOutcome = expected.verdict === 'accepted' ? { verdict: 'accepted' } : { verdict: 'rejected', by: 'server' };
  return { id, version: 'TLSv1.2', title: id, differs: id, status: 'unexpected', expected: outcome, message: id };
}
