import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { boundTokenScenarios } from '../../../src/scenarios/catalogue/bound-token-catalogue.ts';
import { clientScenarios, serverScenarios } from '../../../src/scenarios/catalogue/catalogue.ts';
import { catalogueDocument } from '../../../src/scenarios/catalogue/catalogue-json.ts';
import { forwardedScenarios } from '../../../src/scenarios/catalogue/forwarded-catalogue.ts';
import { protocolScenarios } from '../../../src/scenarios/catalogue/protocol-catalogue.ts';
import { runCommand } from '../../cli/transcripts.ts';

const scenarios = [...clientScenarios, ...serverScenarios, ...protocolScenarios, ...forwardedScenarios, ...boundTokenScenarios];
const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(readFileSync('docs/scenarios.schema.json', 'utf8')) as object); // the project's own
const text = JSON.stringify(catalogueDocument(scenarios));

test('the catalogue as JSON is valid by docs/scenarios.schema.json', () => {
  validate(JSON.parse(text));

  expect(validate.errors).toBe(null);
});

test('it has every scenario, each with everything that is data', () => {
  const { scenarios: entries } = JSON.parse(text) as { scenarios: Record<string, unknown>[] }; // valid by the schema
  const data = scenarios.map((scenario) => JSON.parse(JSON.stringify(scenario)) as object);

  expect(entries).toHaveLength(data.length);
  expect(entries).toMatchObject(data);
  expect(new Set(entries.map(({ role, id }) => `${String(role)} ${String(id)}`)).size).toBe(entries.length);
});

test('each control of a scenario is in the list of controls, and each of these belongs to a scenario', () => {
  const { controls, scenarios: entries } = catalogueDocument(scenarios);
  const used = new Set(entries.flatMap((entry) => entry.controls));

  expect([...used].toSorted()).toEqual(controls.map(({ id }) => id).toSorted());
});

test('the command line prints it, whole or in part', async () => {
  const whole = await runCommand(['scenarios', '--json'], process.cwd());
  const part = await runCommand(['scenarios', 'expired-leaf', '--role', 'server', '--json'], process.cwd());

  expect(JSON.parse(whole.output)).toEqual(JSON.parse(text));
  expect(JSON.parse(part.output)).toEqual(catalogueDocument(serverScenarios.filter(({ id }) => id === 'expired-leaf')));
  expect([whole.exitCode, part.exitCode]).toEqual([0, 0]);
});

test('a credential is for the other end to judge, with both versions; a scenario of the protocol says it itself', () => {
  const entryOf = (role: string, id: string): unknown =>
    catalogueDocument(scenarios).scenarios.find((entry) => entry.role === role && entry.id === id);

  expect(entryOf('client', 'expired-leaf')).toMatchObject({ underTest: 'server', versions: ['TLSv1.3', 'TLSv1.2'] });
  expect(entryOf('server', 'expired-leaf')).toMatchObject({ underTest: 'client' });
  expect(entryOf('protocol', 'tls12-only-client')).toMatchObject({ underTest: 'server', versions: ['TLSv1.2'] });
  expect(entryOf('forwarded', 'forwarded-direct')).toMatchObject({
    underTest: 'server',
    versionless: true,
    through: 'application',
    trial: { kind: 'application', at: 'direct' },
  });
  expect(entryOf('bound-token', 'bound-token-of-another-key')).toMatchObject({
    underTest: 'server',
    trial: { connections: 'own', requests: [{ presents: 'sibling', tokens: [{ boundTo: 'client' }] }] },
  });
  expect(entryOf('protocol', 'server-garbage')).toMatchObject({ underTest: 'client', versionless: true });
});

test.for<[what: string, change: (entry: Record<string, unknown>) => void, where: string]>([
  ['a member that is not described', (entry) => Object.assign(entry, { more: 1 }), ''],
  ['no references', (entry) => delete entry['references'], ''],
  ['an unknown severity', (entry) => Object.assign(entry, { severity: 'fatal' }), '/severity'],
  ['a control by another name', (entry) => Object.assign(entry, { controls: ['ASVS-12.1.3'] }), '/controls/0'],
  ['no weakness', (entry) => Object.assign(entry, { cwes: [] }), '/cwes'],
  ['an unknown tier', (entry) => Object.assign(entry, { tier: 'main' }), '/tier'],
  [
    'a rejection by no end',
    (entry) => Object.assign(entry, { expected: { 'TLSv1.3': { verdict: 'rejected' }, 'TLSv1.2': { verdict: 'accepted' } } }),
    '/expected/TLSv1.3',
  ],
  ['a reference to nothing', (entry) => Object.assign(entry, { references: [{ section: '4.1' }] }), '/references/0'],
  ['a vulnerability by another name', (entry) => Object.assign(entry, { cves: ['GHSA-1'] }), '/cves/0'],
])('the schema rejects %s', ([, change, where]) => {
  const document = JSON.parse(text) as { scenarios: [Record<string, unknown>] }; // valid by the schema
  change(document.scenarios[0]);

  expect(validate(document)).toBe(false);
  expect(validate.errors?.map(({ instancePath }) => instancePath)).toContain(`/scenarios/0${where}`);
});

test('the schema rejects another version of it', () => {
  expect(validate({ schema: 2, controls: [], scenarios: [] })).toBe(false);
  expect(validate({ schema: 1, controls: [], scenarios: [] })).toBe(true);
});
