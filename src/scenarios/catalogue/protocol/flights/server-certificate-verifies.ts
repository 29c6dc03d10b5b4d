import { forStacks } from '../../divergences.ts';
import type { ClientProtocolScenario } from '../../protocol-scenario.ts';
import { forClients } from '../../protocol-definition.ts';
import { serverFlight } from './server-flight.ts';

/** Servers of TLS 1.3 that do not prove that they hold the key of their certificate, or by a signature that does not count. */
export const serverCertificateVerifies = (): readonly ClientProtocolScenario[] =>
  forClients(
    ...(
      [
        {
          flight: 'certificate-verify-left-out',
          title: 'a server that leaves out its CertificateVerify',
          differs: 'Finished follows the Certificate: the server does not prove that it holds the key',
          references: [
            { rfc: 8446, section: '4.4.3' },
            { rfc: 8446, section: 'A.1' },
          ],
          cwes: ['CWE-306'],
          severity: 'critical',
          answer: 'unexpected_message',
        },
        {
          flight: 'certificate-verify-sha1',
          tier: 'extended',
          title: 'a CertificateVerify with SHA-1',
          differs: 'the server signs by ecdsa_sha1, which TLS 1.3 does not allow there',
          references: [{ rfc: 8446, section: '4.4.3' }],
          cwes: ['CWE-328'],
          severity: 'medium',
          answer: 'illegal_parameter',
          divergences: forStacks(['java', 'erlang'], 'accepted'),
        },
        {
          flight: 'certificate-verify-pkcs1',
          tier: 'extended',
          title: 'a CertificateVerify by RSASSA-PKCS1-v1_5',
          differs: 'the server signs by rsa_pkcs1_sha256, which TLS 1.3 allows in certificates alone',
          references: [
            { rfc: 8446, section: '4.4.3' },
            { rfc: 8446, section: '4.2.3' },
          ],
          cwes: ['CWE-327'],
          severity: 'medium',
          answer: 'illegal_parameter',
          divergences: forStacks(['java', 'erlang'], 'accepted'),
        },
        {
          flight: 'certificate-verify-other-curve',
          tier: 'extended',
          title: 'a CertificateVerify by the scheme of another curve',
          differs: 'a key of P-256 signs by ecdsa_secp384r1_sha384: in TLS 1.3 the scheme names the curve',
          references: [
            { rfc: 8446, section: '4.2.3' },
            { rfc: 8446, section: '4.4.3' },
          ],
          cwes: ['CWE-347'],
          answer: 'illegal_parameter',
          divergences: forStacks(['go-1.19', 'java', 'wolfssl', 'erlang'], 'accepted'),
        },
        {
          flight: 'certificate-verify-other-key-type',
          title: 'a CertificateVerify by the scheme of another kind of key',
          differs: 'the scheme is one of RSA where the certificate has a key of ECDSA, or the other way round',
          references: [{ rfc: 8446, section: '4.4.3' }],
          cves: ['CVE-2022-25638'],
          cwes: ['CWE-347'],
          severity: 'critical',
          answer: 'illegal_parameter',
        },
        {
          flight: 'certificate-verify-truncated',
          title: 'a CertificateVerify whose signature lacks its last octet',
          differs: "the last octet of the server's signature is left out; the lengths are right",
          references: [{ rfc: 8446, section: '4.4.3' }],
          cwes: ['CWE-347'],
          severity: 'critical',
          answer: 'decrypt_error',
        },
        {
          flight: 'certificate-verify-length-too-long',
          title: 'a CertificateVerify whose signature says that it is longer than the message',
          differs: 'the length of the signature is one octet more than what follows',
          references: [{ rfc: 8446, section: '6.2' }],
          cwes: ['CWE-20'],
          answer: 'decode_error',
        },
        {
          flight: 'certificate-verify-empty-signature',
          title: 'a CertificateVerify with an empty signature',
          differs: "the server's signature has no octets",
          references: [{ rfc: 8446, section: '4.4.3' }],
          cwes: ['CWE-347'],
          severity: 'critical',
          answer: 'decrypt_error',
        },
        {
          flight: 'certificate-verify-other-transcript',
          title: 'a CertificateVerify over another transcript',
          differs: "the server's signature does not cover its own Certificate message",
          references: [{ rfc: 8446, section: '4.4.3' }],
          cwes: ['CWE-347'],
          severity: 'critical',
          answer: 'decrypt_error',
        },
        {
          flight: 'certificate-verify-client-context',
          title: "a CertificateVerify with the client's context string",
          differs: 'the server signs what a client would sign, as in a reflected handshake',
          references: [{ rfc: 8446, section: '4.4.3' }],
          cwes: ['CWE-347'],
          severity: 'high',
          answer: 'decrypt_error',
        },
      ] as const
    ).map(serverFlight),
  );
