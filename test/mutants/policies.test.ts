import { describe, expect, onTestFinished, test } from 'vitest';
import { createPki } from '../../src/index.ts';
import { clientScenarios, runScenario } from '../../src/scenarios/index.ts';
import { httpsAttempt } from './correct-attempts.ts';
import { chainOf, deciding } from './deciding-servers.ts';
import { sourceOf } from './judge.ts';

const pki = createPki({ name: 'policies' });
const [scenario, validScenario] = ['policy-require-explicit', 'valid'].map((id) => clientScenarios.find((each) => each.id === id));
/** RFC 5280 6.1.5(g): where a policy is required and none is valid, the path is not. Most stacks do not look at policies: the row expects acceptance. */
const demanded = { verdict: 'rejected', by: 'server' } as const;

/** The extensions by their identifiers in DER. */
const policyConstraints = Buffer.from('0603551d24', 'hex');
const certificatePolicies = Buffer.from('0603551d20', 'hex');

// Servers of Node.js 24.21 do not give the chain of their peer.
describe.skipIf(process.versions.node.startsWith('24.'))('a service that has to check policies', () => {
  test.for([
    ['is as demanded where it checks them', true, 'as-expected'],
    ['is caught where its check is turned off, as in CVE-2025-22874', false, 'unexpected'],
  ] as const)('%s', async ([, checks, status]) => {
    const server = deciding({
      server: 'https',
      client: httpsAttempt,
      tls: 'verifies',
      lets: ({ socket }) => !checks || satisfiesPolicies(chainOf(socket).map(({ raw }) => raw)),
    });
    const { source, open, close } = sourceOf(server, pki);
    await open();
    onTestFinished(close);
    const target = 'attempt' in source ? source.attempt : undefined;
    if (!target || !scenario || !validScenario) throw new Error('there is an attempt, and there are the scenarios');

    const result = await runScenario(scenario, { pki, target, expected: demanded });
    const control = await runScenario(validScenario, { pki, target });
    const usual = await runScenario(scenario, { pki, target });

    expect(result, result.message).toMatchObject({ status });
    expect(usual.status).toBe(checks ? 'unexpected' : 'as-expected');
    expect(control.status, control.message).toBe('as-expected');
  });
});

function satisfiesPolicies([leaf, ...issuers]: readonly Buffer[]): boolean {
  return leaf?.includes(certificatePolicies) === true || !issuers.some((issuer) => issuer.includes(policyConstraints));
}
