import { test } from 'vitest';
import { createPki } from '../../src/index.ts';
import { brokenBehindProxies } from './bound-tokens/behind-proxy.ts';
import { judgeBoundTokens } from './bound-tokens/judge-bound-tokens.ts';
import { wrongComparisons } from './bound-tokens/wrong-comparisons.ts';
import { wrongMemories } from './bound-tokens/wrong-memories.ts';
import { wrongSources } from './bound-tokens/wrong-sources.ts';
import { Report } from './report.ts';

const pki = createPki({ name: 'broken resource servers' });
const report = new Report('Resource servers that are wrong about bound tokens, and the scenarios that catch them');

test.for([...wrongComparisons, ...wrongSources, ...wrongMemories, ...brokenBehindProxies])(
  '$name is caught',
  async (mutant, { expect, skip }) => {
    skip(
      mutant.readsChain === true && process.versions.node.startsWith('24.'),
      'servers of Node.js 24 do not give the chain of their peer',
    );
    expect(report.missed(mutant, await judgeBoundTokens(mutant, pki))).toEqual([]);
  },
);
