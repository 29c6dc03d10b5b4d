import { expect, test } from 'vitest';
import { clientScenarios, serverScenarios } from '../../../../src/scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../../../src/scenarios/catalogue/protocol-catalogue.ts';

const scenarios = [...clientScenarios, ...serverScenarios, ...protocolScenarios];

// Each read off the text of its clause.
test.for<readonly [role: string, id: string, controls: readonly string[]]>([
  ['client', 'unknown-ca', ['ASVS-v5.0.0-12.1.3', 'ASVS-v5.0.0-12.3.4', 'SP800-52r2-3.5.1', 'SP800-52r2-3.5.2']],
  ['server', 'unknown-ca', ['ASVS-v5.0.0-12.3.2', 'ASVS-v5.0.0-12.3.4', 'SP800-52r2-4.5.1']],
  ['client', 'crl-revoked-leaf', ['ASVS-v5.0.0-12.1.4', 'RFC9325-7.5', 'SP800-52r2-3.2.2']],
  ['server', 'crl-revoked-leaf', ['ASVS-v5.0.0-12.1.4', 'RFC9325-7.5', 'SP800-52r2-4.2.2']],
  ['server', 'wrong-host', ['ASVS-v5.0.0-12.3.2', 'RFC9325-7.1', 'SP800-52r2-4.5.1']],
  ['client', 'identity-wrong-cn', ['ASVS-v5.0.0-12.3.5']],
  ['client', 'leaf-rsa1024', ['ASVS-v5.0.0-12.1.3', 'RFC9325-4.5', 'SP800-52r2-3.5.1']],
  [
    'client',
    'key-mismatch',
    ['ASVS-v5.0.0-10.3.5', 'ASVS-v5.0.0-10.4.14', 'ASVS-v5.0.0-12.1.3', 'ASVS-v5.0.0-12.3.5', 'SP800-52r2-3.5', 'SP800-52r2-3.5.1'],
  ],
  ['server', 'key-mismatch', ['ASVS-v5.0.0-12.3.2', 'SP800-52r2-4.5.1']],
  [
    'protocol',
    'no-client-certificate',
    ['ASVS-v5.0.0-10.3.5', 'ASVS-v5.0.0-10.4.14', 'ASVS-v5.0.0-12.1.3', 'ASVS-v5.0.0-12.3.5', 'SP800-52r2-3.5'],
  ],
  ['protocol', 'tls11-only', ['RFC9325-3.1.1', 'SP800-52r2-3.1']],
  ['protocol', 'retry-in-plaintext', ['RFC9325-3.2']],
  ['protocol', 'connect-and-close', []],
])('as %s, %s shows %o', ([role, id, controls]) => {
  expect(scenarios.find((scenario) => scenario.role === role && scenario.id === id)?.controls).toEqual(controls);
});

test('an unusual valid credential shows no control, since a target that accepts every client accepts it too', () => {
  const credentials = [...clientScenarios, ...serverScenarios].filter(({ tier }) => tier === 'control');

  expect(credentials.length).toBeGreaterThan(50);
  expect(credentials.flatMap(({ controls }) => controls)).toEqual([]);
});

test('every critical scenario shows a control', () => {
  expect(scenarios.filter(({ severity, controls }) => severity === 'critical' && controls.length === 0).map(({ id }) => id)).toEqual([]);
});
