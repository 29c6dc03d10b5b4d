import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { clientScenarios, serverScenarios } from '../../src/scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../src/scenarios/catalogue/protocol-catalogue.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../docs/broken-flights-and-other-suites.md'), 'utf8');
const ids = new Set<string>([...clientScenarios, ...serverScenarios, ...protocolScenarios].map(({ id }) => id));
const rows = page.split('\n').filter((line) => line.startsWith('| '));
const named = [...new Set(rows.flatMap((row) => [...row.matchAll(/`([a-z][a-z0-9-]+)`/gu)].map(([, id = '']) => id)))];

test('each scenario that the comparison with other suites names is in the catalogue', () => {
  expect(named.filter((id) => !ids.has(id))).toEqual([]);
  expect(named.length).toBeGreaterThan(50);
});

test('each of at least 60 cases of tlsfuzzer has an answer of three servers', () => {
  const cases = rows.filter((row) => /^\| [^|]+ \| \d+ \| /u.test(row));
  const withoutAnswer = cases.filter((row) => !/(?: \| (?:accepted|[a-z]+_[a-z_]+)){3} \|$/u.test(row));

  expect(cases.length).toBeGreaterThanOrEqual(60);
  expect(withoutAnswer).toEqual([]);
});
