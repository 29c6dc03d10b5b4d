import { pause } from '../../../clock/pause.ts';
import type { OpenConnection } from '../../../handshake/attempt/open-connection.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import type { OpenStreamTrial } from '../../catalogue/spiffe/spiffe-scenario.ts';
import { asExpected, describeOutcome, notJudged, type Seen, unexpected, unsuitable } from '../../records/scenario-result.ts';
import { askOn, connectTo, requestOf } from './call-service.ts';
import type { SpiffeService } from './spiffe-service.ts';

/** Has a connection of the authorized client open while SVIDs and roots rotate, and uses it afterwards. */
export async function runOnOpenConnection(trial: OpenStreamTrial, service: SpiffeService, expected: ExpectedOutcome): Promise<Seen> {
  const connection = await connectTo(service, service.authorized);
  try {
    return await runOn(connection, { trial, service, expected });
  } finally {
    await connection.close();
  }
}

async function runOn(
  connection: OpenConnection,
  {
    trial: { changes, state },
    service,
    expected,
  }: { readonly trial: OpenStreamTrial; readonly service: SpiffeService; readonly expected: ExpectedOutcome },
): Promise<Seen> {
  const { handshake } = connection;
  if (handshake.verdict === 'rejected') return { ...notJudged('not judged: the authorized client was refused'), handshake };
  const { settings } = service;
  const request = requestOf(settings, 'keep-alive', service.headersOf(service.authorized));
  const [first, rest] = state === 'idle' ? [request, request] : halvesOf(request);
  if (state === 'in-request') {
    connection.send(first);
    await pause(arrivalMs);
  } else {
    const before = await askOn(connection, first, settings);
    if (before.verdict !== 'accepted') return { ...notJudged(`not judged: the first request was ${before.words}`), handshake };
    await pause(arrivalMs); // for the rest of the answer
  }
  if (!connection.isOpen) return unsuitable('the service closes the connection after each answer');
  for (const change of changes) {
    const problem = await service.change(change);
    if (problem !== undefined) return { ...notJudged(`not judged: ${problem}`), handshake };
  }
  connection.received();
  const { verdict, words } = connection.isOpen
    ? await askOn(connection, rest, settings)
    : { verdict: 'refused', words: 'the connection is over' };
  if (verdict === 'neither') return { ...notJudged(`not judged: ${words}`), handshake };
  const goesOn = verdict === 'accepted';
  const seen = goesOn ? 'the connection goes on' : `the connection does not go on: ${words}`;
  const assessment =
    goesOn === (expected.verdict === 'accepted')
      ? asExpected(`${seen}, as expected`)
      : unexpected(`expected ${describeOutcome(expected)}, but ${seen}`);
  return { ...assessment, handshake };
}

function halvesOf(request: Buffer): readonly [Buffer, Buffer] {
  const middle = Math.floor(request.length / 2);
  return [request.subarray(0, middle), request.subarray(middle)];
}

/** For the first half of a request to be read, or an answer to come to its end. */
const arrivalMs = 100;
