import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import type { AnswerBeginning } from '../../../net/answer-beginning.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
import { legitimateClient } from '../../catalogue/authorization.ts';
import type { RequestTrial } from '../../catalogue/protocol-scenario.ts';
import { notJudged, unsuitable } from '../../records/scenario-result.ts';
import { type RunSettings, serverAnchors } from '../run-settings.ts';
import { describeEnd, type HttpVersion, isServed, isUndecided, request } from './http-answer.ts';
import { addressOf, type CallEnd, type PlainClientOptions, type ServerAddress } from './plain-client.ts';
import { preparedRequest } from './server-request.ts';

/** Sends a request right after the handshake, after the valid client's was answered, and checks whether it is served. */
export async function runRequest(trial: RequestTrial, server: ObservedServer | Endpoint, settings: RunSettings): Promise<Observation> {
  const { pki, version, timeout } = settings;
  const address = addressOf(server, settings);
  const usual = { trust: serverAnchors(settings), version, timeout };
  const valid = { ...usual, identity: legitimateClient(pki, settings.authorizes) };
  const { control, http } = trial.http
    ? { http: trial.http, control: await request(address, preparedRequest(settings, address), { ...valid, http: trial.http }) }
    : await askValidly(address, valid, settings);
  if (control.kind !== 'came' || !isServed(control.value))
    return nothingSeen(unsuitable(`it answers no request of the valid client, so a refusal would not show: ${describeEnd(control)}`));
  if (trial.host !== undefined && control.value.status === undefined)
    return nothingSeen(unsuitable('it does not speak HTTP/1.1 or HTTP/2, so there is no host to ask for'));

  const asked = preparedRequest(settings, { servername: address.servername, otherHost: trial.host });
  const end = await request(address, asked, { ...usual, http, identity: trial.identity });
  if (isUndecided(end)) return nothingSeen(notJudged(`the request was neither answered nor refused: ${describeEnd(end)}`), end.handshake);
  return {
    kind: 'http-request',
    ...(end.handshake && { handshake: end.handshake }),
    isServed: end.kind === 'came' && isServed(end.value),
    detail: describeEnd(end),
  };
}

/** The valid client's request in HTTP/1.1; in HTTP/2 where the server serves that alone. */
export async function askValidly(
  address: ServerAddress,
  options: PlainClientOptions,
  settings: RunSettings,
): Promise<{ readonly control: CallEnd<AnswerBeginning>; readonly http: HttpVersion }> {
  const asked = preparedRequest(settings, address);
  const control = await request(address, asked, options);
  if (control.kind === 'silence' || (control.kind === 'came' && isServed(control.value))) return { control, http: 'HTTP/1.1' };
  const again = await request(address, asked, { ...options, http: 'HTTP/2' });
  return again.kind === 'came' && isServed(again.value) ? { control: again, http: 'HTTP/2' } : { control, http: 'HTTP/1.1' };
}
