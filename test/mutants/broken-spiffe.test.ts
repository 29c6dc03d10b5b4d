import { test } from 'vitest';
import { Report } from './report.ts';
import { wrongIds, wrongNames } from './spiffe/broken-authorization.ts';
import { wrongTokens } from './spiffe/broken-tokens.ts';
import { wrongUpdates } from './spiffe/broken-updates.ts';
import { givesNoChain } from './spiffe/correct-services.ts';
import { judgeSpiffe } from './spiffe/judge-spiffe.ts';

const report = new Report('Services that are wrong about SPIFFE, and the scenarios that catch them');

test.concurrent.for([...wrongIds, ...wrongNames, ...wrongUpdates, ...wrongTokens])('$name is caught', async (mutant, { expect, skip }) => {
  skip(givesNoChain, 'servers of Node.js 24 do not give the chain of their peer');
  const only = mutant.caughtBy.filter((id) => id !== 'control');
  const source = { ...mutant.source, within: 2000 };

  expect(report.missed(mutant, await judgeSpiffe({ ...mutant, source, options: { only } }))).toEqual([]);
});
