import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createPki } from '../../src/index.ts';
import { clientScenarios, serverScenarios } from '../../src/scenarios/catalogue/catalogue.ts';
import { expectedOf } from '../../src/scenarios/assess/expected-outcome.ts';
import type { CredentialScenario, TlsVersion } from '../../src/scenarios/catalogue/scenario.ts';
import type { Side } from '../../src/wire/tap/capture.ts';
import { askClient, askServer, describeWithOpenssl30 } from './openssl-judge.ts';

/** `accepted`, the number of the first verify error, or why the handshake failed. */
type Recorded = 'accepted' | number | (string & {});
type Records = Readonly<Record<Side, Readonly<Record<string, Recorded | Readonly<Record<TlsVersion, Recorded>>>>>>;

// The file is the project's own; a value of another type would fail the test of its scenario.
const { recorded, anew } = JSON.parse(readFileSync('fixtures/measured/openssl.json', 'utf8')) as {
  readonly recorded: Records;
  readonly anew: Records;
};
/** Without those about OCSP: s_server never asks a responder. */
const presentable = [...clientScenarios, ...serverScenarios].filter(({ needsResponder }) => !needsResponder);
const cases = presentable.flatMap((scenario) =>
  (['TLSv1.3', 'TLSv1.2'] as const).map((version) => ({ scenario, version, id: scenario.id, role: scenario.role })),
);

test('what the data say of OpenSSL is what was measured', () => {
  const wrong = cases.filter(({ scenario, version }) => {
    const measured = recordOf(scenario, version);
    return measured !== undefined && dataOf(scenario, version) !== verdictOf(measured);
  });

  expect(wrong.map(({ role, id, version }) => `${role} ${id} (${version})`)).toEqual([]);
});

describeWithOpenssl30()('OpenSSL 3.0', { concurrent: true }, () => {
  const pki = createPki({ name: 'judged' });

  test.for(cases)('comes to what was measured of the $role $id ($version)', async ({ scenario, version, role }) => {
    const measured = recordOf(scenario, version) ?? dataOf(scenario, version);
    const ask = role === 'client' ? askServer : askClient;

    const { verdict, verifyError, words } = await ask(scenario.arrange(pki), { pki, version });

    const error = typeof measured === 'number' && isJudged(scenario, version) ? { verifyError: measured } : {};
    expect({ verdict, verifyError }, `OpenSSL said: ${words}`).toMatchObject({ verdict: verdictOf(measured), ...error });
  });
});

function recordOf({ role, id }: CredentialScenario, version: TlsVersion): Recorded | undefined {
  const record = anew[role][id] ?? recorded[role][id];
  return typeof record === 'object' ? record[version] : record;
}

function dataOf(scenario: CredentialScenario, version: TlsVersion): 'accepted' | 'rejected' {
  return expectedOf(scenario, { version, stack: 'openssl' }).verdict;
}

function verdictOf(record: Recorded): 'accepted' | 'rejected' {
  return record === 'accepted' ? 'accepted' : 'rejected';
}

/** Not where the presenter cannot use its own key, which the peer of the measurement could. */
function isJudged({ role, expected }: CredentialScenario, version: TlsVersion): boolean {
  const outcome = expected[version];
  return outcome.verdict === 'accepted' || outcome.by !== role;
}
