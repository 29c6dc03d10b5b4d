import { beforeAll, describe, expect, test } from 'vitest';
import type { KeyAlgorithm } from '../../src/index.ts';
import { acceptableChains } from './acceptable-chains.ts';
import { type ChainJudge, type Verdict, verdictsOf } from './chain-judges.ts';
import { describeWith } from './judges.ts';
import { reasons, refusableChains } from './refusable-chains.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * Who judges, and the algorithms of which a judge cannot check signatures: chains below such a key are left out. None of them knows
 * ML-DSA in the version that Debian 12 has; the judge of that is the OpenSSL 3.5 in Node, in mutual-tls.test.ts.
 */
const judges: readonly (readonly [ChainJudge, readonly KeyAlgorithm[]])[] = [
  ['openssl', []],
  ['certtool', []],
  ['go', ['rsa-pss-2048']], // Go has no public keys of the type id-RSASSA-PSS: "algorithm unimplemented"
  ['java', []],
  ['python3', []],
];

describe.for(judges)('the judge %s', ([judge, unknown]) => {
  describeWith(judge)('in one batch', () => {
    const acceptable = acceptableChains.filter(({ issuers }) => !issuers.some((algorithm) => unknown.includes(algorithm)));
    const refusable = refusableChains.filter(({ issuers }) => !issuers.some((algorithm) => unknown.includes(algorithm)));
    const verdicts = new Map<string, Verdict>();

    beforeAll(async () => {
      using folder = temporaryFolder();
      const cases = [...acceptable, ...refusable];
      const said = await verdictsOf(judge, cases, folder);
      for (const [index, { name }] of cases.entries())
        verdicts.set(name, said[index] ?? { accepted: false, reason: 'the judge said nothing' });
    });

    test.for(acceptable)('accepts $name', ({ name }) => {
      expect(verdicts.get(name)).toEqual({ accepted: true, reason: '' });
    });

    test.for(refusable)('refuses $name', ({ name, fault }) => {
      expect(verdicts.get(name)).toEqual({ accepted: false, reason: expect.stringMatching(new RegExp(reasons[fault][judge], 'u')) });
    });
  });
});
