import { identityFromPem } from '../../../pki/formats/identity-from-pem.ts';
import type { Identity } from '../../../pki/identity.ts';
import { keyUsage, subjectAltName } from '../../../x509/extensions.ts';
import { uriName } from '../../../x509/names/general-name.ts';
import type { KeyUsage } from '../../../x509/object-identifiers.ts';
import { accepted, rejectedBy } from '../protocol-definition.ts';
import { bundleOfDomain, forWorkloads } from './spiffe-definition.ts';
import type { SpiffeScenario, TrustDomains } from './spiffe-scenario.ts';

/** Clients with certificates of other kinds than the authorized one's, and unusual ones that are valid. */
export const clientCertificates = (): readonly SpiffeScenario[] => [...usages(), ...validOnes()];

const usages = (): readonly SpiffeScenario[] =>
  forWorkloads(
    {
      id: 'workload-no-uri-name',
      title: 'a certificate without a SPIFFE id',
      differs: 'there is no URI name',
      tier: 'core',
      references: [{ document: 'X509-SVID', section: '2', note: 'exactly one' }],
      severity: 'high',
      cwes: ['CWE-863'],
      trial: { kind: 'client', mint: ({ home }) => home.issuer.issue({ commonName: 'client' }) },
      expected: rejectedBy('server'),
    },
    {
      id: 'workload-id-in-common-name',
      title: 'the authorized id as the common name',
      differs: 'there is no URI name; the common name is the authorized id, as far as it fits',
      tier: 'core',
      references: [{ document: 'X509-SVID', section: '2', note: 'the id is the URI name' }],
      severity: 'high',
      cwes: ['CWE-863'],
      trial: { kind: 'client', mint: ({ home, authorized }) => home.issuer.issue({ commonName: authorized.slice(0, longestCommonName) }) },
      expected: rejectedBy('server'),
    },
    {
      id: 'workload-id-in-issuer',
      title: 'the authorized id in the certificate of the CA alone',
      differs: 'the leaf has no URI name; the intermediate that has issued it has the authorized id',
      tier: 'core',
      references: [{ document: 'X509-SVID', section: '5.2', note: 'the id of the leaf' }],
      severity: 'high',
      cwes: ['CWE-863'],
      trial: {
        kind: 'client',
        mint: ({ home, authorized }) =>
          home.issuer.issueAuthority({ extensions: [subjectAltName([uriName(authorized)], false)] }).issue({ commonName: 'client' }),
      },
      expected: rejectedBy('server'),
    },
    {
      id: 'workload-ca-flag',
      title: 'the authorized id in a certificate of a CA',
      differs: 'basicConstraints says that it is a CA; its keyUsage is that of an SVID',
      tier: 'core',
      references: [{ document: 'X509-SVID', section: '5.2', note: 'must be rejected' }],
      severity: 'medium',
      cwes: ['CWE-295'],
      trial: { kind: 'client', mint: (domains) => authorityAsClient(domains, ['digitalSignature']) },
      expected: rejectedBy('server'),
    },
    {
      id: 'workload-signing-certificate',
      title: 'the authorized id in a signing certificate',
      differs: 'basicConstraints says that it is a CA, and its keyUsage has keyCertSign',
      tier: 'core',
      references: [{ document: 'X509-SVID', section: '5.2', note: 'must be rejected' }],
      severity: 'medium',
      cwes: ['CWE-295'],
      trial: { kind: 'client', mint: (domains) => authorityAsClient(domains, ['digitalSignature', 'keyCertSign']) },
      expected: rejectedBy('server'),
    },
    ...(['keyCertSign', 'cRLSign'] as const).map((usage) => ({
      id: usage === 'cRLSign' ? ('workload-crl-sign' as const) : ('workload-cert-sign' as const),
      title: `the authorized id in an SVID with ${usage}`,
      differs: `its keyUsage has ${usage} beside digitalSignature`,
      tier: 'core' as const,
      references: [{ document: 'X509-SVID' as const, section: '5.2', note: 'must be rejected' }],
      severity: 'low' as const,
      cwes: ['CWE-295' as const],
      trial: {
        kind: 'client' as const,
        mint: ({ home, authorized }: TrustDomains) => home.issuer.issue({ uri: authorized, keyUsage: ['digitalSignature', usage] }),
      },
      expected: rejectedBy('server'),
    })),
  );

const validOnes = (): readonly SpiffeScenario[] =>
  forWorkloads(
    {
      id: 'workload-intermediate',
      title: 'the authorized id, issued by an intermediate',
      differs: 'an intermediate that the client sends has issued it',
      tier: 'control',
      references: [{ document: 'SPIFFE Workload API', section: '5.2.1', note: 'intermediates may follow the leaf' }],
      trial: {
        kind: 'client',
        mint: ({ home, authorized }) => home.issuer.issueAuthority({ commonName: 'intermediate' }).issue({ uri: authorized }),
      },
      expected: accepted,
    },
    {
      id: 'workload-with-dns-name',
      title: 'the authorized id beside a DNS name',
      differs: 'there is a DNS name beside the only URI name',
      tier: 'control',
      references: [{ document: 'X509-SVID', section: '2', note: 'other names are allowed' }],
      trial: { kind: 'client', mint: ({ home, authorized }) => home.svid(authorized, { dns: 'client.example.test' }) },
      expected: accepted,
    },
    {
      id: 'workload-without-extended-key-usage',
      title: 'the authorized id in an SVID without extendedKeyUsage',
      differs: 'it has no extendedKeyUsage',
      tier: 'control',
      references: [{ document: 'X509-SVID', section: '4.4', note: 'should be there' }],
      trial: { kind: 'client', mint: ({ home, authorized }) => home.issuer.issue({ uri: authorized, extendedKeyUsage: false }) },
      expected: accepted,
    },
    {
      id: 'workload-key-usage-not-critical',
      title: 'the authorized id in an SVID whose keyUsage is not critical',
      differs: 'keyUsage is not critical: a rule for issuers, which X509-SVID 5.2 does not have a verifier check',
      tier: 'varies',
      references: [{ document: 'X509-SVID', section: '4.3', note: 'must be critical' }],
      trial: {
        kind: 'client',
        mint: ({ home, authorized }) =>
          home.issuer.issue({ uri: authorized, keyUsage: false, extensions: [{ ...keyUsage(['digitalSignature']), critical: false }] }),
      },
      expected: accepted,
    },
    {
      id: 'workload-federated',
      title: 'the authorized workload of the federated trust domain',
      differs: 'its trust domain is another one, whose bundle the service has',
      tier: 'core',
      references: [bundleOfDomain],
      needsFederated: true,
      trial: { kind: 'update', changes: [], client: 'federated' },
      expected: accepted,
    },
  );

/** A CA that presents its own certificate. */
function authorityAsClient({ home, authorized }: TrustDomains, usage: readonly KeyUsage[]): Identity {
  const authority = home.issuer.issueAuthority({
    commonName: 'client',
    keyUsage: usage,
    extendedKeyUsage: ['serverAuth', 'clientAuth'],
    extensions: [subjectAltName([uriName(authorized)], false)],
  });
  return identityFromPem({ key: authority.keyPem, cert: authority.chainPem, ca: home.anchors });
}

const longestCommonName = 64;
