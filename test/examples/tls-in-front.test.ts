// #region suite
import { X509Certificate } from 'node:crypto';
import express, { type Express } from 'express';
import { describeForwardedUnderTest } from 'mtls-fixtures/vitest';

/** Behind nginx, which verifies clients: it sends `$ssl_client_verify` and `$ssl_client_escaped_cert`. Authorizes the client `alice`. */
function createApplication(): Express {
  const app = express();
  app.use((request, response, next) => {
    const { 'x-ssl-client-verify': verify = [], 'x-ssl-cert': escaped = [] } = request.headersDistinct;
    if (verify.length > 1 || escaped.length > 1) response.sendStatus(400); // one of them is not of the proxy
    else if (verify[0] !== 'SUCCESS' || escaped[0] === undefined) response.sendStatus(401);
    else response.locals['name'] = commonNameIn(escaped[0]);
    if (!response.headersSent) next();
  });
  app.get('/', (_request, response) => {
    response.status(response.locals['name'] === 'alice' ? 200 : 403).end();
  });
  app.use(((_error, _request, response, _next) => response.sendStatus(400)) as express.ErrorRequestHandler); // a certificate that cannot be read
  return app;
}

/** Of the one certificate that nginx sends, percent-encoded once; the whole subject, not a part of its text. */
function commonNameIn(escaped: string): string | undefined {
  const pem = /^-----BEGIN CERTIFICATE-----\n(?:[\w+/=]{1,64}\n)+-----END CERTIFICATE-----\n$/u.exec(decodeURIComponent(escaped));
  if (!pem) throw new TypeError('it is not one certificate');
  const { raw, subject } = new X509Certificate(pem[0]);
  if (raw.toString('base64') !== pem[0].split('\n').slice(1, -2).join('')) throw new TypeError('more than a certificate');
  return /^CN=([^\n]*)$/u.exec(subject)?.[1];
}

describeForwardedUnderTest('the application', { start: createApplication, format: 'nginx', authorizes: { commonName: 'alice' } });
// #endregion

// #region through
import { startGateway } from 'mtls-fixtures/forwarded';

describeForwardedUnderTest('the application behind its proxy', {
  start: ({ pki, format }) => startGateway({ pki, upstream: createApplication(), format }), // yours: { host, port } of the real proxy
  format: 'nginx',
  authorizes: { commonName: 'alice' },
  through: 'proxy',
});
// #endregion
