import { expect, test } from 'vitest';
import { createPki, startHttpsServer } from '../../../src/index.ts';
import { runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import { forServers, withVersions } from './scenario.ts';

const pki = createPki({ name: 'reasons' });
const faults = withVersions(forServers)
  .filter(({ scenario }) => scenario.arrange(pki).kind === 'client-fault')
  // Whether a client accepted that leaves after the handshake shows in what it does then.
  .filter(({ id, scenario }) => scenario.tier !== 'control' && id !== 'half-close');
/** Without an octet of the client there is no handshake to be recorded. */
const silent = 'connect-and-close';

test.for(faults.filter(({ id }) => id !== silent))(
  'Node.js names the reason that $id expects over $version',
  async ({ version, scenario }) => {
    await using server = await startHttpsServer((_request, response) => response.end('ok'), {
      identity: pki.server(),
      handshakeTimeout: 1000,
    });

    const result = await runScenario(scenario, { pki, target: server, version });
    // The control goes before the fault, and once more after it.
    const seen = server.handshakes.find(({ verdict }) => verdict === 'rejected');

    expect(result.status).toBe('as-expected');
    expect(server.handshakes).toHaveLength(3);
    expect({ verdict: seen?.verdict, by: seen?.rejectedBy, reason: seen?.reason, alert: seen?.alert?.name }).toEqual({
      reason: undefined,
      alert: undefined,
      ...scenario.expected[version],
    });
  },
);

test('a client that connects and leaves is served no handshake, and leaves no record', async () => {
  const scenario = faults.find(({ id }) => id === silent)?.scenario;
  await using server = await startHttpsServer((_request, response) => response.end('ok'), { identity: pki.server() });

  const result = scenario && (await runScenario(scenario, { pki, target: server }));

  expect(result?.status).toBe('as-expected');
  expect(server.handshakes.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted']);
});
