import { MtlsFixturesError } from '../../../errors/index.ts';
import { attemptWithWaits } from '../../../handshake/attempt/attempt-handshake.ts';
import type { AttemptOptions, Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { Handshake } from '../../../handshake/verdict/handshake.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { assessControl } from '../../assess/assess-scenario.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
import type { HandshakeTrial } from '../../catalogue/protocol-scenario.ts';
import { notJudged, unsuitable } from '../../records/scenario-result.ts';
import { nameAsked, type RunSettings, serverAnchors } from '../run-settings.ts';
import type { ReachableServer } from './usual-server.ts';

/** Tries the handshake of a scenario; of the version that is tried, unless the scenario is about versions. */
export async function runHandshake(
  { options, alpnControl, cutCounts }: HandshakeTrial,
  server: ReachableServer,
  settings: RunSettings,
): Promise<Observation> {
  const { version, timeout, expected } = settings;
  const usual = { trust: serverAnchors(settings), minVersion: version, maxVersion: version, timeout, ...nameAsked(settings) };
  // A user who says what to expect knows whether the server requires ALPN.
  if (alpnControl && !expected) {
    const control = await tryHandshake(server, { ...usual, ...alpnControl, trust: usual.trust, timeout: alpnControl.timeout ?? timeout });
    const { handshake } = control;
    const isRefusal = handshake?.alert?.name === 'no_application_protocol'; // it requires a protocol, and none that is known
    const assessment = assessControl(control);
    if (assessment.status !== 'as-expected' && !isRefusal)
      return nothingSeen(notJudged(`a client that offers known application protocols was refused: ${assessment.message}`), handshake);
    if (handshake?.alpn === undefined && !isRefusal)
      return nothingSeen(unsuitable('the server agrees to no application protocol (ALPN), so there is none to disagree about'), handshake);
  }
  return tryHandshake(server, { ...usual, ...options, trust: usual.trust, timeout: options.timeout ?? timeout }, { cutCounts });
}

/**
 * Tries a handshake of a scenario about the protocol. Where its row says so, a server that cuts the connection has refused: the valid client was accepted before. Anywhere
 * else a cut is not a judgement.
 */
export async function tryHandshake(
  server: ObservedServer | Endpoint,
  options: AttemptOptions & { readonly timeout: number },
  { cutCounts = false }: { readonly cutCounts?: boolean | undefined } = {},
): Promise<Observation> {
  try {
    return { kind: 'protocol-handshake', handshake: await attemptPatiently(server, options) };
  } catch (error) {
    if (!(error instanceof MtlsFixturesError)) throw error;
    const how = cutCounts ? cuts.get(error.code) : undefined;
    if (how !== undefined) return { kind: 'connection-cut', how, detail: error.message };
    if (error.code === 'OPTION_INVALID')
      return nothingSeen(unsuitable(`the client of this Node.js cannot be made to do it: ${error.message}`));
    return nothingSeen(notJudged(error.message));
  }
}

/** The server closed the connection before it could judge: without a byte, or in the middle of the handshake. */
const cuts: ReadonlyMap<string, string> = new Map([
  ['CLOSED_BEFORE_TLS', 'refused without a byte'],
  ['CONNECTION_CUT', 'cut off in the handshake'],
]);

/** Attempts a handshake as the catalogue does: an endpoint's silence is acceptance after a longer wait than by default, and never after more than half of the time-out. */
export function attemptPatiently(
  target: ObservedServer | Endpoint,
  options: AttemptOptions & { readonly timeout: number },
  afterSign: number = silenceMs.afterSign,
): Promise<Handshake> {
  return attemptWithWaits(target, options, patience(options.timeout, afterSign));
}

/** The two waits, in milliseconds, within a time-out. */
function patience(timeout: number, afterSign: number): { readonly withoutSign: number; readonly afterSign: number } {
  const bounded = (milliseconds: number): number => Math.min(milliseconds, timeout / 2);
  return { withoutSign: bounded(silenceMs.withoutSign), afterSign: bounded(afterSign) };
}

/**
 * Milliseconds for which an endpoint's silence is waited out before it counts as acceptance. In TLS 1.3 a client is done before the server has judged it, and a distant or
 * busy server refuses a round trip later: with 250 ms, 2 of 20 runs under load took a refusal for acceptance (measured on Redis). A session ticket or TLS 1.2's Finished
 * is a sign, after which a server that verifies late has answered soon.
 */
const silenceMs = { withoutSign: 2000, afterSign: 250 } as const;
