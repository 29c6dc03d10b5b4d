import { constants } from 'node:crypto';
import https from 'node:https';
import { createPki, startHttpsServer } from 'mtls-fixtures';
import { protocolScenarios, runScenario } from 'mtls-fixtures/scenarios';
import { describeServerUnderTest, expect, test } from 'mtls-fixtures/vitest';

// #region suite
const customers = createPki({ name: 'customers' });
const admins = createPki({ name: 'admins' });

describeServerUnderTest(
  'a service with a host for administrators',
  {
    start: ({ identity, trust, crl, hosts = {} }) => {
      const secureOptions = constants.SSL_OP_NO_TICKET; // or a session of one host is resumed at the other
      const server = https.createServer({ ...identity.serverTls, ca: trust, crl, secureOptions }, (request, response) => {
        response.end(`hello from ${request.headers.host}`);
      });
      for (const [name, host] of Object.entries(hosts)) server.addContext(name, { ...host.identity.tls, ca: host.trust, crl: host.crl });
      return server.on('secureConnection', (socket) => socket.disableRenegotiation()); // or a client of one host goes over to the other
    },
  },
  { pki: customers, hosts: { 'admin.test': { pki: admins } } },
);
// #endregion

test('one scenario at one host', async () => {
  await using server = await startHttpsServer((_request, response) => response.end('hello'), {
    pki: customers,
    hosts: { 'admin.test': { pki: admins } },
  });

  // #region scenario
  for (const scenario of protocolScenarios.filter((each) => each.underTest === 'server' && each.needsOtherHost)) {
    const hosts = { 'admin.test': { pki: admins } };
    const [version = 'TLSv1.3'] = scenario.versions;
    const result = await runScenario(scenario, { pki: customers, target: server, hosts, host: 'admin.test', version });
    if (scenario.tier === 'core') expect(result.status, result.message).toBe('as-expected');
  }
  // #endregion
});
