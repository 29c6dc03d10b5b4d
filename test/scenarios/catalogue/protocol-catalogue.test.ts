import { describe, expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { clientScenarios, serverScenarios } from '../../../src/scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../../src/scenarios/catalogue/protocol-catalogue.ts';
import type { ClientTrial, ServerTrial, ValidPeers } from '../../../src/scenarios/catalogue/protocol-scenario.ts';
import type { ScenarioTier } from '../../../src/scenarios/catalogue/scenario.ts';
import { alertCode } from '../../../src/wire/records/alerts.ts';

const pki = createPki({ name: 'protocol catalogue' });

test('every id is unique, also beside those of the credentials of the same side', () => {
  const ids = protocolScenarios.map(({ id }) => id);
  const credentials = new Set<string>([...clientScenarios, ...serverScenarios].map(({ id }) => id));

  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(ids.filter((id) => credentials.has(id))).toEqual([]);
  expect(ids.filter((id) => !/^[a-z\d]+(?:-[a-z\d]+)*$/u.test(id))).toEqual([]);
});

describe.for(protocolScenarios)('$id', (scenario) => {
  const { id, title, references, differs, tier, expected, divergences, versions, versionless, underTest } = scenario;

  test('says what it is about, and what to expect with every version', () => {
    expect([title, differs].every((text) => text.trim().length > 5)).toBe(true);
    expect(references).not.toEqual([]);
    expect(scenario).toMatchObject({ role: 'protocol', group: 'protocol' });
    expect(Object.isFrozen(scenario)).toBe(true);
    expect(versions.length).toBe(versionless ? 2 : versions.length);
    expect(versions.map((version) => expected[version].verdict)).toEqual(
      versions.map((version) => verdicts[tier] ?? expected[version].verdict),
    );
  });

  test('agrees with what was measured: no divergence says what is expected anyway', () => {
    expect(divergences.filter(({ verdict, version = versions[0] }) => version && expected[version].verdict === verdict)).toEqual([]);
    expect(tier === 'extended' ? divergences : ['not needed']).not.toEqual([]);
  });

  test('arranges a trial of the kind that its side is tried with, anew each time', () => {
    const trials: readonly (ServerTrial | ClientTrial)[] = [scenario.arrange(pki), scenario.arrange(pki)];
    const kinds = underTest === 'server' ? serverKinds : clientKinds;

    expect(trials.map(({ kind }) => kinds.includes(kind))).toEqual([true, true]);
    expect(trials[0]).not.toBe(trials[1]);
    expect(id.endsWith('-client') && underTest === 'server').toBe(id === 'tls12-only-client' || id === 'tls13-only-client');
  });
});

test('every alert of the registry has a scenario of its own', () => {
  const alerts = protocolScenarios.flatMap(({ id }) => /^alert-at-client-hello-(.*)$/u.exec(id)?.[1] ?? []);

  expect(alerts).toHaveLength(37);
  expect(alerts).toContain('bad-certificate-status-response');
  expect(alerts.map((alert) => alertCode(alert.replaceAll('-', '_')))).not.toContain(undefined);
});

test('the valid peers of the side under test take part', () => {
  const alice = pki.client('alice');
  const rsa = pki.client('rsa', { keyAlgorithm: 'rsa-2048' });
  const peers: ValidPeers = {
    client: (_pki, { keyAlgorithm } = {}) => (keyAlgorithm === 'rsa-2048' ? rsa : alice),
    server: () => pki.server(),
  };

  // A certificate that expires soon is one of the scenario's own.
  const own = protocolScenarios.filter(({ id }) => id !== 'resumption-after-expiry');
  const trials = own.map((scenario) => scenario.arrange(pki, peers));
  const identities = trials.flatMap((trial) => ('identity' in trial ? (trial.identity?.name ?? []) : []));

  expect(identities).not.toContain('client');
});

const verdicts: Readonly<Partial<Record<ScenarioTier, string>>> = { core: 'rejected', extended: 'rejected', control: 'accepted' };
const serverKinds: readonly string[] = [
  'credential',
  'handshake',
  'client-fault',
  'edited-flight',
  'request',
  'renegotiation',
  'host-crossing',
  'resumption',
];
const clientKinds: readonly string[] = ['server-fault', 'peer', 'two-calls', 'renegotiation-by-server'];
