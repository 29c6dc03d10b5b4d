import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createPki } from '../../src/index.ts';
import { describeWith } from './judges.ts';
import { plannedReading, plannedStringTypes, plannedSubtrees } from './certificate-reading.ts';
import { type OpensslReading, readByOpenssl } from './openssl-reading.ts';
import { authorityPlans, leafPlans, type Plan, propertyTimeout, runs } from './plans.ts';

vi.setConfig({ testTimeout: propertyTimeout });

const { issuer } = createPki({ intermediates: 0 });
const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describeWith('openssl')('what openssl reads', () => {
  test('is every leaf as it was planned', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(leafPlans(), { minLength: 1, maxLength: 12 }), async (plans) => {
        const readings = await readByOpenssl(plans.map(({ options }) => issuer.issue({ ...options, key }).certificatePem));

        expect(readings).toMatchObject(
          plans.map((plan) => ({
            ...plannedInFull(plan, { isAuthority: false }),
            mustStaple: plan.options.mustStaple ?? false,
          })),
        );
      }),
      runs(10),
    );
  });

  test('is every authority as it was planned', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(authorityPlans(), { minLength: 1, maxLength: 12 }), async (plans) => {
        const readings = await readByOpenssl(plans.map(({ options }) => issuer.issueAuthority({ ...options, key }).certificatePem));

        expect(readings).toMatchObject(
          plans.map((plan) => ({
            ...plannedInFull(plan, { isAuthority: true }),
            permitted: plannedSubtrees(plan.options.nameConstraints?.permitted),
            excluded: plannedSubtrees(plan.options.nameConstraints?.excluded),
          })),
        );
      }),
      runs(10),
    );
  });
});

/** With what OpenSSL alone tells: string types, and the qualifiers of policies. */
function plannedInFull(plan: Plan, role: { readonly isAuthority: boolean }): Partial<OpensslReading> {
  const reading = plannedReading(plan, role);
  return {
    ...reading,
    stringTypes: plannedStringTypes(reading.subject),
    statementUrls: plan.policies.flatMap(({ statementUrls }) => statementUrls),
    notices: plan.policies.flatMap(({ notice }) => notice ?? []),
  };
}
