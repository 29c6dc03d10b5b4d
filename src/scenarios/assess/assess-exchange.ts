import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { asExpected, type Assessment, describeOutcome, unexpected } from '../records/scenario-result.ts';
import type { AnonymousResumption, ConnectionCut, HostCrossing, HttpRequest, Renegotiation } from './observation.ts';

/** Assesses a server that ended the connection before it could judge: that refuses what is offered, by the server's side. */
export function assessConnectionCut({ how, detail }: ConnectionCut, expected: ExpectedOutcome): Assessment {
  return expected.verdict === 'rejected' && expected.by === 'server'
    ? asExpected(`was ${how}, as expected: ${detail}`)
    : unexpected(`expected ${describeOutcome(expected)}, but it was ${how}: ${detail}`);
}

/** Assesses whether a server accepted a renegotiation. */
export function assessRenegotiation({ isAccepted, detail }: Renegotiation, expected: ExpectedOutcome): Assessment {
  const seen = isAccepted ? 'the renegotiation was accepted' : `the renegotiation was refused (${detail})`;
  return (expected.verdict === 'accepted') === isAccepted
    ? asExpected(`${seen}, as expected`)
    : unexpected(`expected ${describeOutcome(expected)}, but ${seen}`);
}

/** Assesses whether a client of one host went over to another one. */
export function assessHostCrossing({ by, isAccepted, detail }: HostCrossing, expected: ExpectedOutcome): Assessment {
  const step = by === 'renegotiation' ? 'a renegotiation' : 'a second ClientHello';
  const seen = `a client of another host was ${isAccepted ? 'served' : 'not served'} after ${step} under the name of this one`;
  return (expected.verdict === 'accepted') === isAccepted
    ? asExpected(`${seen}, as expected: ${detail}`)
    : unexpected(`expected ${describeOutcome(expected)}, but ${seen}: ${detail}`);
}

/** Assesses whether a server answered a request. */
export function assessHttpRequest({ isServed, detail }: HttpRequest, expected: ExpectedOutcome): Assessment {
  const seen = `the request was ${isServed ? 'served' : 'not served'}`;
  return (expected.verdict === 'accepted') === isServed
    ? asExpected(`${seen}, as expected: ${detail}`)
    : unexpected(`expected ${describeOutcome(expected)}, but ${seen}: ${detail}`);
}

/** Assesses whether a client without certificate gained by resuming its session, which is wrong whatever is expected of its first handshake. */
export function assessAnonymousResumption({ isPromoted, answers }: AnonymousResumption): Assessment {
  if (answers !== undefined)
    return isPromoted
      ? unexpected(`a client without certificate was served once it resumed its session: ${answers}`)
      : asExpected(`a client without certificate was treated alike with and without its session: ${answers}`);
  return isPromoted
    ? unexpected(
        'the server accepts clients without certificate, and took one that resumed its session for authorized (Node.js 22 and before do so: nodejs/node#35317; check for the certificate too, not only for authorized)',
      )
    : asExpected('the server accepts clients without certificate, but did not take one that resumed its session for authorized');
}
