import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clientScenarios, serverScenarios } from '../../../../src/scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../../../src/scenarios/catalogue/protocol-catalogue.ts';
import { reloadScenarios } from '../../../../src/scenarios/catalogue/reload-catalogue.ts';

const credentials = [...clientScenarios, ...serverScenarios];

test('the ids of the type are those of the credentials, each once', () => {
  const listed = [...idsIn('credential-ids'), ...idsIn('name-ids')];

  expect(listed.toSorted()).toEqual([...new Set(credentials.map(({ id }) => id))].toSorted());
  expect(listed).toContain('expired-leaf');
});

test('the ids about names are apart from the others', () => {
  const names: readonly string[] = idsIn('name-ids');

  expect(credentials.filter(({ id, group }) => names.includes(id) !== (group === 'names'))).toEqual([]);
});

test('the ids of the type are those of the protocol, each once', () => {
  const ids = protocolScenarios.map(({ id }) => id);

  expect(idsIn('protocol-ids').toSorted()).toEqual(ids.toSorted());
});

test('the ids of the type are those of reloads, each once', () => {
  const ids = reloadScenarios.map(({ id }) => id);

  expect(idsIn('reload-ids').toSorted()).toEqual(ids.toSorted());
});

test.for(['credential-ids', 'name-ids', 'protocol-ids', 'reload-ids'])('%s has ids of lower-case words, none twice', (file) => {
  const ids = idsIn(file);

  expect(ids.filter((id) => !/^[a-z\d]+(?:-[a-z\d]+)*$/u.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

/** The members of a union: nothing is left of it when the program runs. */
function idsIn(file: string): string[] {
  const source = readFileSync(`src/scenarios/catalogue/ids/${file}.ts`, 'utf8');
  return [...source.matchAll(/^ {2}\| '([^']+)'/gmu)].flatMap(([, id = '']) => id);
}
