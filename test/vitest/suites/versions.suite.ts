import https from 'node:https';
import { createPki, type ObservedServer, startHttpsServer } from '../../../src/index.ts';
import type { AttemptFunction, ClientCall, StartServer } from '../../../src/scenarios/run/target.ts';
import { describeClientUnderTest, describeServerUnderTest } from '../../../src/vitest/index.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// Ends that lack a version of TLS, beside some that have both and some that refuse every peer.
const only = ['expired-leaf', 'expired-intermediate', 'validity-generalizedtime-2050'];
const pki = createPki();

describeServerUnderTest('started', { start: startWith({ minVersion: 'TLSv1.3' }) }, { only });
describeServerUnderTest('started, old', { start: startWith({ maxVersion: 'TLSv1.2' }) }, { only: [...only, 'garbage-first-flight'] });
describeServerUnderTest(
  'started, asked for both',
  { start: startWith({ minVersion: 'TLSv1.3' }) },
  { only, versions: ['TLSv1.3', 'TLSv1.2'] },
);
describeServerUnderTest('started, asked for one', { start: startWith({ minVersion: 'TLSv1.3' }) }, { only, versions: ['TLSv1.2'] });
describeServerUnderTest('complete', { start: startWith({}) }, { only });
describeServerUnderTest('refuses every client', { start: startWith({ minVersion: 'TLSv1.3', ca: createPki().anchors }) }, { only });
describeServerUnderTest(
  'has no cipher suite of TLS 1.2',
  { start: startWith({ ciphers: 'TLS_AES_128_GCM_SHA256:PSK-AES128-GCM-SHA256' }) },
  { only },
);
describeServerUnderTest(
  'has one rare cipher suite of TLS 1.2',
  { start: startWith({ ciphers: 'TLS_AES_128_GCM_SHA256:AECDH-AES128-SHA:@SECLEVEL=0' }) },
  { only },
);

const running = await startHttpsServer((_request, response) => response.end('ok'), { identity: pki.server(), minVersion: 'TLSv1.3' });
afterAll(() => running.close());
describeServerUnderTest('observed', { target: running }, { pki, only });
describeServerUnderTest('endpoint', { target: { host: '127.0.0.1', port: running.port, servername: 'localhost' } }, { pki, only });

let later: ObservedServer | undefined;
beforeAll(async () => {
  later = await startHttpsServer((_request, response) => response.end('ok'), { identity: pki.server(), minVersion: 'TLSv1.3' });
});
afterAll(() => later?.close());
describeServerUnderTest(
  'found later',
  { target: () => ({ host: '127.0.0.1', port: later?.port ?? 0, servername: 'localhost' }) },
  { pki, only },
);
describeServerUnderTest('attempt', { attempt: getWith(() => later?.port ?? 0) }, { pki, only });

describeClientUnderTest('client', call({ minVersion: 'TLSv1.3' }), { only, stack: 'node' });
describeClientUnderTest('client, old', call({ maxVersion: 'TLSv1.2' }), { only, stack: 'node' });
describeClientUnderTest('client, asked for both', call({ minVersion: 'TLSv1.3' }), {
  only,
  stack: 'node',
  versions: ['TLSv1.3', 'TLSv1.2'],
});

const otherNames = ['wrong-host-subdomain', 'wildcard-valid', 'san-leading-dot'];
let isReady = false;
beforeAll(() => {
  isReady = true;
});
const byUrlAlone: ClientCall = ({ url, tls: { servername: _servername, ...material } }) => get({ ...urlOf(url), ...material });
const named = { only: ['expired-leaf', ...otherNames], stack: 'node', versions: ['TLSv1.3'] } as const;

describeClientUnderTest('client by its URL alone', byUrlAlone, named);
describeClientUnderTest(
  'client by its URL alone, ready later',
  (peer) => (isReady ? byUrlAlone(peer) : Promise.reject(new TypeError('not ready'))),
  named,
);
describeClientUnderTest('client by any name', call({}), named);
describeClientUnderTest('client of other anchors', call({ ca: createPki().anchors }), named);

let isStarted = false;
const startMarked: StartServer = () => {
  isStarted = true;
  throw new Error('not to be started');
};
const isWanted = false;
describe.runIf(isWanted)('switched off', () => {
  describeServerUnderTest('server', { start: startMarked }, { only });
});
test('a suite that is switched off starts nothing', () => {
  expect(isStarted).toBe(false);
});

function startWith(options: https.ServerOptions): StartServer {
  return ({ identity, trust }) =>
    https.createServer(
      { key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true, rejectUnauthorized: true, ...options },
      (_request, response) => response.end(),
    );
}

function getWith(port: () => number): AttemptFunction {
  return (material) => get({ host: '127.0.0.1', port: port(), servername: 'localhost', ...material });
}

function call(extra: https.RequestOptions): ClientCall {
  return ({ host, port, tls: material }) => get({ host, port, ...material, ...extra });
}

function get(options: https.RequestOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    https
      .get({ agent: false, ...options }, (response) => {
        response.resume();
        response.on('end', resolve);
      })
      .on('error', reject);
  });
}

function urlOf(url: string): { readonly host: string; readonly port: string } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port };
}
