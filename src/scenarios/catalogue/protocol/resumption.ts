import { encodePem } from '../../../asn1/pem.ts';
import type { Authority } from '../../../pki/authority.ts';
import type { Identity } from '../../../pki/identity.ts';
import { createPki, type Pki } from '../../../pki/pki.ts';
import { CredentialDraft, day, fromNow, hour, validFor } from '../../drafts/credential-draft.ts';
import type { ResumptionTrial, ServerProtocolScenario, ValidPeers } from '../protocol-scenario.ts';
import { RevocationListDraft } from '../../drafts/revocation-list-draft.ts';
import { byVersion, forServers, rejectedBy } from '../protocol-definition.ts';

/** Sessions of before: what the server learnt in one handshake must not outlive what made it true. */
export const resumption = (): readonly ServerProtocolScenario[] =>
  forServers(
    {
      id: 'resumption-after-revocation',
      title: 'a session whose client has been revoked since',
      tier: 'core',
      reference: 'RFC 8446 2.2, 4.6.1; RFC 5077 5.5',
      differs: "the client's certificate is on the CRL that the server checks since the session began",
      expected: rejectedBy('server', 'CERT_REVOKED', 'certificate_revoked'),
      arrange: afterRevocation,
    },
    {
      id: 'resumption-after-anchor-rotation',
      title: 'a session from before the trust anchors were changed',
      tier: 'core',
      reference: 'RFC 8446 2.2, 4.6.1; class of CVE-2025-68121',
      differs: "the server no longer trusts the client's root since the session began",
      expected: rejectedBy('server', undefined, 'unknown_ca'),
      arrange: (pki, valid) => ({
        kind: 'resumption',
        identity: valid.client(pki),
        change: { kind: 'configuration', ...otherTrust(valid) },
      }),
    },
    {
      id: 'resumption-across-trust-contexts',
      title: 'a session from a server that trusts another root',
      tier: 'core',
      reference: 'RFC 8446 4.6.1; RFC 5077 5.5; class of CVE-2025-23419 and CVE-2025-68121',
      differs: "the session began with a server that trusts the client's root; the one that it is taken to does not",
      expected: rejectedBy('server', undefined, 'unknown_ca'),
      arrange: (pki, valid) => ({
        kind: 'resumption',
        identity: valid.client(pki),
        change: { kind: 'other-server', ...otherTrust(valid) },
      }),
    },
    {
      id: 'resumption-without-certificate',
      title: 'a session of a client without certificate',
      tier: 'core',
      reference: 'RFC 8446 2.2, 4.6.1; nodejs/node#35317',
      differs: 'a client without certificate resumes its session; it must be refused before, or never count as authorized',
      expected: byVersion(
        rejectedBy('server', 'PEER_DID_NOT_RETURN_A_CERTIFICATE', 'certificate_required'),
        rejectedBy('server', 'PEER_DID_NOT_RETURN_A_CERTIFICATE', 'handshake_failure'),
      ),
      arrange: () => ({ kind: 'resumption', change: { kind: 'none' } }),
    },
    {
      id: 'resumption-after-expiry',
      title: "a session that outlives the client's certificate",
      tier: 'extended',
      reference: 'RFC 8446 4.6.1; RFC 5077 5.6',
      differs: "the client's certificate has expired since the session began",
      expected: rejectedBy('server', 'CERT_HAS_EXPIRED', 'certificate_expired'),
      acceptedBy: ['node', 'openssl', 'gnutls', 'java', 'bun'],
      arrange: afterExpiry,
    },
  );

function afterRevocation(pki: Pki, valid: ValidPeers): ResumptionTrial {
  const identity = valid.client(pki);
  const crl: string[] = [];
  for (let issuer: Authority | undefined = pki.issuer; issuer; issuer = issuer.parent) {
    const list = new RevocationListDraft(issuer, validFor(day));
    if (issuer === pki.issuer) list.revoke({ serialNumber: BigInt(`0x${identity.certificate.serialNumber}`) });
    crl.push(encodePem('X509 CRL', list.der));
  }
  return { kind: 'resumption', identity, change: { kind: 'configuration', trust: pki.anchors, crl, valid: valid.client(pki) } };
}

function afterExpiry(pki: Pki): ResumptionTrial {
  const draft = new CredentialDraft('client', pki);
  const at = fromNow(lifetimeMs);
  draft.leaf.validity = { notBefore: fromNow(-hour), notAfter: at };
  return { kind: 'resumption', identity: draft.arrange().identity, change: { kind: 'expiry', at } };
}

function otherTrust(valid: ValidPeers): { readonly trust: string; readonly valid: Identity } {
  const other = createPki({ name: 'another trust context' });
  return { trust: other.anchors, valid: valid.client(other) };
}

/** Certificates count whole seconds; the session has to be there within this time. */
const lifetimeMs = 3000;
