import { test } from 'vitest';
import { createPki } from '../../src/index.ts';
import { brokenFallbacks } from './broken-clients/fallbacks.ts';
import { brokenHostNames } from './broken-clients/host-names.ts';
import { brokenSettings } from './broken-clients/settings.ts';
import { brokenSecondCalls } from './broken-clients/two-calls.ts';
import { brokenVerification } from './broken-clients/verification.ts';
import { judgeClient } from './judge.ts';
import { Report } from './report.ts';

const pki = createPki({ name: 'broken clients' });
const mutants = [...brokenSettings, ...brokenHostNames, ...brokenVerification, ...brokenFallbacks, ...brokenSecondCalls];
const report = new Report('Broken clients, and the scenarios that catch them');

test.concurrent.for(mutants)('$name is caught', async (mutant, { expect }) => {
  const judgements = await judgeClient(mutant, pki);

  expect(report.missed(mutant, judgements)).toEqual([]);
});
