import { forStacks } from '../../divergences.ts';
import type { ClientProtocolScenario } from '../../protocol-scenario.ts';
import { forClients } from '../../protocol-definition.ts';
import { serverFlight } from './server-flight.ts';

/** Servers whose CertificateRequest or EncryptedExtensions are wrong, absent or out of place. */
export const serverRequests = (): readonly ClientProtocolScenario[] =>
  forClients(
    ...(
      [
        {
          flight: 'certificate-request-twice',
          title: 'a server that asks for a certificate twice',
          differs: 'the CertificateRequest is sent two times in a row',
          references: [
            { rfc: 8446, section: '4' },
            { rfc: 5246, section: '7.4' },
          ],
          cwes: ['CWE-358'],
          answer: 'unexpected_message',
          divergences: { erlang: { 'TLSv1.2': 'accepted' } },
        },
        {
          flight: 'certificate-request-misplaced',
          tier: 'extended',
          title: 'a CertificateRequest out of its place',
          differs: "the CertificateRequest follows the server's Certificate, in TLS 1.2 goes before it",
          references: [
            { rfc: 8446, section: '4.3.2' },
            { rfc: 5246, section: '7.4.4' },
          ],
          cwes: ['CWE-358'],
          answer: 'unexpected_message',
          divergences: { java: { 'TLSv1.3': 'accepted' }, ...forStacks(['wolfssl', 'erlang'], { 'TLSv1.2': 'accepted' }) },
        },
        {
          flight: 'certificate-request-without-signature-algorithms',
          tier: 'extended',
          title: 'a CertificateRequest without signature algorithms',
          differs: 'the extension signature_algorithms is left out; in TLS 1.2 the list is empty',
          references: [
            { rfc: 8446, section: '4.3.2' },
            { rfc: 5246, section: '7.4.4' },
          ],
          cwes: ['CWE-20'],
          answer: { 'TLSv1.3': 'missing_extension', 'TLSv1.2': 'decode_error' },
          divergences: { ...forStacks(['go-1.19', 'mbedtls'], { 'TLSv1.2': 'accepted' }), ...forStacks(['wolfssl', 'erlang'], 'accepted') },
        },
        {
          flight: 'certificate-request-empty-authorities',
          tier: 'extended',
          title: 'a CertificateRequest with an empty list of authorities',
          differs: 'the extension certificate_authorities holds no name',
          references: [{ rfc: 8446, section: '4.2.4' }],
          cwes: ['CWE-20'],
          answer: 'decode_error',
          divergences: forStacks(['node', 'openssl', 'curl', 'nss', 'rustls', 'wolfssl', 'erlang'], 'accepted'),
        },
        {
          flight: 'certificate-request-unknown-extension',
          title: 'a CertificateRequest with an extension of GREASE',
          tier: 'control',
          differs: 'the CertificateRequest has an extension that no client knows, which is to be ignored',
          references: [
            { rfc: 8701, section: '4' },
            { rfc: 8446, section: '4.3.2' },
          ],
          answer: 'accepted',
        },
        {
          flight: 'encrypted-extensions-left-out',
          title: 'a server that leaves out its EncryptedExtensions',
          differs: 'CertificateRequest follows the ServerHello',
          references: [{ rfc: 8446, section: '4.3.1' }],
          cwes: ['CWE-358'],
          answer: 'unexpected_message',
        },
        {
          flight: 'encrypted-extensions-empty-message',
          title: 'EncryptedExtensions without a list',
          differs: 'the message has no octets, not even the length of its list',
          references: [
            { rfc: 8446, section: '4.3.1' },
            { rfc: 8446, section: '6.2' },
          ],
          cwes: ['CWE-20'],
          answer: 'decode_error',
          divergences: { gnutls: 'accepted' },
        },
        {
          flight: 'encrypted-extensions-unsolicited',
          tier: 'extended',
          title: 'EncryptedExtensions with an extension that the client did not ask for',
          differs: 'the message has an extension that is not in the ClientHello',
          references: [{ rfc: 8446, section: '4.2' }],
          cwes: ['CWE-20'],
          answer: 'unsupported_extension',
          divergences: { go: 'accepted' },
        },
        {
          flight: 'encrypted-extensions-with-server-hello',
          tier: 'extended',
          title: 'EncryptedExtensions in the clear, in the record of the ServerHello',
          differs: 'EncryptedExtensions are in one record with the ServerHello, over the change of keys',
          references: [
            { rfc: 8446, section: '5.1' },
            { document: 'RustSec', section: 'RUSTSEC-2026-0285' },
          ],
          cves: ['CVE-2025-61730'],
          cwes: ['CWE-319'],
          severity: 'medium',
          answer: 'unexpected_message',
          divergences: forStacks(['go-1.19', 'gnutls', 'wolfssl'], 'accepted'),
        },
      ] as const
    ).map(serverFlight),
  );
