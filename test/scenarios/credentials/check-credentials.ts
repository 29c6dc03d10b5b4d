import { expect, test } from 'vitest';
import { createPki, type Pki } from '../../../src/index.ts';
import { type CredentialDefinition, scenariosOf } from '../../../src/scenarios/catalogue/credential-definition.ts';
import type { CredentialScenario, ExpectedOutcome, TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import { presentCredential } from '../present-credential.ts';

const versions = ['TLSv1.3', 'TLSv1.2'] as const;

/** Tests, for each credential of a table, role and version of TLS: Node.js answers as the data say, and accepts the same credential without its one fault. */
export function checkCredentials(definitions: readonly CredentialDefinition[]): void {
  const pki = createPki({ name: 'catalogue' });
  const scenarios = [...scenariosOf('client', definitions), ...scenariosOf('server', definitions)];
  const cases = scenarios.flatMap((scenario) => versions.map((version) => ({ scenario, version, id: scenario.id, role: scenario.role })));

  test.for(cases)('$role $id ($version) comes to what the data say', async ({ scenario, version }) => {
    const { role } = scenario;
    const expected = outcomeOfNode(scenario, version);

    const handshake = await presentCredential(scenario.arrange(pki), { role, pki, version });

    expect(summary(handshake, expected), handshake.explain()).toEqual(shown(expected));
  });

  test.for(cases)('$role $id ($version) is accepted without its one fault', async ({ scenario, version }) => {
    const handshake = await presentCredential(scenario.control(pki), { role: scenario.role, pki, version });

    expect(handshake.verdict, handshake.explain()).toBe('accepted');
  });

  test.for(scenarios)('$role $id mints anew each time, also under a PKI of another key and depth', (scenario) => {
    const other: Pki = createPki({ name: 'other', keyAlgorithm: 'ec-p384', intermediates: 0 });

    const [first, second] = [scenario.arrange(pki), scenario.arrange(pki)];
    const elsewhere = scenario.arrange(other);

    expect(second.identity.keyPem === first.identity.keyPem && second.identity.chainPem === first.identity.chainPem).toBe(false);
    expect(elsewhere.identity.chainPem).not.toBe('');
  });
}

/** What this Node.js is to answer: what everybody should, unless the data say that it differs. */
function outcomeOfNode(scenario: CredentialScenario, version: TlsVersion): ExpectedOutcome {
  const names = process.versions.node.startsWith('22.') ? ['node-22', 'node'] : ['node'];
  const differs = scenario.divergences.find((each) => names.includes(each.stack) && (each.version ?? version) === version);
  if (!differs) return scenario.expected[version];
  if (differs.verdict === 'accepted') return { verdict: 'accepted' };
  return {
    verdict: 'rejected',
    by: scenario.role === 'client' ? 'server' : 'client',
    ...(differs.reason !== undefined && { reason: differs.reason }),
  };
}

/** Without the alerts of other stacks. */
function shown(expected: ExpectedOutcome): object {
  if (expected.verdict === 'accepted') return expected;
  return Object.fromEntries(Object.entries(expected).filter(([name]) => name !== 'alerts'));
}

/** The same parts of a handshake as are expected of it. A client of Node.js sends no alert of its own when verification fails. */
function summary(
  {
    verdict,
    rejectedBy,
    reason,
    alert,
  }: { readonly verdict: string; readonly rejectedBy?: string; readonly reason?: string; readonly alert?: { readonly name: string } },
  expected: ExpectedOutcome,
): object {
  if (verdict === 'accepted') return { verdict };
  return {
    verdict,
    by: rejectedBy,
    ...(expected.verdict === 'rejected' && expected.reason !== undefined && { reason }),
    ...(expected.verdict === 'rejected' &&
      expected.alert !== undefined && { alert: rejectedBy === 'client' && !alert ? expected.alert : alert?.name }),
  };
}
