import { describe, expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { runScenario } from '../../../src/scenarios/run-scenario.ts';
import { byFetch, byHttps, byTls } from './clients.ts';
import { forClients, withVersions } from './scenario.ts';

const pki = createPki({ name: 'correct clients' });
const clients = { 'node:https': byHttps, "undici's fetch": byFetch, 'node:tls': byTls } as const;
/** A server that falls silent is left by the client's own time-out. */
const silent: readonly string[] = ['server-stalls', 'server-half-hello', 'server-hello-then-silence'];
/** What a client of node:tls that speaks HTTP itself notices, and the others do not. */
const noticed: readonly string[] = ['server-closes-without-close-notify'];

describe.for(Object.keys(clients) as (keyof typeof clients)[])('a correct client of %s', (name) => {
  test.concurrent.for(withVersions(forClients))('does what $id expects over $version', async ({ id, version, scenario }) => {
    const target = clients[name](silent.includes(id) ? { timeout: 300 } : {});

    const result = await runScenario(scenario, { pki, target, version, stack: 'node' });

    expect(result).toMatchObject({ id, status: 'as-expected' });
    expect(result.message).toContain(`${id} (${version}): `);
  });

  test.for(noticed)('answers %s in its own way', async (id) => {
    const [{ scenario } = { scenario: undefined }] = withVersions(forClients).filter((each) => each.id === id);

    const result = scenario && (await runScenario(scenario, { pki, target: clients[name]() }));

    expect(result?.status).toBe(name === 'node:tls' ? 'as-expected' : 'unexpected');
  });
});
