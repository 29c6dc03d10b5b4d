import type { CredentialDraft } from '../../../drafts/credential-draft.ts';
import { all } from '../../changes.ts';
import { type CredentialTable, rejected } from '../../credential-definition.ts';
import { chainBelow, chainOf, ownIssuer, sent, untrustedRoot } from './hierarchy.ts';

/** Chains that end at no trust anchor, for verifiers that take the last certificate they reached for one. */
export const untrustedChainsCredentials: CredentialTable = () => [
  {
    id: 'untrusted-intermediate-as-anchor',
    title: "an issuing CA of the peer's own, which is sent",
    group: 'trust',
    differs: 'the issuing CA, which is sent, is issued by itself and not by the trusted root',
    references: [{ rfc: 5280, section: '6.1.1(d)', note: "an anchor comes from the verifier's configuration" }],
    cves: ['CVE-2026-11310'],
    cwes: ['CWE-296'],
    severity: 'critical',
    role: 'client',
    tier: 'core',
    expected: rejected('SELF_SIGNED_CERT_IN_CHAIN'),
    valid: ownIssuer,
    fault: all(
      issuedByItself,
      sent(({ leaf }, { intermediate }) => [leaf, intermediate.certificate]),
    ),
  },
  {
    id: 'chain-depth-105-unknown-ca',
    title: 'a chain of 105 CAs that leads to an unknown root',
    group: 'trust',
    differs:
      'above the CAs between the root and the leaf are others up to 105, more than OpenSSL follows, and the last is issued by a root that is not trusted',
    references: [{ rfc: 5280, section: '6.1' }],
    cves: ['CVE-2026-11999'],
    cwes: ['CWE-296'],
    severity: 'critical',
    role: 'client',
    tier: 'core',
    expected: rejected('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
    valid: chainOf(12),
    fault: chainBelow(untrustedRoot, 105),
  },
];

function issuedByItself({ intermediate }: CredentialDraft): void {
  intermediate.issuedBy = undefined;
}
