import type { MessageDamage } from '../../../spiffe/api/message-damage.ts';
import type { SpiffeScenarioId } from '../ids/spiffe-ids.ts';
import { accepted, rejectedBy } from '../protocol-definition.ts';
import type { Reference } from '../references.ts';
import { forWorkloads, leafValidation, type SpiffeDefinition } from './spiffe-definition.ts';
import type { SpiffeScenario } from './spiffe-scenario.ts';

/** Messages that cannot be used: the service keeps what it has, and takes the next one. */
export const damagedMessages = (): readonly SpiffeScenario[] =>
  forWorkloads(
    kept('workload-message-without-svids', 'no-svids', 'has no SVID', mandatory),
    kept('workload-message-empty-key', 'empty-key', 'has no private key', mandatory),
    kept('workload-message-other-key', 'key-of-another', 'has another private key than that of the leaf', field),
    kept('workload-message-issuer-first', 'issuer-first', 'has a root before the leaf', { ...field, note: 'the leaf comes first' }),
    kept('workload-message-pem', 'pem', 'has the certificates as PEM', { ...field, note: 'DER' }),
    kept('workload-message-truncated', 'truncated', 'has certificates that are cut off', field),
    kept('workload-message-trailing-bytes', 'trailing-bytes', 'has bytes that are not a certificate behind the certificates', field),
    kept('workload-message-ca-flag', 'ca-flag', 'has a leaf that is a CA by its basicConstraints', {
      document: 'X509-SVID',
      section: '4.1',
    }),
    kept('workload-message-cert-sign', 'cert-sign', 'has a leaf whose keyUsage has keyCertSign', { document: 'X509-SVID', section: '4.3' }),
    {
      id: 'workload-empty-bundle-untrusted',
      title: 'the authorized id of a CA in no bundle, after a message with an empty bundle',
      differs: 'its CA is in no bundle; the bundle of the own trust domain was delivered without a byte',
      tier: 'core',
      references: [mandatory, leafValidation],
      severity: 'critical',
      cwes: ['CWE-296', 'CWE-636'],
      trial: { kind: 'update', changes: [{ damage: 'empty-bundle' }], client: 'untrusted', stays: true },
      expected: rejectedBy('server'),
    },
    {
      id: 'workload-empty-bundle-without-certificate',
      title: 'a client without certificate, after a message with an empty bundle',
      differs: 'no client certificate is presented; the bundle of the own trust domain was delivered without a byte',
      tier: 'core',
      references: [{ rfc: 8446, section: '4.4.2.4' }, mandatory],
      severity: 'critical',
      cwes: ['CWE-306', 'CWE-636'],
      trial: { kind: 'update', changes: [{ damage: 'empty-bundle' }], client: 'without-certificate', stays: true },
      expected: rejectedBy('server'),
    },
  );

/** The previous state stays, which is what the authorized client shows; the end of each scenario shows that the next message is taken. */
function kept(id: SpiffeScenarioId, damage: MessageDamage, how: string, reference: Reference): SpiffeDefinition {
  return {
    id,
    title: `the authorized client, after a message that ${how}`,
    differs: `the Workload API has sent a message that ${how}, and then one as it should be`,
    tier: 'core',
    references: [reference],
    cwes: ['CWE-755'],
    trial: { kind: 'update', changes: [{ damage }], client: 'authorized', stays: true },
    expected: accepted,
  };
}

const mandatory: Reference = {
  document: 'SPIFFE Workload API',
  section: '4.5',
  note: 'a client should report an error and discard the message',
};
const field: Reference = { document: 'SPIFFE Workload API', section: '5.2.1' };
