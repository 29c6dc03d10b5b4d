import { describe, expect, test } from 'vitest';
import { nameConstraints } from '../../../src/x509/names/name-constraints.ts';
import { nameVerifyFailure } from '../../../src/x509/verification/verify-failure.ts';
import { describeWith, run } from '../../interop/judges.ts';
import { type TemporaryFolder, temporaryFolder } from '../../interop/temporary-folder.ts';
import { crlPem, extended, makeChain, type MadeChain, pemOf } from './chain-maker.ts';
import { constrained, ecdsaSha1, explicitCurve, rsaKey, unknownCritical, withKey } from './chain-changes.ts';
import { combinedCases } from './combined-cases.ts';
import { hiddenCases } from './hidden-cases.ts';
import { verifyCodes } from './verify-codes.ts';

const roles = ['client', 'server'] as const;

describe.for(roles)('a chain of a %s', (role) => {
  test.for(hiddenCases.map((each) => [each.name, each] as const))('%s is named', ([, { changes: defect, reason }]) => {
    expect(nameVerifyFailure(makeChain(role, defect))).toBe(reason);
    expect(nameVerifyFailure(makeChain(role))).toBeUndefined();
  });

  test.for(combinedCases.map((each) => [each.name, each] as const))('%s', ([, { changes: defects, reason }]) => {
    expect(nameVerifyFailure(makeChain(role, defects))).toBe(reason);
  });
});

describeWith('openssl')('openssl verify', () => {
  describe.for(roles)('of a %s', (role) => {
    test.for(hiddenCases)('comes to the same error last for $name', async ({ changes: defect, reason }) => {
      using folder = temporaryFolder();

      const errors = await opensslErrors(makeChain(role, defect), folder);

      expect(errors.at(-1)).toBe(verifyCodes[reason]);
    });

    test('has none for a sound chain', async () => {
      using folder = temporaryFolder();

      expect(await opensslErrors(makeChain(role), folder)).toEqual([]);
    });
  });
});

describe('where the anchors are not known', () => {
  test.for([
    ['a leaf', { leaf: extended(unknownCritical) }, 'UNHANDLED_CRITICAL_EXTENSION'],
    ['an intermediate', { intermediates: [withKey(() => rsaKey(1024))] }, 'CA_KEY_TOO_SMALL'],
    ['a digest of the uppermost', { root: ecdsaSha1 }, 'CA_MD_TOO_WEAK'],
    ['a curve', { intermediates: [], leaf: explicitCurve }, 'EC_KEY_EXPLICIT_PARAMS'],
    ['constraints', constrained({ permitted: { dns: 'other.test' } }), 'PERMITTED_VIOLATION'],
  ] as const)('what was presented is named: %s', ([, defect, reason]) => {
    const { chain } = makeChain('client', defect);

    expect(nameVerifyFailure({ chain })).toBe(reason);
  });

  test('what was not presented is not', () => {
    const { chain, anchors } = makeChain('client', { root: extended(nameConstraints({ permitted: { dns: 'other.test' } })) });

    expect(nameVerifyFailure({ chain })).toBeUndefined();
    expect(nameVerifyFailure({ chain, anchors })).toBe('PERMITTED_VIOLATION');
  });
});

test.for([
  [1024, 0, undefined],
  [1024, 1, undefined],
  [1024, 2, 'EE_KEY_TOO_SMALL'],
  [2048, 2, undefined],
  [2048, 3, 'EE_KEY_TOO_SMALL'],
] as const)('an RSA key of %i bits at security level %i', ([bits, securityLevel, reason]) => {
  expect(nameVerifyFailure({ ...makeChain('client', { leaf: withKey(() => rsaKey(bits)) }), securityLevel })).toBe(reason);
});

/** The numbers of all errors that `openssl verify` reports: like Node it goes on after some of them. */
async function opensslErrors({ role, chain, anchors, crls }: MadeChain, folder: TemporaryFolder): Promise<number[]> {
  const presented = folder.write('chain.pem', pemOf(chain));
  const revocation = crls ? ['-crl_check_all', '-CRLfile', folder.write('crls.pem', crlPem(crls).join('\n'))] : [];
  const trust = ['-CAfile', folder.write('anchors.pem', pemOf(anchors)), '-no-CApath', '-no-CAstore', '-untrusted', presented];
  const purpose = role === 'client' ? 'sslclient' : 'sslserver';
  const { stderr } = await run('openssl', ['verify', '-auth_level', '2', '-purpose', purpose, ...revocation, ...trust, presented]);
  return [...stderr.matchAll(/error (\d+) at/gu)].map(([, number]) => Number(number));
}
