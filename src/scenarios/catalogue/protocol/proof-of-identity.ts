import { identityFromPem } from '../../../pki/formats/identity-from-pem.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { Pki } from '../../../pki/pki.ts';
import type { ServerProtocolScenario, ValidPeers } from '../protocol-scenario.ts';
import { forServers, noCertificate, rejectedBy } from '../protocol-definition.ts';

/** How a client proves its identity: not at all, or with messages that do not verify. */
export const proofOfIdentity = (): readonly ServerProtocolScenario[] =>
  forServers(
    {
      id: 'no-client-certificate',
      title: 'a client without certificate',
      tier: 'core',
      differs: 'no client certificate is presented',
      references: [
        { rfc: 8446, section: '4.4.2.4' },
        { rfc: 5246, section: '7.4.6' },
      ],
      cves: ['CVE-2025-15346', 'CVE-2026-1709'],
      cwes: ['CWE-306'],
      severity: 'critical',
      withoutCertificate: true,
      expected: noCertificate,
      arrange: (pki) => ({ kind: 'handshake', options: { trust: pki.anchors } }),
    },
    {
      id: 'empty-certificate-list-then-data',
      title: 'a request sent at once by a client without certificate',
      tier: 'core',
      differs: 'no client certificate is presented, and an HTTP request follows at once; the valid client sends the same',
      references: [{ rfc: 8446, section: '4.4.2.4' }],
      cwes: ['CWE-306'],
      severity: 'critical',
      expected: noCertificate,
      arrange: () => ({ kind: 'request' }),
    },
    {
      id: 'oversized-certificate-chain',
      at: 'default',
      title: 'a client with a chain of 300 kB',
      tier: 'core',
      differs: 'the issuing certificate follows the leaf until the Certificate message is longer than 300 kB',
      references: [{ rfc: 8446, section: '4.4.2' }],
      cves: ['CVE-2022-41724'],
      cwes: ['CWE-770'],
      severity: 'medium',
      expected: rejectedBy('server', 'EXCESSIVE_MESSAGE_SIZE', 'illegal_parameter'),
      arrange: (pki, valid) => ({ kind: 'handshake', options: { identity: withLongChain(pki, valid) }, cutCounts: true }),
    },
    {
      id: 'wrong-finished',
      title: 'a client whose Finished is wrong',
      tier: 'core',
      differs: "one octet of the client's Finished is changed",
      references: [
        { rfc: 8446, section: '4.4.4' },
        { rfc: 5246, section: '7.4.9' },
      ],
      cwes: ['CWE-354'],
      severity: 'critical',
      expected: rejectedBy('server', 'DIGEST_CHECK_FAILED', 'decrypt_error'),
      arrange: (pki, valid) => ({ kind: 'client-fault', fault: { kind: 'wrong-finished' }, identity: valid.client(pki) }),
    },
    {
      id: 'wrong-certificate-verify',
      title: 'a client whose CertificateVerify is wrong',
      tier: 'core',
      differs:
        "one octet of the signature in the client's CertificateVerify is changed: the certificate is valid, the proof of its key is not",
      references: [
        { rfc: 8446, section: '4.4.3' },
        { rfc: 5246, section: '7.4.8' },
      ],
      cwes: ['CWE-347'],
      severity: 'critical',
      expected: rejectedBy('server', 'PROVIDER_SIGNATURE_FAILURE', 'decrypt_error'),
      arrange: (pki, valid) => ({ kind: 'client-fault', fault: { kind: 'wrong-certificate-verify' }, identity: valid.client(pki) }),
    },
    {
      id: 'renegotiation-client-initiated-tls12',
      title: 'a renegotiation that the client initiates',
      tier: 'varies',
      differs: 'an authenticated client initiates another handshake on the same connection, with the same certificate',
      references: [{ rfc: 5746 }, { rfc: 9113, section: '9.2.1' }],
      cves: ['CVE-2011-1473'],
      cwes: ['CWE-400'],
      severity: 'low',
      versions: ['TLSv1.2'],
      expected: rejectedBy('server', undefined, 'no_renegotiation'),
      divergences: { node: 'accepted', gnutls: 'accepted', java: 'accepted' },
      arrange: (pki, valid) => ({ kind: 'renegotiation', identity: valid.client(pki) }),
    },
  );

/** The most that was measured to be accepted is 256 KiB, by Go. */
function withLongChain(pki: Pki, valid: ValidPeers): Identity {
  const client = valid.client(pki);
  const issuer = pki.issuer.certificatePem;
  const times = Math.ceil(longChainOctets / pki.issuer.certificate.raw.length);
  return identityFromPem({ cert: client.certificatePem + issuer.repeat(times), key: client.keyPem, ca: pki.anchors });
}

const longChainOctets = 300_000;
