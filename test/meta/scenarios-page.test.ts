import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { boundTokenScenarios } from '../../src/scenarios/catalogue/bound-token-catalogue.ts';
import { clientScenarios, serverScenarios } from '../../src/scenarios/catalogue/catalogue.ts';
import { forwardedScenarios } from '../../src/scenarios/catalogue/forwarded-catalogue.ts';
import { protocolScenarios } from '../../src/scenarios/catalogue/protocol-catalogue.ts';
import { reloadScenarios } from '../../src/scenarios/catalogue/reload-catalogue.ts';
import { spiffeScenarios } from '../../src/scenarios/catalogue/spiffe-catalogue.ts';
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
    {
      heading: 'Headers of a proxy, applications under test',
      introduction:
        '`forwardedScenarios` with `through: "application"`: an application is sent what a proxy that ends TLS sends, and what it never does; `describeForwardedUnderTest` runs those of a format.',
      scenarios: forwardedScenarios.filter(({ through }) => through === 'application'),
    },
    {
      heading: 'Headers of a proxy, proxy and application under test',
      introduction:
        '`forwardedScenarios` with `through: "proxy"`: a client of proxy and application together sends the headers of the authorized one.',
      scenarios: forwardedScenarios.filter(({ through }) => through === 'proxy'),
    },
    {
      heading: 'Access tokens that are bound to a certificate',
      introduction:
        '`boundTokenScenarios`: a resource server judges certificate and token (RFC 8705); `describeBoundTokensUnderTest` runs them.',
      scenarios: boundTokenScenarios,
    },
    {
      heading: 'Services that take their identity from a SPIFFE Workload API',
      introduction:
        '`spiffeScenarios`: clients of such a service, and what the Workload API delivers while it runs; `describeSpiffeUnderTest` runs them.',
      scenarios: spiffeScenarios,
    },
  ]);

  if (process.env['UPDATE_DOCS'] === '1') await writeFile(file, page);

  expect(await readFile(file, 'utf8')).toBe(page);
});
