import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clientScenarios, serverScenarios } from '../../../../src/scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../../../src/scenarios/catalogue/protocol-catalogue.ts';
import { boundTokenScenarios } from '../../../../src/scenarios/catalogue/bound-token-catalogue.ts';
import { reloadScenarios } from '../../../../src/scenarios/catalogue/reload-catalogue.ts';
import { spiffeScenarios } from '../../../../src/scenarios/catalogue/spiffe-catalogue.ts';

/** Of edited flights, whose names are the ids. */
const flightIds = '../../../faults/flights/client/client-flight-fault';
/** Of the flights of servers, whose names come behind `server-`. */
const serverFlights = '../../../faults/flights/server/server-flight-fault';
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

  const listed = [...idsIn('protocol-ids'), ...idsIn(flightIds), ...idsIn(serverFlights).map((name) => `server-${name}`)];

  expect(listed.toSorted()).toEqual(ids.toSorted());
});

test('the ids of the type are those of reloads, each once', () => {
  const ids = reloadScenarios.map(({ id }) => id);

  expect(idsIn('reload-ids').toSorted()).toEqual(ids.toSorted());
});

test('the ids of the type are those of bound tokens, each once', () => {
  const ids = boundTokenScenarios.map(({ id }) => id);

  expect(idsIn('bound-token-ids').toSorted()).toEqual(ids.toSorted());
});

test('the ids of the type are those of workloads, each once', () => {
  const ids = spiffeScenarios.map(({ id }) => id);

  expect(idsIn('spiffe-ids').toSorted()).toEqual(ids.toSorted());
});

test.for(['spiffe-ids', 'bound-token-ids', 'credential-ids', flightIds, serverFlights, 'name-ids', 'protocol-ids', 'reload-ids'])(
  '%s has ids of lower-case words, none twice',
  (file) => {
    const ids = idsIn(file);

    expect(ids.filter((id) => !/^[a-z\d]+(?:-[a-z\d]+)*$/u.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  },
);

/** The members of a union: nothing is left of it when the program runs. */
function idsIn(file: string): string[] {
  const source = readFileSync(`src/scenarios/catalogue/ids/${file}.ts`, 'utf8');
  return [...source.matchAll(/^ {2}\| '([^']+)'/gmu)].flatMap(([, id = '']) => id);
}
