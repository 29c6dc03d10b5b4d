import { type ErrorCode, MtlsFixturesError } from '../../src/errors/index.ts';

/** What a function makes of hostile input; undefined where it refuses it by an error of this library's own. Any other error goes on: it is a finding. */
export function unlessRefused<T>(work: () => T, ...codes: readonly ErrorCode[]): T | undefined {
  try {
    return work();
  } catch (error) {
    requireRefusal(error, codes);
    return undefined;
  }
}

/** A finding: what should hold of every input does not. */
export function require(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Error(problem);
}

function requireRefusal(error: unknown, codes: readonly ErrorCode[]): void {
  if (!(error instanceof MtlsFixturesError) || !codes.includes(error.code)) throw error;
  require(!/[\u{0}-\u{1f}\u{7f}-\u{9f}]/u.test(error.message), `its message moves the cursor: ${JSON.stringify(error.message)}`);
}
