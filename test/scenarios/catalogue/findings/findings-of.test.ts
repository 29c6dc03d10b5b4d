import { expect, test } from 'vitest';
import { clientScenarios, serverScenarios } from '../../../../src/scenarios/catalogue/catalogue.ts';
import { findingsOf } from '../../../../src/scenarios/catalogue/findings/findings-of.ts';
import { protocolScenarios } from '../../../../src/scenarios/catalogue/protocol-catalogue.ts';
import type { ExpectedOutcome } from '../../../../src/scenarios/catalogue/scenario.ts';

const scenarios = [...clientScenarios, ...serverScenarios, ...protocolScenarios];
const order = ['informational', 'low', 'medium', 'high', 'critical'];
const rejected = { verdict: 'rejected', by: 'server' } as const;
const accepted = { verdict: 'accepted' } as const;

// The rule of `Severity`: a credential of a trusted CA is presupposed by these groups.
test.for([
  ['trust', 'critical'],
  ['time', 'high'],
  ['names', 'high'],
  ['usage', 'critical'],
  ['crypto', 'critical'],
  ['revocation', 'high'],
  ['encoding', 'high'],
  ['protocol', 'critical'],
] as const)('the worst of the group %s is %s', ([group, worst]) => {
  const severities = scenarios.filter((scenario) => scenario.group === group).map(({ severity }) => order.indexOf(severity));

  expect(order[Math.max(...severities)]).toBe(worst);
});

// Critical: what proves the identity is missing, of an untrusted issuer, or not verified.
test('what is critical is a missing authentication, an untrusted issuer, or a proof that is not verified', () => {
  const critical = scenarios.filter(({ severity }) => severity === 'critical');
  const proofs = new Set(['CWE-296', 'CWE-306', 'CWE-347', 'CWE-354']);

  expect(critical.length).toBeGreaterThan(20);
  expect(critical.filter(({ cwes }) => !cwes.some((cwe) => proofs.has(cwe))).map(({ id }) => id)).toEqual([]);
});

test.for<readonly [string, string]>([
  ['unknown-ca', 'critical'],
  ['self-signed-leaf', 'critical'],
  ['corrupted-signature', 'critical'],
  ['no-client-certificate', 'critical'],
  ['expired-leaf', 'high'],
  ['crl-revoked-leaf', 'high'],
  ['wrong-host', 'high'],
  ['identity-wrong-cn', 'high'],
  ['server-plaintext', 'high'],
  ['leaf-rsa1024', 'medium'],
  ['no-shared-cipher', 'medium'],
  ['connect-and-close', 'low'],
  ['valid', 'informational'],
  ['leaf-as-anchor', 'informational'],
])('%s is %s', ([id, severity]) => {
  const found = scenarios.filter((scenario) => scenario.id === id);

  expect(found.length).toBeGreaterThan(0);
  expect([...new Set(found.map((scenario) => scenario.severity))]).toEqual([severity]);
});

test.for<readonly ['core' | 'control' | 'varies', 'client' | 'protocol', ExpectedOutcome, object]>([
  ['core', 'client', rejected, { severity: 'low', cwes: ['CWE-295'] }],
  ['core', 'protocol', rejected, { severity: 'low', cwes: ['CWE-358'] }],
  ['control', 'client', accepted, { severity: 'informational', cwes: ['CWE-440'] }],
  ['varies', 'client', rejected, { severity: 'informational', cwes: ['CWE-440'] }],
])('a row of the tier %s by a %s that is to be %o and says no more is %o', ([tier, role, outcome, findings]) => {
  const row = { id: 'valid', role, tier, group: 'trust', expected: { 'TLSv1.3': outcome, 'TLSv1.2': outcome } } as const;

  expect(findingsOf(row)).toMatchObject(findings);
  expect(findingsOf({ ...row, severity: 'high', cwes: ['CWE-298'] })).toMatchObject({ severity: 'high', cwes: ['CWE-298'] });
});
