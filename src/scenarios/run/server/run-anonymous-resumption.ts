import type tls from 'node:tls';
import { isObservedServer } from '../../../handshake/server/observed-node-server.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
import { legitimateClient } from '../../catalogue/authorization.ts';
import { notJudged, unsuitable } from '../../records/scenario-result.ts';
import { type RunSettings, serverAnchors } from '../run-settings.ts';
import { describeEnd, isServed, isUndecided, request } from './http-answer.ts';
import { addressOf } from './plain-client.ts';
import { askValidly } from './run-request.ts';
import { preparedRequest } from './server-request.ts';
import { handshakeWith, neverCompleted, obtainSession } from './sessions.ts';
import type { ReachableServer } from './usual-server.ts';

/**
 * A client without certificate comes back with its session. A server that insists on certificates has refused it before; one that asks
 * and decides later must not take it for authorized now. That shows in `authorized` of an observed server, and in what another answers.
 */
export async function runAnonymousResumption(server: ReachableServer, settings: RunSettings): Promise<Observation> {
  const first = await handshakeWith(server, undefined, settings);
  if (first.handshake?.verdict !== 'accepted') return first;
  const session = await obtainSession(server, undefined, settings);
  if (session === 'hung') return nothingSeen(neverCompleted(settings), first.handshake);
  if (!session) return nothingSeen(unsuitable('the server gave the client without certificate no session'));
  return isObservedServer(server) ? watchAuthorized(server, session, settings) : compareAnswers(server, session, settings);
}

async function watchAuthorized(server: ObservedServer, session: Buffer, settings: RunSettings): Promise<Observation> {
  let wasAuthorized = false;
  const watch = (socket: tls.TLSSocket): void => {
    if (socket.authorized && socket.isSessionReused() && socket.getPeerX509Certificate() === undefined) wasAuthorized = true;
  };
  server.server.on('secureConnection', watch);
  const resumed = await handshakeWith(server, undefined, { ...settings, session });
  server.server.off('secureConnection', watch);
  if (resumed.kind === 'nothing-seen' && !wasAuthorized) return resumed;
  const { handshake } = resumed;
  return { kind: 'anonymous-resumption', isPromoted: wasAuthorized, ...(handshake && { handshake }) };
}

async function compareAnswers(server: ReachableServer, session: Buffer, settings: RunSettings): Promise<Observation> {
  const { version, timeout } = settings;
  const address = addressOf(server, settings);
  const usual = { trust: serverAnchors(settings), version, timeout };
  const valid = legitimateClient(settings.pki, settings.authorizes);
  const { control, http } = await askValidly(address, { ...usual, identity: valid }, settings);
  if (isUndecided(control))
    return nothingSeen(unsuitable(`the server answers no request, so it does not show what a session changes: ${describeEnd(control)}`));
  const asked = preparedRequest(settings, address);
  const full = await request(address, asked, { ...usual, http });
  const resumed = await request(address, asked, { ...usual, http, session });
  const answers = `the first time ${describeEnd(full)}, with its session ${describeEnd(resumed)}`;
  const wasServed = full.kind === 'came' && isServed(full.value);
  if (isUndecided(resumed) || isUndecided(full))
    return nothingSeen(notJudged(`a request of the client without certificate was neither answered nor refused: ${answers}`));
  const isPromoted = resumed.kind === 'came' && isServed(resumed.value) && !wasServed;
  return { kind: 'anonymous-resumption', isPromoted, answers };
}
