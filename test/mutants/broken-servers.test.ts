import { test } from 'vitest';
import { createPki } from '../../src/index.ts';
import { brokenAuthorization } from './broken-servers/authorization.ts';
import { brokenHosts } from './broken-servers/hosts.ts';
import { brokenMiddleware } from './broken-servers/middleware.ts';
import { brokenPinning } from './broken-servers/pinning.ts';
import { brokenOcsp } from './broken-servers/ocsp.ts';
import { brokenSettings } from './broken-servers/settings.ts';
import { brokenVerification } from './broken-servers/verification.ts';
import { judgeServer } from './judge.ts';
import { Report } from './report.ts';

const pki = createPki({ name: 'broken servers' });
const mutants = [
  ...brokenSettings,
  ...brokenHosts,
  ...brokenVerification,
  ...brokenPinning,
  ...brokenMiddleware,
  ...brokenAuthorization,
  ...brokenOcsp,
];
const report = new Report('Broken servers, and the scenarios that catch them');

test.concurrent.for(mutants)('$name is caught', async (mutant, { expect, skip }) => {
  skip(mutant.readsChain === true && process.versions.node.startsWith('24.'), 'servers of Node.js 24 do not give the chain of their peer');
  const judgements = await judgeServer(mutant, pki);

  expect(report.missed(mutant, judgements)).toEqual([]);
});
