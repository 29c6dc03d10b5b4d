// #region service
import https from 'node:https';
import { describeServerUnderTest } from 'mtls-fixtures/vitest';

/** Your service, as it is started in production: with a key, a certificate, and the anchors of the clients that it accepts. */
function createService(options: https.ServerOptions): https.Server {
  return https.createServer({ ...options, requestCert: true, rejectUnauthorized: true }, (request, response) => {
    response.end(`hello ${request.socket.remoteAddress}`);
  });
}

describeServerUnderTest('the service', {
  start: ({ identity, trust, crl }) => createService({ ...identity.tls, ca: trust, crl }),
});
// #endregion
