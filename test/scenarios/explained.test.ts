import { describe, expect, test } from 'vitest';
import { clientScenarios, createPki, runScenario, type ScenarioResult, serverScenarios, startTlsServer } from '../../src/index.ts';
import { attemptHandshake } from '../../src/index.ts';
import type { ServerConfiguration } from '../../src/scenarios/target.ts';

const pki = createPki({ name: 'shop' });
const start = ({ identity, trust, crl }: ServerConfiguration): ReturnType<typeof startTlsServer> =>
  startTlsServer({ identity, trust, ...(crl && { crl }) });

/** A ladder's lines, without those that stand for what was left out. */
function ladderOf(text: string): string[] {
  return text.split('\n').filter((line) => /^[ >] +<time> {2}/u.test(line));
}

/** What every explanation of a scenario has. Returns it, masked. */
function requireStory({ handshake, id }: ScenarioResult): string {
  if (!handshake) throw new Error(`${id} was not observed`);
  const text = handshake.explain({ masked: true });
  const lines = text.split('\n');
  expect(lines.length, text).toBeLessThanOrEqual(25);
  expect(lines[0]).toMatch(/^Handshake (?:accepted|rejected by the (?:client|server): )/u);
  expect(ladderOf(text).filter((line) => line.startsWith('>'), text)).toHaveLength(1);
  expect(text).toMatch(/^ {2}client API {2}/mu);
  expect(text).toMatch(/^ {2}server API {2}/mu);
  expect(text).not.toMatch(/undefined|\[object|\d{4}-\d\d-\d\dT|mtls-fixtures [\da-f]{6}\b/u);
  if (handshake.verdict === 'rejected') {
    expect(text, text).toMatch(/^ {2}next {8}\S/mu);
    expect(text).toContain(handshake.reason ?? handshake.alert?.name ?? 'leaves without an alert');
  }
  return text;
}

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (version) => {
  const only = { minVersion: version, maxVersion: version };

  test.for(clientScenarios.filter(({ tier }) => tier !== 'app'))(
    'the story of a client with $id fits a page and names the reason',
    async (scenario) => {
      const result = await runScenario(scenario, { pki, target: { start }, version, stack: 'node', controlled: true });
      if (result.unsuitable === true) return; // what Node cannot be brought to present

      const text = requireStory(result);

      if (scenario.tier === 'core' && version === 'TLSv1.3')
        await expect(text).toMatchFileSnapshot(`../../fixtures/explained/client/${scenario.id}.txt`);
    },
  );

  test.for(serverScenarios.filter(({ tier }) => tier !== 'app'))(
    'the story of a server with $id fits a page and names the reason',
    async (scenario) => {
      const { identity, certificateMessage, ciphers, host, trust, crl } = scenario.arrange(pki);
      await using server = await startTlsServer({
        identity,
        trust: pki,
        ...only,
        ...(certificateMessage && { certificateMessage }),
        ...(ciphers !== undefined && { ciphers }),
      });
      const handshake = await attemptHandshake(server, {
        identity: pki.client(),
        trust,
        servername: host,
        ...only,
        ...(crl && { crl }),
        ...(ciphers !== undefined && { ciphers }),
      });

      const text = requireStory({ id: scenario.id, status: 'as-expected', expected: scenario.expected[version], handshake, message: '' });

      if (scenario.tier === 'core' && version === 'TLSv1.3')
        await expect(text).toMatchFileSnapshot(`../../fixtures/explained/server/${scenario.id}.txt`);
    },
  );
});
