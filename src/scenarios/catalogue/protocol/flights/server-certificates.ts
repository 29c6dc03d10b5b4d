import { forStacks } from '../../divergences.ts';
import type { ClientProtocolScenario } from '../../protocol-scenario.ts';
import { forClients } from '../../protocol-definition.ts';
import { serverFlight } from './server-flight.ts';

/** Servers whose Certificate is wrong in itself, absent, or compressed in a way that was not offered. */
export const serverCertificates = (): readonly ClientProtocolScenario[] =>
  forClients(
    ...(
      [
        {
          flight: 'certificate-empty',
          title: 'a server that presents an empty list of certificates',
          differs: "the server's Certificate message holds no certificate",
          references: [
            { rfc: 8446, section: '4.4.2.4' },
            { rfc: 5246, section: '7.4.2' },
          ],
          cwes: ['CWE-306'],
          severity: 'critical',
          answer: 'decode_error',
        },
        {
          flight: 'certificate-left-out',
          title: 'a server that leaves out its Certificate',
          differs: 'the server sends no Certificate, and all that follows it',
          references: [
            { rfc: 8446, section: '4.4.2' },
            { rfc: 5246, section: '7.3' },
          ],
          cwes: ['CWE-306'],
          severity: 'critical',
          answer: 'unexpected_message',
        },
        {
          flight: 'certificate-list-too-long',
          title: 'a Certificate whose list says that it is longer than the message',
          differs: 'the length of the list of certificates is one octet more than what follows',
          references: [
            { rfc: 8446, section: '6.2' },
            { rfc: 5246, section: '7.2.2' },
          ],
          cwes: ['CWE-20'],
          answer: 'decode_error',
        },
        {
          flight: 'certificate-trailing-octet',
          tier: 'extended',
          title: 'a Certificate with an octet behind its list',
          differs: 'the message is one octet longer than its list of certificates',
          references: [
            { rfc: 8446, section: '6.2' },
            { rfc: 5246, section: '7.2.2' },
          ],
          cwes: ['CWE-20'],
          answer: 'decode_error',
          divergences: { java: { 'TLSv1.2': 'accepted' }, nss: { 'TLSv1.2': 'accepted' } },
        },
        {
          flight: 'certificate-context-set',
          tier: 'extended',
          title: 'a Certificate of a server with a request context',
          differs: 'certificate_request_context, which is empty in what a server sends, has four octets',
          references: [{ rfc: 8446, section: '4.4.2' }],
          cwes: ['CWE-20'],
          answer: 'illegal_parameter',
          divergences: forStacks(['java', 'nss', 'erlang'], 'accepted'),
        },
        {
          flight: 'certificate-unsolicited-extension',
          tier: 'extended',
          title: 'a Certificate with an extension that the client did not ask for',
          differs: 'the entry of the leaf has an extension that is not in the ClientHello',
          references: [
            { rfc: 8446, section: '4.4.2' },
            { rfc: 8446, section: '4.2' },
          ],
          cwes: ['CWE-20'],
          answer: 'unsupported_extension',
          divergences: forStacks(['go', 'java', 'wolfssl', 'erlang'], 'accepted'),
        },
        {
          flight: 'finished-alone',
          title: 'a server that sends Finished without a certificate',
          differs: 'Finished follows EncryptedExtensions: Certificate and CertificateVerify are left out, and no session is resumed',
          references: [
            { rfc: 8446, section: 'A.1' },
            { rfc: 8446, section: '4.4' },
          ],
          cves: ['CVE-2020-24613'],
          cwes: ['CWE-306'],
          severity: 'critical',
          answer: 'unexpected_message',
        },
        {
          flight: 'compressed-certificate-not-offered',
          title: 'a compressed certificate that the client did not ask for',
          differs: 'the Certificate comes compressed by an algorithm that is not in the ClientHello',
          references: [
            { rfc: 8879, section: '3' },
            { rfc: 8446, section: '6.2' },
          ],
          cwes: ['CWE-20'],
          answer: 'unexpected_message',
        },
        {
          flight: 'compressed-certificate-wrong-length',
          title: 'a compressed certificate that is shorter than it says',
          differs: 'uncompressed_length is one octet more than the Certificate; for clients that take compressed certificates',
          references: [{ rfc: 8879, section: '4' }],
          cwes: ['CWE-20'],
          answer: 'bad_certificate',
        },
        {
          flight: 'compressed-certificate-too-large',
          title: 'a compressed certificate of eight mebibytes',
          differs:
            'what is compressed is eight mebibytes longer than uncompressed_length says; for clients that take compressed certificates',
          references: [
            { rfc: 8879, section: '4' },
            { rfc: 8879, section: '5' },
          ],
          cwes: ['CWE-770'],
          severity: 'medium',
          answer: 'bad_certificate',
        },
      ] as const
    ).map(serverFlight),
  );
