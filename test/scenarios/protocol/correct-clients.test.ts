import { describe, expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import { byFetch, byHttps, byTls } from './clients.ts';
import { forClients, onClient, withVersions } from './scenario.ts';

const pki = createPki({ name: 'correct clients' });
const clients = { 'node:https': byHttps, "undici's fetch": byFetch, 'node:tls': byTls } as const;
/** What Node.js is known to let pass: neither a pass nor a failure. */
const lenient: Readonly<Record<string, (version: string, client: string) => boolean>> = {
  'server-closes-without-close-notify': (_version, client) => client !== 'node:tls',
  'certificate-sent-to-untrusted-server': (version) => version === 'TLSv1.2',
};
/** A server that falls silent is left by the client's own time-out. */
const silent: ReadonlySet<string> = new Set(['server-stalls', 'server-half-hello', 'server-hello-then-silence']);
describe.for(Object.keys(clients) as (keyof typeof clients)[])('a correct client of %s', (name) => {
  test.concurrent.for(withVersions(forClients))('does what $id expects over $version', async ({ id, version, scenario }) => {
    const target = clients[name](silent.has(id) ? { timeout: 300 } : {});

    const result = await runScenario(scenario, { pki, target, version, stack: 'node' });

    const isKnown = lenient[id]?.(version, name) === true;
    expect(result, result.message).toMatchObject({ id, status: isKnown ? 'not-judged' : 'as-expected' });
    expect(result.message.includes('node is known to answer otherwise')).toBe(isKnown);
    expect(result.message).toContain(`${id} (${version}): `);
  });

  test('may see the end of a response in the end of the stream, unless it wants a length', async () => {
    const result = await runScenario(onClient('server-closes-without-close-notify'), { pki, target: clients[name]() });

    expect(result.status).toBe(name === 'node:tls' ? 'as-expected' : 'unexpected');
  });
});
