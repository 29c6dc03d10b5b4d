import { expect } from 'vitest';
import { createPki, type Pki } from '../../../src/index.ts';
import { type CredentialDefinition, scenariosOf } from '../../../src/scenarios/catalogue/credential-definition.ts';
import type { CredentialScenario, ExpectedOutcome, TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import { presentCredential } from '../present-credential.ts';

const versions = ['TLSv1.3', 'TLSv1.2'] as const;

const pki = createPki({ name: 'catalogue' });

interface CredentialCase {
  readonly scenario: CredentialScenario;
  readonly version: TlsVersion;
  readonly id: string;
  readonly role: 'client' | 'server';
}

/** Each credential of a table, for both roles. */
export function scenariosIn(definitions: readonly CredentialDefinition[]): CredentialScenario[] {
  return [...scenariosOf('client', definitions), ...scenariosOf('server', definitions)];
}

/** Each credential of a table, for both roles and both versions of TLS. */
export function casesIn(definitions: readonly CredentialDefinition[]): CredentialCase[] {
  return scenariosIn(definitions).flatMap((scenario) =>
    versions.map((version) => ({ scenario, version, id: scenario.id, role: scenario.role })),
  );
}

/** Asserts that Node.js answers a credential as the data say. */
export async function checkOutcome({ scenario, version }: CredentialCase): Promise<void> {
  const { role } = scenario;
  const expected = outcomeOfNode(scenario, version);

  const handshake = await presentCredential(scenario.arrange(pki), { role, pki, version });

  expect(summary(handshake, expected), handshake.explain()).toEqual(shown(expected));
}

/** Asserts that Node.js accepts the same credential without its one fault. */
export async function checkControl({ scenario, version }: CredentialCase): Promise<void> {
  const handshake = await presentCredential(scenario.control(pki), { role: scenario.role, pki, version });

  expect(handshake.verdict, handshake.explain()).toBe('accepted');
}

/** Asserts that a credential is new each time, and can be made under a PKI of another key and depth. */
export function checkMinting(scenario: CredentialScenario): void {
  const other: Pki = createPki({ name: 'other', keyAlgorithm: 'ec-p384', intermediates: 0 });

  const [first, second] = [scenario.arrange(pki), scenario.arrange(pki)];
  const elsewhere = scenario.arrange(other);

  expect(second.identity.keyPem === first.identity.keyPem && second.identity.chainPem === first.identity.chainPem).toBe(false);
  expect(elsewhere.identity.chainPem).not.toBe('');
}

/** What this Node.js is to answer: what every stack should, unless the data say that it differs. */
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
