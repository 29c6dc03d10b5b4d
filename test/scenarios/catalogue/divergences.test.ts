import { expect, test } from 'vitest';
import { clientScenarios, serverScenarios } from '../../../src/scenarios/catalogue/catalogue.ts';
import { divergenceList, forStacks } from '../../../src/scenarios/catalogue/divergences.ts';
import { protocolScenarios } from '../../../src/scenarios/catalogue/protocol-catalogue.ts';
import { stacks } from '../../../src/scenarios/catalogue/stacks.ts';

const versions = ['TLSv1.3', 'TLSv1.2'] as const;

test('divergences are listed in their order, with the version where it is one and the reason where there is one', () => {
  const list = divergenceList({
    node: { reason: 'INVALID_PURPOSE' },
    java: { 'TLSv1.2': 'accepted' },
    'go-1.19': { 'TLSv1.3': 'rejected', 'TLSv1.2': { reason: 'WRONG_CURVE' } },
    ...forStacks(['go', 'curl'], 'accepted'),
  });

  expect(list).toEqual([
    { stack: 'node', verdict: 'rejected', reason: 'INVALID_PURPOSE' },
    { stack: 'java', verdict: 'accepted', version: 'TLSv1.2' },
    { stack: 'go-1.19', verdict: 'rejected', version: 'TLSv1.3' },
    { stack: 'go-1.19', verdict: 'rejected', version: 'TLSv1.2', reason: 'WRONG_CURVE' },
    { stack: 'go', verdict: 'accepted' },
    { stack: 'curl', verdict: 'accepted' },
  ]);
});

test.for([...clientScenarios, ...serverScenarios, ...protocolScenarios])(
  'every divergence of $role $id is of a known stack, named once, and contradicts what is expected',
  ({ divergences, expected }) => {
    const agreeing = divergences.filter(({ verdict, version }) =>
      versions.some((each) => (version ?? each) === each && expected[each].verdict === verdict),
    );
    const places = divergences.flatMap(({ stack, version }) =>
      version ? [`${stack} ${version}`] : versions.map((each) => `${stack} ${each}`),
    );

    expect(agreeing).toEqual([]);
    expect(new Set(places).size).toBe(places.length);
    expect(divergences.filter(({ stack }) => !stacks.includes(stack))).toEqual([]);
  },
);
