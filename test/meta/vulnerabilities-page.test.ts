import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { clientScenarios, serverScenarios } from '../../src/scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../src/scenarios/catalogue/protocol-catalogue.ts';
import { reloadScenarios } from '../../src/scenarios/catalogue/reload-catalogue.ts';
import { knownVulnerabilities, unread } from './known-vulnerabilities.ts';
import { coverageOf, vulnerabilitiesPage } from './vulnerabilities-page.ts';

/** Every catalogue that has rows with `cves`. */
const scenarios = [...clientScenarios, ...serverScenarios, ...protocolScenarios, ...reloadScenarios];

/** Kinds whose scenarios are about several hosts, files that change, two calls of a client, or OCSP; they are to be caught, and may be already. */
const awaited: readonly string[] = [
  'CVE-2026-123867',
  'CVE-2026-123872',
  'CVE-2026-48928',
  'CVE-2026-56850',
  'CVE-2026-48934',
  'CVE-2026-109383',
  'CVE-2025-23419',
  'CVE-2026-120967',
  'CVE-2026-28755',
  'CVE-2026-105236',
  'CVE-2026-75595',
  'CVE-2026-48491',
  'CVE-2026-27586',
  'CVE-2026-24734',
  'quarkusio/quarkus#55130',
];

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

test('of the 38 kinds at most five are not caught', () => {
  const reasons = coverageOf(scenarios).filter(({ caught }) => caught === 'no');

  expect(knownVulnerabilities).toHaveLength(38);
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
