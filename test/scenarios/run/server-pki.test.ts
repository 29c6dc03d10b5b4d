import type { IncomingMessage, RequestListener } from 'node:http';
import https from 'node:https';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createPki, startHttpsServer, startTlsServer } from '../../../src/index.ts';
import { clientScenarios } from '../../../src/scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../../src/scenarios/catalogue/protocol-catalogue.ts';
import { type AnyScenario, type RunOptions, runScenarioAgainst } from '../../../src/scenarios/run/run-scenario.ts';
import type { AttemptFunction, ServerTarget } from '../../../src/scenarios/run/target.ts';

const clients = createPki({ name: 'clients' });
const web = createPki({ name: 'web' });
const answer: RequestListener = (_request, response) => response.end('ok');

const start: ServerTarget = {
  start: ({ identity, trust, crl }) => https.createServer({ ...identity.serverTls, ca: trust, crl }, answer),
};
const attemptAt =
  (port: number): AttemptFunction =>
  async (tls) => {
    const request = https.get({ host: 'localhost', port, agent: false, ...tls });
    const [response] = (await once(request, 'response')) as [IncomingMessage]; // its only argument
    response.resume();
  };

/** Bad credentials, one that needs a CRL, faults, sessions, and requests: each of them verifies the server too. */
const ids: ReadonlySet<string> = new Set([
  'expired-leaf',
  'crl-revoked-leaf',
  'no-client-certificate',
  'sni-unknown',
  'resumption-after-anchor-rotation',
  'resumption-across-trust-contexts',
  'wrong-finished',
  'empty-certificate-list-then-data',
]);
const scenarios: readonly AnyScenario[] = [...clientScenarios, ...protocolScenarios].filter(({ id }) => ids.has(id));

describe('clients of one CA, a server certificate of another', () => {
  test.for(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s is judged where the server is started',
    async ([, scenario]) => {
      const known = await runScenarioAgainst(scenario, { pki: clients, serverPki: web, target: start });

      expect(known).toMatchObject({ status: 'as-expected' });
    },
  );

  test.for(['expired-leaf', 'no-client-certificate'])('%s is judged where the server runs already, by its anchors', async (id) => {
    await using server = await startHttpsServer(answer, { identity: web.server(), trust: clients.anchors });
    const { host, port } = server;
    const serverPki = { anchors: web.anchors };
    const run = (options: Omit<RunOptions<ServerTarget>, 'pki'>): ReturnType<typeof runScenarioAgainst> =>
      runScenarioAgainst(scenarioOf(id), { pki: clients, ...options });

    const results = await Promise.all([
      run({ target: server, serverPki }),
      run({ target: { host, port }, serverPki }),
      run({ target: attemptAt(port), serverPki, stack: 'node' }),
    ]);
    const unknown = await Promise.all([run({ target: { host, port } }), run({ target: attemptAt(port) })]);

    expect(results.map(({ status }) => status)).toEqual(['as-expected', 'as-expected', 'as-expected']);
    expect(unknown.map(({ status }) => status)).toEqual(['not-judged', 'not-judged']);
  });

  test.for<readonly [string, unknown, ServerTarget]>([
    ['null', null, { host: '127.0.0.1', port: 1 }],
    ['anchors that are not PEM', { anchors: 'web' }, { host: '127.0.0.1', port: 1 }],
    ['anchors alone for a server that is started', { anchors: web.anchors }, start],
  ])('%s is not a PKI of a server', async ([, serverPki, target]) => {
    await using control = await startTlsServer({ identity: web.server(), trust: clients.anchors });

    const judged = await runScenarioAgainst(scenarioOf('expired-leaf'), { pki: clients, serverPki: web, target: control });
    const refused = runScenarioAgainst(scenarioOf('expired-leaf'), { pki: clients, serverPki: serverPki as never, target }); // the compiler would refuse it

    expect(judged).toMatchObject({ status: 'as-expected' });
    await expect(refused).rejects.toMatchObject({ code: 'OPTION_INVALID', facts: { option: 'serverPki' } });
  });
});

function scenarioOf(id: string): AnyScenario {
  const scenario = scenarios.find((each) => each.id === id);
  if (!scenario) throw new Error(`no scenario ${id}`);
  return scenario;
}
