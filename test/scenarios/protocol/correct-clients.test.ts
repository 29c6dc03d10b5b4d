import { describe, expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import type { ClientCall } from '../../../src/scenarios/index.ts';
import { runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import { byFetch, byHttps, byTls } from './clients.ts';
import { forClients, onClient, withVersions } from './scenario.ts';
import { serverFlightFaults } from '../../../src/faults/flights/server/server-flight-fault.ts';

const pki = createPki({ name: 'correct clients' });
const clients = { 'node:https': byHttps, "undici's fetch": byFetch, 'node:tls': byTls } as const;
/** What Node.js is known to let pass: neither a pass nor a failure. */
const lenient: Readonly<Record<string, (version: string, client: string) => boolean>> = {
  'server-closes-without-close-notify': (_version, client) => client !== 'node:tls',
  'certificate-sent-to-untrusted-server': (version) => version === 'TLSv1.2',
};
/** A server that falls silent is left by the client's own time-out; the valid server before it has all the time that it needs. */
const silent: ReadonlySet<string> = new Set(['server-stalls', 'server-half-hello', 'server-hello-then-silence']);
/** They are looked at in test/faults/flights and test/mutants. */
const flights: ReadonlySet<string> = new Set(serverFlightFaults.map((flight) => `server-${flight}`));
const others = withVersions(forClients).filter(({ id }) => !flights.has(id));

describe.for(Object.keys(clients) as (keyof typeof clients)[])('a correct client of %s', (name) => {
  test.concurrent.for(others)('does what $id expects over $version', async ({ id, version, scenario }) => {
    const patient = clients[name]();
    const impatient = clients[name]({ timeout: 300 });
    let isFirst = true;
    const target: ClientCall = (peer) => {
      const client = isFirst || !silent.has(id) ? patient : impatient;
      isFirst = false;
      return client(peer);
    };

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
