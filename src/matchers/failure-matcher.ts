import { MtlsFixturesError } from '../errors/index.ts';
import {
  describeErrors,
  handshakeFailure,
  observedHandshake,
  type HandshakeFailure,
} from '../handshake/verdict/client-errors/handshake-failure.ts';
import { otherFailure } from '../handshake/verdict/client-errors/other-failure.ts';
import { describeRejection, type ExpectedFailure } from './expectations.ts';
import { failureTranscript } from './failure-transcript.ts';
import { requireRejection } from './matcher-input.ts';
import type { Matchers } from './matcher-types.ts';
import { timeLeft, within } from './test-time.ts';

/** The matcher on the promise (or the function that returns one) of any client library; await it. */
export const failureMatcher: Pick<Matchers, 'toFailHandshake'> = {
  async toFailHandshake(received, expected = {}) {
    const left = timeLeft(this);
    const outcome = await within<Outcome>(
      left,
      () => settle(received),
      () => ({ kind: 'hung' }),
    ); // first: the mistake reported below must not leave the caller's promise without a handler
    requireRejection('toFailHandshake', expected, 'failure');
    const not = this.isNot ? 'not ' : '';
    if (outcome.kind === 'resolved') return { pass: false, message: () => `expected the call to fail in the handshake; it succeeded` };

    if (outcome.kind === 'hung')
      return {
        pass: this.isNot === true,
        unjudged: true,
        message: () =>
          `expected the call ${not}to fail in the handshake; it had not ended after ${left} ms, when the test had to end, which is not a refusal`,
      };
    const { error } = outcome;
    const observed = observedHandshake(error);
    if (observed) this.onHandshake?.(observed);
    const record = observed ? `\n\n${failureTranscript(observed, this.currentTestName)}` : '';
    const failure = handshakeFailure(error);
    if (!failure) {
      const what = otherFailure(error);
      return {
        // Neither the expectation nor its opposite is shown by an error that says nothing about the handshake.
        pass: this.isNot === true,
        unjudged: true,
        message: () =>
          `expected the call ${not}to fail in the handshake; it failed with ${describeErrors(error)}, which does not say that a handshake was refused${what === undefined ? '' : `: ${what}`} (look at the observed server's handshakes)${record}`,
      };
    }
    return {
      pass: matches(failure, expected),
      message: () =>
        `expected the call ${not}to fail because the handshake was ${describeRejection(expected)}; it was refused ${describeFailure(failure)}\n\n${failure.text}\n${describeErrors(error)}${record}`,
    };
  },
};

type Outcome = { readonly kind: 'resolved' } | { readonly kind: 'hung' } | { readonly kind: 'rejected'; readonly error: unknown };

async function settle(received: unknown): Promise<Outcome> {
  const pending: unknown = typeof received === 'function' ? startCall(received as () => unknown) : received; // what the user passed takes no arguments
  if (typeof pending !== 'object' || pending === null || !('then' in pending))
    throw new MtlsFixturesError('MATCHER_MISUSE', {
      matcher: 'toFailHandshake',
      expected: 'a promise, e.g. fetch(url), or a function that returns one',
      received: typeof pending,
    });
  try {
    await (pending as PromiseLike<unknown>); // it has `then`
    return { kind: 'resolved' };
  } catch (error) {
    return { kind: 'rejected', error };
  }
}

/** A function that throws at once counts as one whose promise rejects. */
function startCall(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return Promise.reject(error);
  }
}

function matches(failure: HandshakeFailure, { by, reason, alert }: ExpectedFailure): boolean {
  return (
    (by === undefined || failure.by === by) &&
    (reason === undefined || failure.reason === reason) &&
    (alert === undefined || failure.alert === alert)
  );
}

function describeFailure({ by, reason, alert }: HandshakeFailure): string {
  return `by the ${by}${reason === undefined ? '' : ` with reason ${reason}`}${alert === undefined ? '' : ` with the alert ${alert}`}${by === 'server' && reason === undefined ? " (the server's reason is not in the client's error: look at server.handshakes)" : ''}`;
}
