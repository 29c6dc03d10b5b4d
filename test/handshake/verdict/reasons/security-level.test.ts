import { expect, test } from 'vitest';
import { securityLevel } from '../../../../src/handshake/verdict/reasons/security-level.ts';

test.for([
  ['DEFAULT@SECLEVEL=0', 0],
  ['ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=3', 3],
  ['DEFAULT@SECLEVEL=0:@SECLEVEL=4', 4], // the last one counts (measured)
] as const)('the level is what the ciphers say: %s', ([ciphers, level]) => {
  expect(securityLevel(ciphers)).toBe(level);
});

test('where they say nothing it is that of this Node: 1 of Node 22, 2 of later ones', () => {
  const isNode22 = process.versions.node.startsWith('22.');

  expect([securityLevel('DEFAULT'), securityLevel('DEFAULT')]).toEqual(isNode22 ? [1, 1] : [2, 2]);
});
