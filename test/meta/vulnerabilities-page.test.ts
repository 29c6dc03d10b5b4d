import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { boundTokenScenarios } from '../../src/scenarios/catalogue/bound-token-catalogue.ts';
import { clientScenarios, serverScenarios } from '../../src/scenarios/catalogue/catalogue.ts';
import { forwardedScenarios } from '../../src/scenarios/catalogue/forwarded-catalogue.ts';
import { protocolScenarios } from '../../src/scenarios/catalogue/protocol-catalogue.ts';
import { reloadScenarios } from '../../src/scenarios/catalogue/reload-catalogue.ts';
import { knownVulnerabilities, unread } from './known-vulnerabilities.ts';
import { coverageOf, vulnerabilitiesPage } from './vulnerabilities-page.ts';

/** Every catalogue that has rows with `cves`. */
const scenarios = [
  ...clientScenarios,
  ...serverScenarios,
  ...protocolScenarios,
  ...reloadScenarios,
  ...forwardedScenarios,
  ...boundTokenScenarios,
];

/** Kinds that no scenario catches yet. */
const awaited: readonly string[] = [];

test('docs/cves.md says what the rows and the list say', async () => {
  const file = fileURLToPath(new URL('../../docs/cves.md', import.meta.url));
  const page = vulnerabilitiesPage(scenarios);

  if (process.env['UPDATE_DOCS'] === '1') await writeFile(file, page);

  expect(await readFile(file, 'utf8')).toBe(page);
});

test('every kind is caught, or a reason is given, or its scenarios are awaited', () => {
  const pending = coverageOf(scenarios).filter(({ caught }) => caught === 'pending');

  expect(pending.map(({ names }) => names[0]?.name ?? '').filter((name) => !awaited.includes(name))).toEqual([]);
});

test('of the 41 kinds at most five are not caught', () => {
  const reasons = coverageOf(scenarios).filter(({ caught }) => caught === 'no');

  expect(knownVulnerabilities).toHaveLength(41);
  expect(reasons.map(({ names }) => names[0]?.name).length).toBeLessThanOrEqual(5);
});

test('the list names each vulnerability once, and scenarios and names that exist', () => {
  const ids = new Set<string>(scenarios.map(({ id }) => id));
  const names = knownVulnerabilities.flatMap(({ cves, others = [] }) => [...cves, ...others]);

  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  for (const { cves, others = [], by = [] } of knownVulnerabilities)
    expect(by.filter(([name, id]) => ![...cves, ...others].includes(name) || (!ids.has(id) && !awaited.includes(name)))).toEqual([]);
  expect([...unread, ...awaited].filter((name) => !names.includes(name))).toEqual([]);
});
