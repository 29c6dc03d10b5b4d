import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import { connectPeer } from '../../../handshake/attempt/tcp-connection.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
import { legitimateClient } from '../../catalogue/authorization.ts';
import type { HostCrossingTrial } from '../../catalogue/protocol-scenario.ts';
import { notJudged, unsuitable } from '../../records/scenario-result.ts';
import { type RunSettings, serverAnchors } from '../run-settings.ts';
import { describeBeginning, isUnclear } from '../../../net/answer-beginning.ts';
import { describeEnd, isServed, request } from './http-answer.ts';
import { addressOf } from './plain-client.ts';
import { encodeHttp1, preparedRequest } from './server-request.ts';

/** Begins at the other host as a valid client of it, goes over to the host under test, and sends a request there, which the host's own client gets answered. `others`: how the other host is asked. */
export async function runHostCrossing(
  { identity, by }: HostCrossingTrial,
  server: ObservedServer | Endpoint,
  settings: RunSettings,
  others: RunSettings,
): Promise<Observation> {
  const { pki, version, timeout, authorizes } = settings;
  const { servername, ...address } = addressOf(server, settings);
  const prepared = preparedRequest(settings, { servername });
  const valid = { trust: serverAnchors(settings), version, timeout, identity: legitimateClient(pki, authorizes) };
  const control = await request({ ...address, servername }, prepared, valid);
  if (control.kind !== 'came' || !isServed(control.value))
    return nothingSeen(unsuitable(`it answers no request of the valid client, so a refusal would not show: ${describeEnd(control)}`));

  const stream = await connectPeer({ ...address, timeout });
  stream.setNoDelay(true); // its flights are small, and each of them waits for the answer to the one before
  const { crossHosts } = await import('../../../faults/flights/hosts/cross-hosts.ts'); // with the engine for tests
  const from = addressOf(server, others).servername;
  const outcome = await crossHosts(stream, { by, identity, from, to: servername, request: encodeHttp1(prepared), timeout });
  if (outcome.kind === 'not-begun') return nothingSeen(unsuitable(outcome.detail));
  if (outcome.kind === 'undecided') return nothingSeen(notJudged(`neither accepted nor refused: ${outcome.detail}`));
  if (outcome.kind !== 'completed') return { kind: 'host-crossing', by, isAccepted: false, detail: outcome.detail };
  const { answer } = outcome;
  if (!answer) return { kind: 'host-crossing', by, isAccepted: false, detail: 'it was completed, and the connection then closed' };
  const detail = `it was completed, and the request answered ${describeBeginning(answer)}`;
  if (isUnclear(answer)) return nothingSeen(notJudged(`neither accepted nor refused: ${detail}`));
  return { kind: 'host-crossing', by, isAccepted: isServed(answer), detail };
}
