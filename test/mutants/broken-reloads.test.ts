import { test } from 'vitest';
import { createPki } from '../../src/index.ts';
import { Report } from './report.ts';
import { brokenFailures, brokenReloads } from './reload/broken-reloads.ts';
import { judgeReload } from './reload/judge-reload.ts';

const pki = createPki({ name: 'broken reloads' });
const report = new Report('Broken reloads, and the scenarios that catch them');

test.concurrent.for([...brokenReloads, ...brokenFailures])('$name is caught', async (mutant, { expect }) => {
  const judgements = await judgeReload(mutant, pki);

  expect(report.missed(mutant, judgements)).toEqual([]);
});
