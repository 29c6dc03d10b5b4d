import https from 'node:https';
import type { PeerToCall, StartServer } from '../../../src/scenarios/run/target.ts';
import { describeClientUnderTest, describeServerUnderTest } from '../../../src/vitest/index.ts';

/** Takes keys and signatures of any strength. */
const legacy: https.ServerOptions = { ciphers: 'DEFAULT@SECLEVEL=0' };

describeServerUnderTest('orders API', { start: startWith({}) }, { stack: 'node', skip: { 'expired-intermediate': 'waits for ORD-219' } });
describeServerUnderTest('legacy gateway', { start: startWith(legacy) }, { versions: ['TLSv1.2'] });
describeClientUnderTest('payments client', get, { stack: 'node' });

function startWith(options: https.ServerOptions): StartServer {
  return ({ identity, trust, crl }) =>
    https.createServer(
      { key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true, ...(crl && { crl }), ...options },
      (_request, response) => response.end(),
    );
}

function get({ url, tls: credentials }: PeerToCall): Promise<void> {
  return new Promise((resolve, reject) => {
    https
      .get(url, { agent: false, ...credentials }, (response) => {
        response.resume();
        response.on('end', resolve).on('error', reject);
      })
      .on('error', reject);
  });
}
