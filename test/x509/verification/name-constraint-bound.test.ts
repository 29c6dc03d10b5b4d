import { expect, test } from 'vitest';
import { createPki } from '../../../src/pki/pki.ts';
import { nameVerifyFailure } from '../../../src/x509/verification/verify-failure.ts';

const pki = createPki();
const subtrees = Array.from({ length: 40 }, (_unused, index) => `permitted-${index}.test`);
const authority = pki.root.issueAuthority({ nameConstraints: { permitted: { dns: subtrees } } });

test.for([
  ['of short names', '', 'PERMITTED_VIOLATION'],
  ['of names so long that comparing them takes long', 'long-label-of-some-octets.'.repeat(9), undefined],
] as const)('a leaf with hundreds %s under many constraints is judged only within bounds', ([, label, reason]) => {
  const dns = Array.from({ length: 400 }, (_unused, index) => `${label}${index}.elsewhere.test`);
  const leaf = authority.issue({ dns });

  expect(nameVerifyFailure({ chain: [leaf.certificate.raw, authority.certificate.raw], anchors: [pki.root.certificate.raw] })).toBe(reason);
});
