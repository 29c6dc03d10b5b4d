import { accepted, noCertificate, rejectedBy } from '../protocol-definition.ts';
import type { Reference } from '../references.ts';
import { bundleOfDomain, forWorkloads, fullState, leafValidation, redaction } from './spiffe-definition.ts';
import type { SpiffeScenario } from './spiffe-scenario.ts';

/** Other trust domains come and go. */
export const federation = (): readonly SpiffeScenario[] =>
  forWorkloads(
    {
      id: 'workload-federation-withdrawn',
      title: 'the authorized workload of a trust domain whose bundle was withdrawn',
      differs: 'the bundle of its trust domain is no longer among the federated ones',
      tier: 'core',
      references: [redaction, bundleOfDomain],
      severity: 'high',
      cwes: ['CWE-296', 'CWE-613'],
      needsFederated: true,
      trial: { kind: 'update', changes: ['unfederated'], client: 'federated' },
      expected: rejectedBy('server', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown_ca'),
    },
    {
      id: 'workload-federated-again',
      title: 'the authorized workload of a trust domain whose bundle was withdrawn and has come back',
      differs: 'the bundle of its trust domain was withdrawn for a time',
      tier: 'core',
      references: [fullState],
      needsFederated: true,
      trial: { kind: 'update', changes: ['unfederated', 'federated'], client: 'federated' },
      expected: accepted,
    },
    {
      id: 'workload-federated-new-root',
      title: 'the authorized workload of a federated trust domain, of a root that has joined its bundle',
      differs: 'a root has joined the federated bundle, and has issued its SVID',
      tier: 'core',
      references: [fullState],
      needsFederated: true,
      trial: { kind: 'update', changes: ['federated-root'], client: 'federated' },
      expected: accepted,
    },
    {
      id: 'workload-federated-retired-root',
      title: 'the authorized workload of a federated trust domain, of a root that was withdrawn',
      differs: 'the root that has issued its SVID is no longer in the federated bundle',
      tier: 'core',
      references: [redaction],
      severity: 'high',
      cwes: ['CWE-296', 'CWE-613'],
      needsFederated: true,
      trial: { kind: 'update', changes: ['federated-root', 'federated-root-retired'], client: 'federated-before' },
      expected: rejectedBy('server', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown_ca'),
    },
  );

/** The service loses its entitlement, or the API. */
export const losses = (): readonly SpiffeScenario[] =>
  forWorkloads(
    {
      id: 'workload-entitlement-lost',
      title: 'every client of a service that has lost its entitlement',
      differs: 'the stream has ended with PERMISSION_DENIED; go-spiffe goes on with what it has',
      tier: 'extended',
      references: [ceaseUsing],
      severity: 'medium',
      cwes: ['CWE-613'],
      trial: { kind: 'update', changes: ['revoked'], client: 'authorized' },
      expected: rejectedBy('server'),
    },
    {
      id: 'workload-entitlement-lost-without-certificate',
      title: 'a client without certificate of a service that has lost its entitlement',
      differs: 'no client certificate is presented; the stream has ended with PERMISSION_DENIED',
      tier: 'core',
      references: [{ rfc: 8446, section: '4.4.2.4' }, ceaseUsing],
      severity: 'critical',
      cwes: ['CWE-306', 'CWE-636'],
      trial: { kind: 'update', changes: ['revoked'], client: 'without-certificate', stays: true },
      expected: rejectedBy('server'),
    },
    {
      id: 'workload-entitlement-lost-untrusted',
      title: 'the authorized id of a CA in no bundle, of a service that has lost its entitlement',
      differs: 'its CA is in no bundle; the stream has ended with PERMISSION_DENIED',
      tier: 'core',
      references: [leafValidation, ceaseUsing],
      severity: 'critical',
      cwes: ['CWE-296', 'CWE-636'],
      trial: { kind: 'update', changes: ['revoked'], client: 'untrusted', stays: true },
      expected: rejectedBy('server'),
    },
    {
      id: 'workload-entitled-again',
      title: 'the authorized client of a service that was without entitlement for a time',
      differs: 'the service has lost its entitlement, and has got it back',
      tier: 'core',
      references: [{ document: 'SPIFFE Workload API', section: '5.2.1', note: 'may reconnect after a backoff' }],
      trial: { kind: 'update', changes: ['revoked', 'entitled'], client: 'authorized' },
      expected: accepted,
    },
    {
      id: 'workload-api-stopped',
      title: 'the authorized client while the Workload API does not answer',
      differs: 'the Workload API was closed',
      tier: 'core',
      references: [connection],
      trial: { kind: 'update', changes: ['api-stopped'], client: 'authorized', stays: true },
      expected: accepted,
    },
    {
      id: 'workload-api-stopped-without-certificate',
      title: 'a client without certificate while the Workload API does not answer',
      differs: 'no client certificate is presented; the Workload API was closed',
      tier: 'core',
      references: [{ rfc: 8446, section: '4.4.2.4' }],
      severity: 'critical',
      cwes: ['CWE-306', 'CWE-636'],
      trial: { kind: 'update', changes: ['api-stopped'], client: 'without-certificate', stays: true },
      expected: noCertificate,
    },
    {
      id: 'workload-api-restarted',
      title: 'the authorized client, by an SVID of a Workload API that was started again',
      differs: 'the Workload API was closed and listens at the same place again',
      tier: 'core',
      references: [connection],
      trial: { kind: 'update', changes: ['api-restarted'], client: 'authorized' },
      expected: accepted,
    },
    {
      id: 'workload-security-header',
      title: 'each request of the service to the Workload API, by its security header',
      differs: 'nothing: what the service has asked so far had the metadata workload.spiffe.io: true, exactly once',
      tier: 'core',
      references: [{ document: 'SPIFFE Workload Endpoint', section: '3', note: 'static security header' }],
      trial: { kind: 'requests' },
      expected: accepted,
    },
  );

const ceaseUsing: Reference = { document: 'SPIFFE Workload API', section: '5.2.1', note: 'should cease using the redacted SVIDs' };
const connection: Reference = { document: 'SPIFFE Workload API', section: '4.2', note: 'should immediately establish a new connection' };
