import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { afterAll, beforeAll } from 'vitest';
import { createPki, type ObservedServer, startHttpsServer } from '../../../src/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';

const usual = createPki({ name: 'usual' });
const admins = createPki({ name: 'admins' });
const hosts = { 'admin.test': { pki: admins } };
const few = [
  'expired-leaf',
  'crl-revoked-leaf',
  'sni-unknown-without-certificate',
  'host-ca-of-another-host',
  'sni-uppercase',
  'resumption-across-sni',
] as const;

describeServerUnderTest(
  'started',
  { start: (configuration) => startHttpsServer((_request, response) => response.end('ok'), configuration) },
  { pki: usual, hosts, only: few },
);

let server: ObservedServer;
beforeAll(async () => {
  server = await startHttpsServer((_request, response) => response.end('ok'), { pki: usual, hosts });
});
afterAll(() => server.close());

describeServerUnderTest('running', { target: () => server }, { pki: usual, hosts, only: few, versions: ['TLSv1.3'] });
describeServerUnderTest(
  'used',
  {
    attempt: async (material) => {
      const request = https.get({ ...material, host: '127.0.0.1', port: server.port, agent: false });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.resume();
    },
  },
  { pki: usual, hosts, stack: 'node', only: ['expired-leaf', 'host-ca-of-another-host', 'no-client-certificate'], versions: ['TLSv1.3'] },
);

// The suite is told so by host-ca-of-another-host: CVE-2026-123867, which Node 22.23, 24.21 and 26.10 have.
describeServerUnderTest(
  'addContext without key and certificate',
  {
    start: ({ identity, trust, hosts: named = {} }) => {
      const own = tls.createServer({ ...identity.serverTls, ca: trust });
      for (const [name, host] of Object.entries(named)) own.addContext(name, { ca: host.trust });
      return own;
    },
  },
  { pki: usual, hosts, only: ['expired-leaf', 'host-ca-of-another-host'] },
);
