import { test } from 'vitest';
import { pkiWithoutPlus } from './forwarded/pki-without-plus.ts';
import { brokenChains } from './forwarded/broken/chains.ts';
import { brokenConnections } from './forwarded/broken/connections.ts';
import { brokenElements } from './forwarded/broken/elements.ts';
import { brokenEncoding } from './forwarded/broken/encoding.ts';
import { brokenHeaderLines } from './forwarded/broken/header-lines.ts';
import { brokenNames } from './forwarded/broken/names.ts';
import { brokenPackages } from './forwarded/broken/packages.ts';
import { brokenProxies } from './forwarded/broken/proxies.ts';
import { brokenVerification } from './forwarded/broken/verification.ts';
import { judgeForwarded } from './forwarded/judge-forwarded.ts';
import { Report } from './report.ts';

const pki = pkiWithoutPlus('broken applications');
const mutants = [
  ...brokenHeaderLines,
  ...brokenElements,
  ...brokenEncoding,
  ...brokenVerification,
  ...brokenChains,
  ...brokenNames,
  ...brokenConnections,
  ...brokenProxies,
  ...brokenPackages,
];
const report = new Report('Broken applications behind a proxy, and the scenarios that catch them');

test.concurrent.for(mutants)('$name is caught', async (mutant, { expect }) => {
  const judgements = await judgeForwarded(mutant, pki);

  expect(report.missed(mutant, judgements)).toEqual([]);
});
