import https from 'node:https';
import { createPki, startHttpsServer } from '../../../src/index.ts';
import type { ClientCall, StartServer } from '../../../src/scenarios/run/target.ts';
import { describeClientUnderTest, describeServerUnderTest } from '../../../src/vitest/index.ts';

const onServers = ['no-client-certificate', 'garbage-first-flight', 'tls12-only-client', 'resumption-after-revocation'];
const onClients = ['server-garbage', 'wrong-finished-client', 'server-stalls'];
const pki = createPki();

describeServerUnderTest('correct server', { start: startWith({}) }, { only: onServers });
describeServerUnderTest('asks for nothing', { start: startWith({ requestCert: false }) }, { only: onServers, versions: ['TLSv1.3'] });
describeServerUnderTest(
  'running server',
  { target: () => startHttpsServer((_request, response) => response.end(), { identity: pki.server() }) },
  { pki, only: onServers, versions: ['TLSv1.2', 'TLSv1.3'] },
);
describeServerUnderTest(
  'attempt',
  {
    attempt: (tls) =>
      tls.cert === undefined ? Promise.reject(new Error('tlsv13 alert certificate required:SSL alert number 116')) : Promise.resolve(),
  },
  { pki, only: ['no-client-certificate'] },
);
describeClientUnderTest('correct client', get(), { only: onClients, skip: { 'server-stalls': 'waits forever, see #7' } });
describeClientUnderTest('swallows', (peer) => get()(peer).catch(() => undefined), {
  only: onClients,
  versions: ['TLSv1.2'],
  timeout: 1500,
});

function startWith(options: https.ServerOptions): StartServer {
  return ({ identity, trust, crl }) =>
    https.createServer(
      { key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true, ...(crl && { crl }), ...options },
      (_request, response) => response.end(),
    );
}

function get(): ClientCall {
  return ({ url, tls }) =>
    new Promise((resolve, reject) => {
      https
        .get(url, { agent: false, ...tls }, (response) => {
          response.resume();
          response.on('end', resolve);
        })
        .on('error', reject);
    });
}
