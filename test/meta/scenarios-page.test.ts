import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { clientScenarios, serverScenarios } from '../../src/scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../src/scenarios/catalogue/protocol-catalogue.ts';
import { reloadScenarios } from '../../src/scenarios/catalogue/reload-catalogue.ts';
import { scenariosPage } from './scenarios-page.ts';

test('docs/scenarios.md says what the data say', async () => {
  const file = fileURLToPath(new URL('../../docs/scenarios.md', import.meta.url));
  const page = scenariosPage([
    {
      heading: 'Client credentials',
      introduction: '`clientScenarios`: a server judges them.',
      scenarios: clientScenarios,
    },
    {
      heading: 'Server credentials',
      introduction: '`serverScenarios`: a client judges them.',
      scenarios: serverScenarios,
    },
    {
      heading: 'Protocol, servers under test',
      introduction: '`protocolScenarios` with `underTest: "server"`: a client misbehaves.',
      scenarios: protocolScenarios.filter(({ underTest }) => underTest === 'server'),
    },
    {
      heading: 'Protocol, clients under test',
      introduction: '`protocolScenarios` with `underTest: "client"`: a server misbehaves.',
      scenarios: protocolScenarios.filter(({ underTest }) => underTest === 'client'),
    },
    {
      heading: 'Material that changes, servers under test',
      introduction: '`reloadScenarios`: the files of a server are replaced or damaged while it runs; `describeReloadUnderTest` runs them.',
      scenarios: reloadScenarios,
    },
  ]);

  if (process.env['UPDATE_DOCS'] === '1') await writeFile(file, page);

  expect(await readFile(file, 'utf8')).toBe(page);
});
