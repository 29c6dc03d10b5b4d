import type { ExpectedReason } from './expected-reason.ts';
import type { Divergence, Stack, TlsVersion } from './scenario.ts';

/** What a stack answers in place of what is expected; of Node.js also the reason that it gives. */
type DivergentAnswer = 'accepted' | 'rejected' | { readonly reason: ExpectedReason };

/** Stacks that answer otherwise than expected, all measured: with both versions of TLS, or with one. */
export type Divergences = Readonly<Partial<Record<Stack, DivergentAnswer | Readonly<Partial<Record<TlsVersion, DivergentAnswer>>>>>>;

/** The same answer of several stacks. */
export function forStacks(stacks: readonly Stack[], answer: NonNullable<Divergences[Stack]>): Divergences {
  return Object.fromEntries(stacks.map((stack) => [stack, answer]));
}

/** The divergences as a list, in the order in which they are written. */
export function divergenceList(divergences: Divergences): readonly Divergence[] {
  return Object.entries(divergences).flatMap(([name, answers]) => {
    const stack = name as Stack; // a key of that record
    if (typeof answers === 'string' || 'reason' in answers) return [divergence({ stack }, answers)];
    return Object.entries(answers).map(([version, answer]) => divergence({ stack, version: version as TlsVersion }, answer)); // likewise
  });
}

function divergence(at: Pick<Divergence, 'stack' | 'version'>, answer: DivergentAnswer): Divergence {
  return Object.freeze({
    stack: at.stack,
    ...(typeof answer === 'string' ? { verdict: answer } : { verdict: 'rejected', reason: answer.reason }),
    ...(at.version && { version: at.version }),
  });
}
