// Run by describe-spiffe-under-test.test.ts, which looks at what becomes of these tests.
import type { IncomingMessage } from 'node:http';
import { decodeJwt } from 'jose';
import { createPki } from '../../../src/index.ts';
import { describeSpiffeUnderTest, type SpiffeSource } from '../../../src/vitest/index.ts';
import { heldOf, type ServiceRules, serviceWith } from '../../mutants/spiffe/workload-service.ts';

const only = ['workload-other-id', 'workload-rotated'];
const pki = createPki({ intermediates: 0 }); // servers of Node.js 24 do not give the chain of their peer
const shop = 'spiffe://example.test/shop';

describeSpiffeUnderTest('correct', source(), { pki, only, skip: { 'workload-rotated': 'not here' } });
describeSpiffeUnderTest('is expected to accept', source(), { pki, only, expected: { 'workload-other-id': { verdict: 'accepted' } } });
describeSpiffeUnderTest('authorizes one trust domain', source(), { pki, only: ['workload-federated'] });
describeSpiffeUnderTest(
  'has an id without letters',
  { ...source(), authorizes: 'spiffe://example.test/1' },
  { pki, only: ['workload-id-other-case'] },
);
describeSpiffeUnderTest('accepts every client', source({ verifiesChains: false, lets: () => true }), { pki, only });
describeSpiffeUnderTest('refuses every client', source({ accepts: () => false }), { pki, only });
describeSpiffeUnderTest('keeps the first SVID', source({ receive: (message, before) => before ?? heldOf(message) }), { pki, only });
describeSpiffeUnderTest('over TCP', source(), { pki, only, port: 0 });
describeSpiffeUnderTest('is not there', { ...source(), start: () => ({ host: '127.0.0.1', port: 1 }) }, { pki, only });
describeSpiffeUnderTest('asks for no token', source(), { pki, only: ['workload-jwt-expired'] });
describeSpiffeUnderTest(
  'does not verify tokens',
  { ...source(), jwt: { audience: 'billing' } },
  { pki, only: ['workload-jwt', 'workload-jwt-expired'] },
);
describeSpiffeUnderTest(
  'hangs up on expired tokens',
  { ...source({ authenticates: hangUpOnExpired }), jwt: { audience: 'billing' } },
  { pki, only: ['workload-jwt', 'workload-jwt-expired'] },
);

/** An end of the connection does not tell what was refused. */
async function hangUpOnExpired({ headers: { authorization = '' }, socket }: IncomingMessage): Promise<boolean> {
  const { exp = 0 } = decodeJwt(authorization.replace('Bearer ', ''));
  if (exp * 1000 < Date.now()) socket.destroy();
  return true;
}

function source(rules: ServiceRules = {}): SpiffeSource {
  return { start: serviceWith(rules), authorizes: shop, within: 1500 };
}
