import { realNow } from '../../../clock/real-clock.ts';
import { noCertificate, rejectedBy } from '../protocol-definition.ts';
import { pathOf } from './client-ids.ts';
import { bundleOfDomain, forWorkloads, leafValidation } from './spiffe-definition.ts';
import type { SpiffeScenario, TrustDomains } from './spiffe-scenario.ts';

/** Clients with certificates of other CAs, or of other dates, than the authorized one's, or with none. */
export const clientIssuers = (): readonly SpiffeScenario[] =>
  forWorkloads(
    {
      id: 'workload-without-certificate',
      title: 'a client without certificate',
      differs: 'no client certificate is presented',
      tier: 'core',
      references: [{ rfc: 8446, section: '4.4.2.4' }],
      severity: 'critical',
      cwes: ['CWE-306'],
      trial: { kind: 'update', changes: [], client: 'without-certificate' },
      expected: noCertificate,
    },
    {
      id: 'workload-untrusted-ca',
      title: 'the authorized id, issued by a CA in no bundle',
      differs: 'its CA is in no bundle',
      tier: 'core',
      references: [leafValidation],
      severity: 'critical',
      cwes: ['CWE-296'],
      trial: { kind: 'client', mint: ({ untrusted, authorized }) => untrusted.svid(authorized) },
      expected: rejectedBy('server', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown_ca'),
    },
    {
      id: 'workload-unknown-trust-domain',
      title: 'the same path in a trust domain without bundle',
      differs: 'its trust domain is mtls-fixtures-evil.test, whose CA is in no bundle',
      tier: 'core',
      references: [bundleOfDomain],
      severity: 'critical',
      cwes: ['CWE-296'],
      trial: { kind: 'client', mint: ({ untrusted, authorized }) => untrusted.svid(`${unknownDomain}${pathOf(authorized)}`) },
      expected: rejectedBy('server', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown_ca'),
    },
    {
      id: 'workload-unknown-trust-domain-of-own-ca',
      title: "the same path in a trust domain without bundle, issued by the service's own CA",
      differs: 'its trust domain is mtls-fixtures-evil.test; its CA is in the bundle of the own trust domain',
      tier: 'core',
      references: [bundleOfDomain],
      severity: 'high',
      cwes: ['CWE-863'],
      trial: { kind: 'client', mint: ({ home, authorized }) => home.svid(`${unknownDomain}${pathOf(authorized)}`) },
      expected: rejectedBy('server'),
    },
    {
      id: 'workload-federated-ca-own-id',
      title: 'the authorized id, issued by the CA of a federated trust domain',
      differs: 'its CA is in the bundle of another trust domain than the one that its id is in',
      tier: 'core',
      references: [bundleOfDomain, { document: 'SPIFFE Federation', section: '7.3' }],
      severity: 'critical',
      cwes: ['CWE-863', 'CWE-296'],
      trial: { kind: 'client', mint: ({ federated, authorized }) => federated.svid(authorized) },
      expected: rejectedBy('server'),
    },
    {
      id: 'workload-federated-same-path',
      title: 'the path of the authorized id in a federated trust domain',
      differs:
        'its trust domain is the federated one, whose CA has issued it; its path is the authorized one with -mtls-fixtures where that is authorized too',
      tier: 'core',
      references: [{ document: 'SPIFFE-ID', section: '2.1', note: 'the trust domain is part of the identity' }],
      severity: 'high',
      cwes: ['CWE-863'],
      trial: { kind: 'client', mint: (domains) => domains.federated.svid(samePath(domains)) },
      expected: rejectedBy('server'),
    },
    {
      id: 'workload-federated-id-of-own-ca',
      title: "the authorized id of a federated trust domain, issued by the service's own CA",
      differs: 'its CA is in the bundle of the own trust domain, its id is of the federated one',
      tier: 'core',
      references: [bundleOfDomain, { document: 'SPIFFE Federation', section: '7.3' }],
      severity: 'high',
      cwes: ['CWE-863', 'CWE-296'],
      needsFederated: true,
      trial: {
        kind: 'client',
        mint: ({ home, authorizedFederated }) => (authorizedFederated === undefined ? undefined : home.svid(authorizedFederated)),
      },
      expected: rejectedBy('server'),
    },
    {
      id: 'workload-federated-other-id',
      title: 'another workload of the federated trust domain',
      differs: 'its path is /mtls-fixtures-other; its CA is in the bundle of its trust domain',
      tier: 'core',
      references: [leafValidation],
      severity: 'high',
      cwes: ['CWE-863'],
      trial: {
        kind: 'client',
        mint: ({ federated, federatedDomain }) => federated.svid(`${federatedDomain}/mtls-fixtures-other`),
      },
      expected: rejectedBy('server'),
    },
    {
      id: 'workload-expired',
      title: 'the authorized id in an SVID that has expired',
      differs: 'it expired a minute ago',
      tier: 'core',
      references: [{ rfc: 5280, section: '6.1.3(a)(2)' }],
      severity: 'high',
      cwes: ['CWE-298'],
      trial: {
        kind: 'client',
        mint: ({ home, authorized }) =>
          home.svid(authorized, { notBefore: new Date(realNow() - hour), notAfter: new Date(realNow() - minute) }),
      },
      expected: rejectedBy('server', 'CERT_HAS_EXPIRED', 'certificate_expired'),
    },
    {
      id: 'workload-not-yet-valid',
      title: 'the authorized id in an SVID that is not valid yet',
      differs: 'it is valid in an hour',
      tier: 'core',
      references: [{ rfc: 5280, section: '6.1.3(a)(2)' }],
      severity: 'medium',
      cwes: ['CWE-298'],
      trial: {
        kind: 'client',
        mint: ({ home, authorized }) =>
          home.svid(authorized, { notBefore: new Date(realNow() + hour), notAfter: new Date(realNow() + 2 * hour) }),
      },
      expected: rejectedBy('server', 'CERT_NOT_YET_VALID', 'bad_certificate'),
    },
  );

function samePath({ authorized, federatedDomain, authorizedFederated }: TrustDomains): string {
  const same = `${federatedDomain}${pathOf(authorized)}`;
  return same === authorizedFederated ? `${same}-mtls-fixtures` : same;
}

const unknownDomain = 'spiffe://mtls-fixtures-evil.test';
const minute = 60_000;
const hour = 60 * minute;
