import { expect, test } from 'vitest';
import { createPki, startTlsServer } from '../../../src/index.ts';
import { clientScenarios, runScenario } from '../../../src/scenarios/index.ts';
import { expectedOf, requireExpectedOutcome } from '../../../src/scenarios/assess/expected-outcome.ts';
import type { Divergence } from '../../../src/scenarios/catalogue/scenario.ts';

const refused = { verdict: 'rejected', by: 'server' } as const;
const accepted = { verdict: 'accepted' } as const;
const isNode22 = process.versions.node.startsWith('22.');

test.for([
  ['what every stack should do', [], 'go', refused],
  ['what a stack is known to do', ['go'], 'go', accepted],
  ['nothing of another stack', ['go'], 'java', refused],
  ['of Node 22 what Node does', ['node'], 'node-22', accepted],
  ['of Node 22 what it alone does', ['node-22'], 'node-22', accepted],
  ['of Go what one of its versions does', ['go-1.19'], 'go', accepted],
  ['of a version of Go what every version does', ['go'], 'go-1.26', accepted],
  ['of a version of Go nothing of another', ['go-1.19'], 'go-1.26', refused],
  ['of OpenSSL what one of its versions does', ['openssl-3.0'], 'openssl', accepted],
  ['of a version of OpenSSL what every version does', ['openssl'], 'openssl-3.5', accepted],
  ['of a version of OpenSSL nothing of another', ['openssl-3.0'], 'openssl-3.5', refused],
  ['of GnuTLS what one of its versions does', ['gnutls-3.7'], 'gnutls', accepted],
  ['of a version of GnuTLS what every version does', ['gnutls'], 'gnutls-3.8', accepted],
  ['of a version of GnuTLS nothing of another', ['gnutls-3.7'], 'gnutls-3.8', refused],
  ['of PHP nothing of OpenSSL', ['openssl'], 'php', refused],
  ['of Node what the Node does that runs this', ['node-22'], 'node', isNode22 ? accepted : refused],
] as const)('is expected: %s', ([, stacks, stack, expected]) => {
  const divergences = stacks.map((each): Divergence => ({ stack: each, verdict: 'accepted' }));
  const scenario = { expected: { 'TLSv1.3': refused, 'TLSv1.2': refused }, divergences };

  expect(expectedOf(scenario, { version: 'TLSv1.3', stack })).toEqual(expected);
});

test.for(['leaf-rsa1024', 'intermediate-rsa1024', 'root-rsa1024'])(
  'a server of the Node that runs this raises no alarm, whatever its security level: %s',
  async (id) => {
    const pki = createPki();
    await using server = await startTlsServer({ identity: pki.server() });
    const scenario = clientScenarios.find((each) => each.id === id);
    if (!scenario) throw new Error(`there is no ${id}`);

    const result = await runScenario(scenario, { pki, target: server });

    expect(result).toMatchObject({
      status: isNode22 ? 'not-judged' : 'as-expected',
      expected: { verdict: isNode22 ? 'accepted' : 'rejected' },
    });
    expect(result.unsuitable).toBe(isNode22 ? true : undefined);
  },
);

test.for(['unknown_ca', 'alert_200', undefined])('an outcome may have the alert %s', (alert) => {
  expect(() => requireExpectedOutcome('expected', { verdict: 'rejected', by: 'server', alert })).not.toThrow();
});

test.for<[alert: unknown, problem: RegExp]>([
  ['unkown_ca', /^Cannot use expected\.alert "unkown_ca": .*; did you mean "unknown_ca"\?/u],
  ['refused', /^Cannot use expected\.alert "refused": expected the registered name of an alert, e\.g\. unknown_ca$/u],
  [48, /^Cannot use expected\.alert "48"/u],
])('an outcome cannot have the alert %j', ([alert, problem]) => {
  expect(() => requireExpectedOutcome('expected', { verdict: 'rejected', by: 'server', alert })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(problem) }),
  );
});
