import { expect, test } from 'vitest';
import { createPki, inspectCertificate } from '../../../src/index.ts';
import { clientScenarios, serverScenarios } from '../../../src/scenarios/index.ts';
import type { ScenarioId } from '../../../src/scenarios/catalogue/ids/scenario-id.ts';
import { selectScenarios, type Selection } from '../../../src/scenarios/catalogue/select-scenarios.ts';
import type { ClientScenario, Divergence, ScenarioFacts, ScenarioTier, ServerScenario } from '../../../src/scenarios/catalogue/scenario.ts';

const scenarios = [
  scenario('bad-one', 'core'),
  scenario('bad-two', 'core'),
  ...Array.from({ length: 30 }, (_each, index) => scenario(`odd-${index}`, 'control')),
  scenario('disputed', 'control', [{ stack: 'node', verdict: 'rejected' }]),
  scenario('lenient', 'extended'),
  scenario('local', 'varies'),
];

test('by default every core scenario is run, and none that stacks are known to dispute', () => {
  expect(selectScenarios(scenarios, {}).map(({ id }) => id)).toEqual(['bad-one', 'bad-two']);
});

test.for([
  ['client', clientScenarios],
  ['server', serverScenarios],
] as const)('a few controls of the %s catalogue are run by default, which every stack accepts', ([, catalogue]) => {
  const controls = selectScenarios<ClientScenario | ServerScenario>(catalogue, {}).filter(({ tier }) => tier === 'control');

  expect(controls.map(({ id }) => id)).toContain('valid');
  expect(controls.length).toBeGreaterThan(4);
  expect(controls.length).toBeLessThan(14);
  expect(controls.flatMap(({ divergences }) => divergences)).toEqual([]);
});

test('no control that is run by default changes the name by which a service knows its client', () => {
  const pki = createPki();
  const controls = selectScenarios(clientScenarios, {}).filter(({ tier }) => tier === 'control');

  expect(new Set(controls.map((each) => inspectCertificate(each.arrange(pki).identity.certificatePem).commonName)).size).toBe(1);
});

test('tiers select all of theirs, and only selects by id, of whatever tier', () => {
  expect(selectScenarios(scenarios, { tiers: ['extended', 'varies'] }).map(({ id }) => id)).toEqual(['lenient', 'local']);
  expect(selectScenarios(scenarios, { only: ['local', 'bad-two'] }).map(({ id }) => id)).toEqual(['bad-two', 'local']);
});

test.for([
  [{ only: ['bad-three'] }, 'only', 'bad-three'],
  [{ skip: { 'bad-three': 'why' } }, 'skip', 'bad-three'],
  [{ expected: { 'bad-three': { verdict: 'accepted' } } }, 'expected', 'bad-three'],
  [{ skip: { 'bad-one': ' ' } }, 'skip["bad-one"]', ' '],
  [{ tiers: ['everything'] }, 'tiers', 'everything'],
  [{ tiers: 'everything' }, 'tiers', 'everything'],
  [{ only: 'bad-three' }, 'only', 'bad-three'],
  [{ only: 5 }, 'only', 'number'],
  [{ only: [null] }, 'only', 'null'],
  [{ skip: null }, 'skip', 'null'],
  [{ skip: 'bad-one' }, 'skip', 'bad-one'],
  [{ expected: null }, 'expected', 'null'],
  [null, 'selection', 'null'],
] as const)('%j is refused', ([selection, option, value]) => {
  // The compiler would refuse some of these too.
  expect(() => selectScenarios(scenarios, selection as unknown as Selection)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option, value }) }),
  );
});

test.for([
  ['bad', 'bad-one, bad-two'],
  ['two-bad', 'bad-two, bad-one'],
  ['LOCALLY-bad', 'bad-one, bad-two'],
] as const)('the misspelt id %s is answered with those that share words with it, the most first', ([id, near]) => {
  expect(() => selectScenarios(scenarios, { only: [id] })).toThrow(`such as ${near}`);
});

test('an id like none is answered with the command that lists them', () => {
  expect(() => selectScenarios(scenarios, { only: ['x-y'] })).toThrow('the id of a scenario; mtls-fixtures scenarios lists them');
});

function scenario(id: string, tier: ScenarioTier, divergences: readonly Divergence[] = []): ScenarioFacts {
  const expected = { verdict: 'rejected', by: 'server' } as const;
  return {
    id: id as ScenarioId, // a selection is made from whatever scenarios there are
    title: id,
    group: 'trust',
    tier,
    references: [],
    cves: [],
    cwes: [],
    severity: 'critical',
    controls: [],
    differs: '',
    expected: { 'TLSv1.3': expected, 'TLSv1.2': expected },
    divergences,
  };
}
