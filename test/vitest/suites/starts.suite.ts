import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe } from 'vitest';
import { createPki } from '../../../src/index.ts';
import type { StartServer } from '../../../src/scenarios/run/target.ts';
import { describeClientUnderTest, describeServerUnderTest } from '../../../src/vitest/index.ts';

const pki = createPki();
const only = ['expired-leaf', 'crl-revoked-leaf', 'crl-revoked-intermediate', 'expired-root'];
const start = ({ identity, trust, crl }: Parameters<StartServer>[0], port = 0): https.Server =>
  https.createServer({ ...identity.serverTls, ca: trust, crl }, (_request, response) => response.end()).listen(port, '127.0.0.1');

describeServerUnderTest('throws', { start: () => Promise.reject(new Error('no database')) }, { pki, only });
describeServerUnderTest('returns nothing', { start: (() => undefined) as never }, { pki, only }); // as JavaScript may
describeServerUnderTest('returns a server without TLS', { start: (() => http.createServer()) as never }, { pki, only }); // the same
describeServerUnderTest('listens on nothing', { start: () => ({ host: '127.0.0.1', port: 1 }) }, { pki, only });
describeServerUnderTest('never starts', { start: () => new Promise(() => {}) }, { pki, only, timeout: 700 });

/** The port of the first server, which goes on listening beside those of the scenarios that need a configuration of their own. */
let fixed = 0;
let isFirstLook = true;
describeServerUnderTest(
  'listens on one port',
  {
    start: (configuration) => {
      const server = start(configuration, isFirstLook ? 0 : fixed);
      isFirstLook = false;
      server.on('listening', () => (fixed = (server.address() as AddressInfo).port)); // it listens on TCP
      return server;
    },
  },
  { pki, only, versions: ['TLSv1.3'] },
);

describe('a peer', () => {
  describeClientUnderTest('that does not start', () => Promise.resolve(), {
    only: ['expired-leaf', 'wrong-host'],
    startPeer: () => Promise.reject(new Error('no peer')),
  });
});
