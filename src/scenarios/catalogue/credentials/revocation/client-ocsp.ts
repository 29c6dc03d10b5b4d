import type { Authority } from '../../../../pki/authority.ts';
import { createPki, type Pki } from '../../../../pki/pki.ts';
import type { OcspOptions } from '../../../../pki/revocation/ocsp-responder.ts';
import type { OcspReply } from '../../../../revocation/revocation-server-options.ts';
import { authorityInfoAccess } from '../../../../x509/extensions.ts';
import { day, fromNow, type CredentialDraft } from '../../../drafts/credential-draft.ts';
import type { Change, CredentialTable, Outcome } from '../../credential-definition.ts';

/** What becomes of a client whose revocation is published by OCSP alone, at the URL in its certificate: for servers that ask there. */
export const clientOcspCredentials: CredentialTable = () => [
  {
    ...byOcsp,
    id: 'ocsp-client-revoked',
    title: 'a leaf that its OCSP responder calls revoked',
    differs: 'the OCSP responder named in the leaf answers "revoked", in a valid response of the issuing CA',
    references: [
      { rfc: 6960, section: '2.2' },
      { rfc: 5280, section: '6.3' },
    ],
    cves: ['CVE-2026-28755'],
    cwes: ['CWE-299'],
    severity: 'high',
    tier: 'extended',
    expected: { alert: 'certificate_revoked' },
    fault: answered({ status: 'revoked' }),
  },
  {
    ...byOcsp,
    id: 'ocsp-client-stale',
    title: 'a leaf with an outdated OCSP response',
    differs: 'nextUpdate in the response of the OCSP responder was two days ago; it says "good"',
    references: [
      { rfc: 6960, section: '3.2(6)' },
      { rfc: 6960, section: '4.2.2.1' },
    ],
    cves: ['CVE-2026-24734'],
    cwes: ['CWE-299'],
    severity: 'medium',
    tier: 'extended',
    expected: undetermined,
    fault: replied(({ issuer }) => ({ ...signedBy(issuer), thisUpdate: fromNow(-4 * day), nextUpdate: fromNow(-2 * day) })),
  },
  {
    ...byOcsp,
    id: 'ocsp-client-forged',
    title: 'a leaf with a forged OCSP response',
    differs: 'the response of the OCSP responder names the issuing CA as its signer and is signed with another key; it says "good"',
    references: [{ rfc: 6960, section: '3.2(2)' }],
    cves: ['CVE-2026-24734'],
    cwes: ['CWE-299', 'CWE-347'],
    severity: 'medium',
    tier: 'extended',
    expected: undetermined,
    fault: replied(() => ({ signedBy: impostor(), responderId: 'name' })),
  },
  {
    ...byOcsp,
    id: 'ocsp-client-wrong-issuer',
    title: 'a leaf with the OCSP response of another CA',
    differs: 'another CA below the same root has signed the response of the OCSP responder, which holds its certificate; it says "good"',
    references: [
      { rfc: 6960, section: '3.2(4)' },
      { rfc: 6960, section: '4.2.2.2' },
    ],
    cves: ['CVE-2026-24734'],
    cwes: ['CWE-299', 'CWE-863'],
    severity: 'medium',
    tier: 'extended',
    expected: undetermined,
    fault: replied(({ pki }) => ({ signedBy: pki.root.issueAuthority({ commonName: 'another issuing CA' }) })),
  },
  {
    ...byOcsp,
    id: 'ocsp-client-other-certificate',
    title: 'a leaf with the OCSP response about another certificate',
    differs: 'the response of the OCSP responder is about another serial number of the same CA; it says "good"',
    references: [{ rfc: 6960, section: '3.2(1)' }],
    cves: ['CVE-2026-24734'],
    cwes: ['CWE-299'],
    severity: 'medium',
    tier: 'extended',
    expected: undetermined,
    fault: answered({ serialNumber: 1n }),
  },
  {
    ...byOcsp,
    id: 'ocsp-client-unknown',
    title: 'a leaf that its OCSP responder does not know',
    differs: 'the OCSP responder named in the leaf answers "unknown"',
    references: [{ rfc: 6960, section: '2.2', note: 'whether it is rejected is up to local policy' }],
    cwes: ['CWE-299'],
    severity: 'medium',
    tier: 'varies',
    expected: undetermined,
    fault: answered({ status: 'unknown' }),
  },
  {
    ...byOcsp,
    id: 'ocsp-client-responder-down',
    title: 'a leaf whose OCSP responder is out of order',
    differs:
      'the OCSP responder named in the leaf answers HTTP 503; a server that accepts fails softly, and an attacker who cuts it off is let in',
    references: [],
    cves: ['CVE-2026-29145'],
    cwes: ['CWE-299'],
    severity: 'medium',
    tier: 'varies',
    expected: undetermined,
    fault: replied(() => 'unavailable'),
  },
];

/** Both certificates below the root name the responder, since some servers want the status of each. */
const byOcsp = { group: 'revocation', role: 'client', needsResponder: true, valid: namesResponder } as const;

function namesResponder(draft: CredentialDraft): void {
  const { leaf, ocspUrl, pki } = draft;
  const issuer = pki.root.issueAuthority({ commonName, ocsp: ocspUrl });
  leaf.issuedBy = issuer;
  leaf.extend(authorityInfoAccess({ ocsp: [ocspUrl], caIssuers: [] }));
  draft.ocsp = { issuer, reply: signedBy(issuer) };
}

/** The responder answers so about the leaf, by the issuing CA. */
function answered(answer: OcspOptions): Change {
  return replied(({ issuer }) => ({ ...signedBy(issuer), ...answer }));
}

/** The responder replies so about the leaf. */
function replied(reply: (parts: { readonly issuer: Authority; readonly pki: Pki }) => OcspReply): Change {
  return (draft) => {
    const { ocsp, pki } = draft;
    if (ocsp) draft.ocsp = { ...ocsp, reply: reply({ issuer: ocsp.issuer, pki }) };
  };
}

/** With the certificate of the CA in the response: Apache does not look for it in the client's chain (measured on 2.4.71). */
function signedBy(issuer: Authority): OcspOptions {
  return { responder: issuer };
}

/** A CA of an attacker's, with the name of the issuing CA. */
function impostor(): NonNullable<OcspOptions['signedBy']> {
  return createPki().root.issueAuthority({ commonName });
}

const commonName = 'OCSP issuing CA';

/** The status of the certificate is not known: RFC 6066 8 has an alert for responses in the handshake, and stacks that ask by themselves say certificate_unknown too. */
const undetermined: Outcome = { alert: 'bad_certificate_status_response', alerts: ['certificate_unknown'] };
