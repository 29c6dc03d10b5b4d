import { MtlsFixturesError } from '../../../errors/index.ts';
import type { ClientFault } from '../../../faults/client/client-fault.ts';
import type { ClientFaultOutcome } from '../../../faults/client/client-fault-outcome.ts';
import { sendClientFault } from '../../../faults/client/send-client-fault.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { addressOf } from './plain-client.ts';
import { isUnclear } from '../../../net/answer-beginning.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
import type { ClientFaultTrial } from '../../catalogue/protocol-scenario.ts';
import { legitimateClient } from '../../catalogue/authorization.ts';
import { type RunSettings, serverAnchors } from '../run-settings.ts';
import { request } from './http-answer.ts';
import { notJudged, unsuitable } from '../../records/scenario-result.ts';
import { encodeHttp1, preparedRequest } from './server-request.ts';
import { refusalOfValidClient } from './valid-client.ts';

/** Sends a server a client that violates the protocol, and then a valid client, which must still be served. */
export async function runClientFault(
  { fault, identity }: ClientFaultTrial,
  server: ObservedServer | Endpoint,
  settings: RunSettings,
): Promise<Observation> {
  const { version, timeout } = settings;
  const { host, port, servername, starttls } = addressOf(server, settings);
  if (starttls !== undefined) return nothingSeen(unsuitable('clients that misbehave are not tried behind STARTTLS'));
  const isAsked = settings.path !== undefined || settings.request !== undefined;
  const options = {
    timeout,
    servername,
    minVersion: version,
    maxVersion: version,
    ...(isAsked && { request: encodeHttp1(preparedRequest(settings, { servername })) }),
    ...(identity && { identity }),
  };
  const outcome = await send({ host, port }, fault, options);
  if (outcome instanceof MtlsFixturesError) return nothingSeen(notJudged(outcome.message));
  const refusal = await refusalOfValidClient(server, settings);
  const needsAnswer = fault.kind === 'split-client-hello' && outcome.ended !== 'still-open' && !outcome.applicationData && !outcome.alert;
  const answersValid = needsAnswer && !refusal ? await answersValidClient(server, settings) : undefined;
  return {
    kind: 'sent-client-fault',
    fault,
    outcome,
    timeout,
    ...(answersValid !== undefined && { answersValid }),
    ...(refusal && { handshake: refusal.handshake, validRefusedAfter: refusal.message }),
  };
}

/** Whether the request that is behind the fault is answered to the valid client: a server of another protocol ends the connection at it. */
async function answersValidClient(server: ObservedServer | Endpoint, settings: RunSettings): Promise<boolean> {
  const { version, timeout, pki, authorizes } = settings;
  const address = addressOf(server, settings);
  const identity = legitimateClient(pki, authorizes);
  const end = await request(address, preparedRequest(settings, address), { identity, trust: serverAnchors(settings), version, timeout });
  return end.kind === 'came' && !isUnclear(end.value);
}

/** The error where, for example, nothing listens any more. */
async function send(
  target: { readonly host: string; readonly port: number },
  fault: ClientFault,
  options: Parameters<typeof sendClientFault>[2],
): Promise<ClientFaultOutcome | MtlsFixturesError> {
  try {
    return await sendClientFault(target, fault, options);
  } catch (error) {
    if (error instanceof MtlsFixturesError) return error;
    throw error;
  }
}
