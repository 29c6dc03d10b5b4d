import type { ServerProtocolScenario } from '../../protocol-scenario.ts';
import { clientFlights, tls13 } from './client-flight-rows.ts';

/** Compressed certificates of a client that cannot be what they say; for servers whose CertificateRequest offers that they may come compressed. */
export const clientCompressedCertificates = (): readonly ServerProtocolScenario[] =>
  clientFlights(
    {
      id: 'client-compressed-certificate-wrong-length',
      title: 'a compressed certificate that is shorter than it says',
      tier: 'core',
      differs: 'uncompressed_length is one octet more than the Certificate; for servers that take compressed certificates',
      references: [
        { rfc: 8879, section: '4', note: 'another length than specified: bad_certificate' },
        { document: 'tlsfuzzer', section: 'test-tls13-client-certificate-compression' },
      ],
      cwes: ['CWE-20'],
      severity: 'medium',
      versions: tls13,
      alerts: ['bad_certificate'],
    },
    {
      id: 'client-compressed-certificate-too-large',
      title: 'a compressed certificate of eight mebibytes',
      tier: 'core',
      differs: 'what is compressed is eight mebibytes longer than uncompressed_length says; for servers that take compressed certificates',
      references: [
        { rfc: 8879, section: '4' },
        { rfc: 8879, section: '5', note: 'no more is decompressed than specified' },
        { document: 'tlsfuzzer', section: 'test-tls13-client-certificate-compression' },
      ],
      cwes: ['CWE-770'],
      severity: 'medium',
      versions: tls13,
      alerts: ['bad_certificate'],
    },
    {
      id: 'client-compressed-certificate-not-compressed',
      title: 'a CompressedCertificate that is not compressed',
      tier: 'core',
      differs:
        'CompressedCertificate holds the Certificate as it is, under the number of an algorithm; for servers that take compressed certificates',
      references: [{ rfc: 8879, section: '4', note: 'what cannot be decompressed: bad_certificate' }],
      cwes: ['CWE-20'],
      severity: 'medium',
      versions: tls13,
      alerts: ['bad_certificate'],
    },
    {
      id: 'client-compressed-certificate-empty',
      title: 'a CompressedCertificate without compressed data',
      tier: 'core',
      differs: 'compressed_certificate_message has no octets; for servers that take compressed certificates',
      references: [
        { rfc: 8879, section: '4', note: 'at least one octet' },
        { rfc: 8446, section: '6.2' },
        { document: 'tlsfuzzer', section: 'test-tls13-client-certificate-compression' },
      ],
      cwes: ['CWE-20'],
      severity: 'medium',
      versions: tls13,
      alerts: ['decode_error', 'bad_certificate'],
    },
    {
      id: 'client-compressed-certificate-algorithm-not-offered',
      title: 'a certificate compressed by an algorithm that was not offered',
      tier: 'core',
      differs:
        'the Certificate is compressed by another algorithm than those of the CertificateRequest; for servers that take compressed certificates',
      references: [
        { rfc: 8879, section: '4', note: 'one of the algorithms that the peer listed' },
        { rfc: 8446, section: '6.2' },
        { document: 'tlsfuzzer', section: 'test-tls13-client-certificate-compression' },
      ],
      cwes: ['CWE-20'],
      severity: 'low',
      versions: tls13,
      alerts: ['illegal_parameter', 'bad_certificate'],
    },
    {
      id: 'client-compressed-certificate-twice',
      title: 'two CompressedCertificate messages',
      tier: 'core',
      differs:
        'CompressedCertificate is sent twice, and everything after it is computed over both; for servers that take compressed certificates',
      references: [
        { rfc: 8446, section: '4' },
        { rfc: 8879, section: '4' },
      ],
      cwes: ['CWE-358'],
      severity: 'medium',
      versions: tls13,
      alerts: ['unexpected_message'],
    },
  );
