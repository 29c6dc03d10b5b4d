import https from 'node:https';
import type tls from 'node:tls';
import type { PeerToCall, StartServer } from '../../../src/scenarios/run/target.ts';
import { describeClientUnderTest, describeServerUnderTest } from '../../../src/vitest/index.ts';

describeServerUnderTest('orders API', { start: startWith({}) }, { stack: 'node', skip: { 'expired-intermediate': 'waits for ORD-219' } });
describeServerUnderTest('legacy gateway', { start: forgetsExpiry }, { versions: ['TLSv1.2'] });
describeClientUnderTest('payments client', get, { stack: 'node' });

function startWith(options: https.ServerOptions): StartServer {
  return ({ identity, trust, crl }) =>
    https.createServer(
      { key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true, ...(crl && { crl }), ...options },
      (_request, response) => response.end(),
    );
}

/** Leaves verification to itself, and takes an expired certificate for a valid one. */
function forgetsExpiry(configuration: Parameters<StartServer>[0]): https.Server {
  const server = startWith({ rejectUnauthorized: false })(configuration) as https.Server; // see above
  return server.prependListener('secureConnection', (socket: tls.TLSSocket) => {
    // An Error, whose code Node gives as the text.
    if (!socket.authorized && String(socket.authorizationError) !== 'CERT_HAS_EXPIRED') socket.destroy();
  });
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
