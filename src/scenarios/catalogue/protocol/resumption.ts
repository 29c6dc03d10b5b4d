import { encodePem } from '../../../asn1/pem.ts';
import type { Authority } from '../../../pki/authority.ts';
import type { Identity } from '../../../pki/identity.ts';
import { createPki, type Pki } from '../../../pki/pki.ts';
import { CredentialDraft, day, fromNow, hour, validFor } from '../../drafts/credential-draft.ts';
import type { ResumptionTrial, ServerProtocolScenario, ValidPeers } from '../protocol-scenario.ts';
import { RevocationListDraft } from '../../drafts/revocation-list-draft.ts';
import { forStacks } from '../divergences.ts';
import { forServers, noCertificate, rejectedBy } from '../protocol-definition.ts';

/** Resumption of sessions: what the server verified in one handshake must not be used when it is no longer true. */
export const resumption = (): readonly ServerProtocolScenario[] =>
  forServers(
    {
      id: 'resumption-after-revocation',
      title: 'a session whose client certificate has been revoked since',
      tier: 'core',
      differs: "the client's certificate is on the CRL that the server checks, since the session was established",
      references: [
        { rfc: 8446, section: '2.2' },
        { rfc: 8446, section: '4.6.1' },
        { rfc: 5077, section: '5.5' },
      ],
      cwes: ['CWE-299', 'CWE-613'],
      severity: 'high',
      expected: rejectedBy('server', 'CERT_REVOKED', 'certificate_revoked'),
      arrange: afterRevocation,
    },
    {
      id: 'resumption-after-anchor-rotation',
      title: 'a session from before a change of the trust anchors',
      tier: 'core',
      differs: "the server no longer trusts the client's root, since the session was established",
      references: [
        { rfc: 8446, section: '2.2' },
        { rfc: 8446, section: '4.6.1' },
      ],
      cves: ['CVE-2025-68121', 'CVE-2022-21654'],
      cwes: ['CWE-613'],
      severity: 'high',
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
      differs: "the session was established with a server that trusts the client's root, and is resumed with one that does not",
      references: [
        { rfc: 8446, section: '4.6.1' },
        { rfc: 5077, section: '5.5' },
      ],
      cves: ['CVE-2025-23419', 'CVE-2025-68121'],
      cwes: ['CWE-287'],
      severity: 'high',
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
      differs: 'a client without certificate resumes its session; it must be refused before, or never count as authorized',
      references: [
        { rfc: 8446, section: '2.2' },
        { rfc: 8446, section: '4.6.1' },
        { document: 'nodejs/node', section: '#35317' },
      ],
      cwes: ['CWE-306'],
      severity: 'critical',
      expected: noCertificate,
      arrange: () => ({ kind: 'resumption', change: { kind: 'none' } }),
    },
    {
      id: 'resumption-after-expiry',
      title: 'a session whose client certificate has expired',
      tier: 'extended',
      differs: "the client's certificate has expired since the session was established",
      references: [
        { rfc: 8446, section: '4.6.1' },
        { rfc: 5077, section: '5.6' },
      ],
      cwes: ['CWE-298', 'CWE-613'],
      severity: 'medium',
      expected: rejectedBy('server', 'CERT_HAS_EXPIRED', 'certificate_expired'),
      divergences: forStacks(['node', 'openssl', 'gnutls', 'java', 'bun'], 'accepted'),
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
