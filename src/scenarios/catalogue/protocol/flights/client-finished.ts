import type { ServerProtocolScenario } from '../../protocol-scenario.ts';
import { clientFlights, tls13 } from './client-flight-rows.ts';

/** A client's Finished of another length, or over another transcript. */
export const clientFinished = (): readonly ServerProtocolScenario[] =>
  clientFlights(
    {
      id: 'client-finished-truncated',
      title: 'a Finished without its last octet',
      tier: 'core',
      differs: 'Finished lacks its last octet; the length of the message fits',
      references: [
        { rfc: 8446, section: '4.4.4' },
        { rfc: 5246, section: '7.4.9' },
        { document: 'tlsfuzzer', section: 'test-tls13-finished' },
        { document: 'tlsfuzzer', section: 'test-truncating-of-finished' },
      ],
      cwes: ['CWE-354'],
      severity: 'high',
      alerts: ['decode_error', 'decrypt_error'],
    },
    {
      id: 'client-finished-padded',
      title: 'a Finished with an octet after it',
      tier: 'core',
      differs: 'Finished is one octet longer than its hash; the length of the message fits',
      references: [
        { rfc: 8446, section: '4.4.4' },
        { rfc: 5246, section: '7.4.9' },
        { document: 'tlsfuzzer', section: 'test-tls13-finished' },
      ],
      cwes: ['CWE-354'],
      severity: 'medium',
      alerts: ['decode_error', 'decrypt_error'],
    },
    {
      id: 'client-finished-empty',
      title: 'a Finished without content',
      tier: 'core',
      differs: 'Finished has no octets',
      references: [
        { rfc: 8446, section: '4.4.4' },
        { rfc: 5246, section: '7.4.9' },
        { document: 'tlsfuzzer', section: 'test-tls13-finished' },
      ],
      cwes: ['CWE-354'],
      severity: 'critical',
      alerts: ['decode_error', 'decrypt_error'],
    },
    {
      id: 'client-finished-of-server',
      title: "the server's own Finished sent back",
      tier: 'core',
      differs: "the client's Finished holds what the server's held",
      references: [{ rfc: 8446, section: '4.4.4' }],
      cwes: ['CWE-354'],
      severity: 'critical',
      versions: tls13,
      alerts: ['decrypt_error'],
    },
    {
      id: 'client-finished-in-the-clear',
      title: 'a Finished that is not encrypted',
      tier: 'core',
      differs: 'Finished is sent in the clear, behind a Certificate and a CertificateVerify that are encrypted',
      references: [
        { rfc: 8446, section: '4.4' },
        { rfc: 8446, section: '5' },
        { document: 'tlsfuzzer', section: 'test-tls13-finished-plaintext' },
      ],
      cwes: ['CWE-358'],
      severity: 'medium',
      versions: tls13,
      alerts: ['unexpected_message', 'bad_record_mac'],
    },
    {
      id: 'client-finished-without-certificate-verify',
      title: 'a Finished over a transcript without CertificateVerify',
      tier: 'core',
      differs: 'CertificateVerify is sent, and Finished is computed as if it were not',
      references: [
        { rfc: 8446, section: '4.4.4' },
        { rfc: 5246, section: '7.4.9' },
      ],
      cwes: ['CWE-354'],
      severity: 'high',
      alerts: ['decrypt_error'],
    },
  );
