import type tls from 'node:tls';
import { isObservedServer } from '../../../handshake/server/observed-node-server.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { addressOf } from './plain-client.ts';
import { describeEnd, isServed, request } from './run-request.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
import type { RunSettings } from '../run-settings.ts';
import { unsuitable } from '../../records/scenario-result.ts';
import { obtainSession, handshakeWith } from './sessions.ts';
import type { ReachableServer } from './usual-server.ts';

/**
 * A client without certificate comes back with its session. A server that insists on certificates has refused it before; one that asks
 * and decides later must not take it for authorized now. That shows in `authorized` of an observed server, and in what another answers.
 */
export async function runAnonymousResumption(server: ReachableServer, settings: RunSettings): Promise<Observation> {
  const first = await handshakeWith(server, undefined, settings);
  if (first.handshake?.verdict !== 'accepted') return first;
  const session = await obtainSession(server, undefined, settings);
  if (!session) return nothingSeen(unsuitable('the server gave the client without certificate no session'));
  return isObservedServer(server) ? watchAuthorized(server, session, settings) : compareAnswers(server, session, settings);
}

async function watchAuthorized(server: ObservedServer, session: Buffer, settings: RunSettings): Promise<Observation> {
  let wasAuthorized = false;
  const watch = (socket: tls.TLSSocket): void => {
    if (socket.authorized && socket.isSessionReused() && socket.getPeerX509Certificate() === undefined) wasAuthorized = true;
  };
  server.server.on('secureConnection', watch);
  const { handshake } = await handshakeWith(server, undefined, { ...settings, session });
  server.server.off('secureConnection', watch);
  return { kind: 'anonymous-resumption', isPromoted: wasAuthorized, ...(handshake && { handshake }) };
}

async function compareAnswers(server: ReachableServer, session: Buffer, { pki, version, timeout }: RunSettings): Promise<Observation> {
  const address = addressOf(server);
  const usual = { trust: pki.anchors, version, timeout };
  const full = await request(address, address.servername, usual);
  const resumed = await request(address, address.servername, { ...usual, session });
  const answers = `the first time ${describeEnd(full)}, with its session ${describeEnd(resumed)}`;
  const isPromoted = resumed.kind === 'came' && isServed(resumed.value) && !(full.kind === 'came' && isServed(full.value));
  return { kind: 'anonymous-resumption', isPromoted, answers };
}
