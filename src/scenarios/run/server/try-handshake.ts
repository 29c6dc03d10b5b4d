import { MtlsFixturesError } from '../../../errors/index.ts';
import type { AttemptOptions, Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { Handshake } from '../../../handshake/verdict/handshake.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import type { AlertName } from '../../../wire/records/alerts.ts';
import { attemptPatiently } from '../patience.ts';
import { type Played, settledPlay } from '../../assess/observation.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import { asExpected, describeOutcome, notJudged, unexpected, unsuitable } from '../../records/scenario-result.ts';
import { weighHandshake } from '../../assess/assess-handshake.ts';

/**
 * Tries a handshake of a scenario about the protocol. Where its row says so, a server that cuts the connection has refused: the valid client was let in before. Anywhere
 * else a cut is no judgement.
 */
export async function tryHandshake(
  server: ObservedServer | Endpoint,
  options: AttemptOptions & { readonly timeout: number },
  { cutCounts = false }: { readonly cutCounts?: boolean | undefined } = {},
): Promise<Played> {
  try {
    const handshake = await attemptPatiently(server, options);
    return { handshake, weigh: (expected) => weighHandshake(withAnyAlert(expected, handshake), handshake) };
  } catch (error) {
    if (!(error instanceof MtlsFixturesError)) throw error;
    const how = cutCounts ? cuts.get(error.code) : undefined;
    if (how !== undefined) return silentRefusal(how, error.message);
    if (error.code === 'OPTION_INVALID')
      return settledPlay(unsuitable(`the client of this Node.js cannot be made to do it: ${error.message}`));
    return settledPlay(notJudged(error.message));
  }
}

/** Where only the alert was seen, any will do: OpenSSL's s_server answers TLS 1.0 with internal_error, GnuTLS other things otherwise (measured). */
function withAnyAlert(expected: ExpectedOutcome, { reason, alert }: Handshake): ExpectedOutcome {
  if (expected.verdict === 'accepted' || reason !== undefined || !alert) return expected;
  return { ...expected, alert: alert.name as AlertName }; // compared with itself only
}

function silentRefusal(how: string, words: string): Played {
  return {
    weigh: (expected) =>
      expected.verdict === 'rejected' && expected.by === 'server'
        ? asExpected(`was ${how}, as expected: ${words}`)
        : unexpected(`expected ${describeOutcome(expected)}, but it was ${how}: ${words}`),
  };
}

/** The server hung up before it could judge: without a byte, or in the middle of the handshake. */
const cuts: ReadonlyMap<string, string> = new Map([
  ['CLOSED_BEFORE_TLS', 'refused without a byte'],
  ['CONNECTION_CUT', 'cut off in the handshake'],
]);
