import type tls from 'node:tls';
import { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { addressOf } from './plain-client.ts';
import { describeEnd, isServed, request } from './run-request.ts';
import { type Played, settledPlay } from '../../assess/observation.ts';
import type { RunSettings } from '../run-client-scenario.ts';
import { asExpected, unexpected, unsuitable } from '../../records/scenario-result.ts';
import { obtainSession, shakeHands } from './sessions.ts';
import type { ReachableServer } from './usual-server.ts';

/**
 * A client without certificate comes back with its session. A server that insists on certificates has refused it before; one that asks
 * and decides later must not take it for authorized now. That shows in `authorized` of an observed server, and in what another answers.
 */
export async function playAnonymousResumption(server: ReachableServer, settings: RunSettings): Promise<Played> {
  const first = await shakeHands(server, undefined, settings);
  if (first.handshake?.verdict !== 'accepted') return first;
  const session = await obtainSession(server, undefined, settings);
  if (!session) return settledPlay(unsuitable('the server gave the client without certificate no session'));
  return server instanceof ObservedServer ? watchAuthorized(server, session, settings) : compareAnswers(server, session, settings);
}

async function watchAuthorized(server: ObservedServer, session: Buffer, settings: RunSettings): Promise<Played> {
  let wasAuthorized = false;
  const watch = (socket: tls.TLSSocket): void => {
    if (socket.authorized && socket.isSessionReused() && socket.getPeerX509Certificate() === undefined) wasAuthorized = true;
  };
  server.server.on('secureConnection', watch);
  const { handshake } = await shakeHands(server, undefined, { ...settings, session });
  server.server.off('secureConnection', watch);
  return settledPlay(
    wasAuthorized
      ? unexpected(
          'the server lets in clients without certificate, and took one that resumed its session for authorized (Node.js 22 and before do so: nodejs/node#35317; look for the certificate too, not only at authorized)',
        )
      : asExpected('the server lets in clients without certificate, but did not take one that resumed its session for authorized'),
    handshake,
  );
}

async function compareAnswers(server: ReachableServer, session: Buffer, { pki, version, timeout }: RunSettings): Promise<Played> {
  const address = addressOf(server);
  const usual = { trust: pki.anchors, version, timeout };
  const full = await request(address, address.servername, usual);
  const resumed = await request(address, address.servername, { ...usual, session });
  const seen = `the first time ${describeEnd(full)}, with its session ${describeEnd(resumed)}`;
  const isPromoted = resumed.kind === 'came' && isServed(resumed.value) && !(full.kind === 'came' && isServed(full.value));
  return settledPlay(
    isPromoted
      ? unexpected(`a client without certificate was served once it resumed its session: ${seen}`)
      : asExpected(`a client without certificate was treated alike with and without its session: ${seen}`),
  );
}
