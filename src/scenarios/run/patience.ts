import { attemptWithWaits } from '../../handshake/attempt/attempt-handshake.ts';
import type { AttemptOptions, Endpoint } from '../../handshake/attempt/attempt-options.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import type { ObservedServer } from '../../handshake/server/observed-server.ts';

/**
 * Milliseconds for which an endpoint's silence is waited out before it counts as acceptance. In TLS 1.3 a client is done before the server has judged it, and a far or
 * busy server refuses a round trip later: with 250 ms, 2 of 20 runs under load took a refusal for acceptance (measured on Redis). A session ticket or TLS 1.2's Finished
 * is a sign, after which a server that verifies late has answered soon.
 */
const silenceMs = { withoutSign: 2000, afterSign: 250 } as const;

/** Attempts a handshake as the catalogue does: an endpoint's silence is acceptance after a longer wait than by default, and never after more than half of the time-out. */
export function attemptPatiently(
  target: ObservedServer | Endpoint,
  options: AttemptOptions & { readonly timeout: number },
): Promise<Handshake> {
  return attemptWithWaits(target, options, patience(options.timeout));
}

/** The two waits, in milliseconds, within a time-out. */
function patience(timeout: number): { readonly withoutSign: number; readonly afterSign: number } {
  const bounded = (milliseconds: number): number => Math.min(milliseconds, timeout / 2);
  return { withoutSign: bounded(silenceMs.withoutSign), afterSign: bounded(silenceMs.afterSign) };
}
