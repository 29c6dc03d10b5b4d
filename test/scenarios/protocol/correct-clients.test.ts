import { describe, expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { runScenario } from '../../../src/scenarios/run-scenario.ts';
import { byFetch, byHttps, byTls } from './clients.ts';
import { forClients, onClient, withVersions } from './scenario.ts';

const pki = createPki({ name: 'correct clients' });
const clients = { 'node:https': byHttps, "undici's fetch": byFetch, 'node:tls': byTls } as const;
/** A server that falls silent is left by the client's own time-out. */
const silent: ReadonlySet<string> = new Set(['server-stalls', 'server-half-hello', 'server-hello-then-silence']);
describe.for(Object.keys(clients) as (keyof typeof clients)[])('a correct client of %s', (name) => {
  test.concurrent.for(withVersions(forClients))('does what $id expects over $version', async ({ id, version, scenario }) => {
    const target = clients[name](silent.has(id) ? { timeout: 300 } : {});

    const result = await runScenario(scenario, { pki, target, version, stack: 'node' });

    expect(result).toMatchObject({ id, status: 'as-expected' });
    expect(result.message).toContain(`${id} (${version}): `);
  });

  test('may see the end of a response in the end of the stream, unless it wants a length', async () => {
    const result = await runScenario(onClient('server-closes-without-close-notify'), { pki, target: clients[name]() });

    expect(result.status).toBe(name === 'node:tls' ? 'as-expected' : 'unexpected');
  });
});
