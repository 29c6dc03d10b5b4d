import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { boundTokenScenarios } from '../../src/scenarios/catalogue/bound-token-catalogue.ts';
import { clientScenarios, serverScenarios } from '../../src/scenarios/catalogue/catalogue.ts';
import { forwardedScenarios } from '../../src/scenarios/catalogue/forwarded-catalogue.ts';
import { protocolScenarios } from '../../src/scenarios/catalogue/protocol-catalogue.ts';
import { controlsPage } from './controls-page.ts';

test('docs/controls.md says what the data say', async () => {
  const file = fileURLToPath(new URL('../../docs/controls.md', import.meta.url));
  const page = controlsPage([...clientScenarios, ...serverScenarios, ...protocolScenarios, ...forwardedScenarios, ...boundTokenScenarios]);

  if (process.env['UPDATE_DOCS'] === '1') await writeFile(file, page);

  expect(await readFile(file, 'utf8')).toBe(page);
});
