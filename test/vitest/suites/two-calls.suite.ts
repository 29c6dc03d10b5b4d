import https from 'node:https';
import type { ClientCall } from '../../../src/scenarios/run/target.ts';
import { describeClientUnderTest } from '../../../src/vitest/index.ts';

const second = ['client-swaps-certificate-on-one-agent', 'client-certificate-reloaded', 'client-reuses-session-after-trust-change'];
const first = ['expired-leaf', 'expired-intermediate', 'unknown-ca', 'self-signed-leaf', 'wrong-host', 'server-garbage'];

describeClientUnderTest('makes a client for each call', inOrder(get), { only: [...first, ...second] });
describeClientUnderTest('keeps the client of the first call', inOrder(keeping()), { only: [...first, ...second], versions: ['TLSv1.3'] });
describeClientUnderTest('is called twice and nothing else', inOrder(get), { only: second, versions: ['TLSv1.2'] });

/** Fails in a second call between which and the first there was another. */
function inOrder(call: ClientCall): ClientCall {
  let last = 0;
  return (peer) => {
    if (peer.call === 2 && last !== peer.port) throw new RangeError('another call came between the two');
    last = peer.port;
    return call(peer);
  };
}

function keeping(): ClientCall {
  let agent: https.Agent;
  return (peer) => {
    if (peer.call === 1) agent = new https.Agent({ keepAlive: true, ...peer.tls });
    return get(peer, agent);
  };
}

function get({ url, tls }: Parameters<ClientCall>[0], agent?: https.Agent): Promise<unknown> {
  return new Promise((resolve, reject) => {
    https
      .get(url, agent ? { agent } : { agent: false, ...tls }, (response) => {
        response.resume();
        response.on('end', resolve);
      })
      .on('error', reject);
  });
}
