import type { Handshake } from '../handshake/verdict/handshake.ts';
import type { Pki } from '../pki/pki.ts';

/** What a matcher uses of the `this` that `expect.extend` gives it in Vitest, Jest and Bun; without a test runner it is an empty object. */
export interface MatcherContext {
  readonly isNot?: boolean | undefined;
  readonly currentTestName?: string | undefined;
  readonly testPath?: string | undefined;
  readonly utils?: { stringify(value: unknown): string } | undefined;
  /** The PKI of this run, where the test runner knows one: `toReject` may take its control from it. */
  readonly runPki?: (() => Pki | undefined) | undefined;
  /** The running test, in Vitest alone: it says how much time is left. */
  readonly task?: { readonly timeout: number; readonly result?: { readonly startTime?: number | undefined } | undefined } | undefined;
  /** Called with each handshake that a matcher attempts or finds; the last is the one that is judged. */
  readonly onHandshake?: ((handshake: Handshake) => void) | undefined;
}

/** What a matcher returns to `expect`. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
  /** Set where nothing was shown, neither what is expected nor its opposite. */
  readonly unjudged?: true;
  readonly actual?: unknown;
  readonly expected?: unknown;
}
