import { type AlertName, alertCode, alertName } from '../../../wire/records/alerts.ts';
import type { ProtocolScenarioId } from '../ids/protocol-ids.ts';
import type { ClientProtocolScenario } from '../protocol-scenario.ts';
import { accepted, forClients, rejectedBy, withServerFault } from '../protocol-definition.ts';

/** Servers whose bytes are not TLS, wrong, or too many. In each case the client fails by itself, and never continues in the clear. */
export const misbehavingServers = (): readonly ClientProtocolScenario[] =>
  forClients(
    {
      id: 'server-plaintext',
      title: 'an HTTP server without TLS',
      tier: 'core',
      differs: 'the ClientHello is answered in the clear with 400; a request in the clear would get 200',
      references: [{ rfc: 8446, section: '5.1' }],
      cwes: ['CWE-319'],
      severity: 'high',
      versionless: true,
      expected: rejectedBy('client', 'WRONG_VERSION_NUMBER'),
      arrange: withServerFault({ kind: 'plaintext-http' }),
    },
    {
      id: 'server-plaintext-banner',
      title: 'a server that sends first, without TLS',
      tier: 'core',
      differs: 'the server greets in the clear, as SMTP servers do',
      references: [{ rfc: 8446, section: '5.1' }],
      cwes: ['CWE-319'],
      severity: 'high',
      versionless: true,
      expected: rejectedBy('client', 'WRONG_VERSION_NUMBER'),
      arrange: withServerFault({ kind: 'banner', text: '220 mail.mtls-fixtures.test ESMTP\r\n' }),
    },
    {
      id: 'server-garbage',
      title: 'bytes that are not TLS',
      tier: 'core',
      differs: 'the ClientHello is answered with bytes that are not a TLS record',
      references: [
        { rfc: 8446, section: '5.1' },
        { rfc: 8446, section: '6.2' },
      ],
      cwes: ['CWE-20'],
      versionless: true,
      expected: rejectedBy('client', 'WRONG_VERSION_NUMBER'),
      arrange: withServerFault({ kind: 'garbage' }),
    },
    {
      id: 'server-oversized-record',
      title: 'a record that is too long',
      tier: 'core',
      differs: 'the ClientHello is answered with a record longer than any version of TLS allows',
      references: [
        { rfc: 8446, section: '5.1' },
        { rfc: 8446, section: '5.2' },
        { rfc: 5246, section: '6.2.1' },
        { rfc: 5246, section: '6.2.3' },
      ],
      cwes: ['CWE-20'],
      versionless: true,
      expected: rejectedBy('client', 'DATA_LENGTH_TOO_LONG', 'record_overflow'),
      arrange: withServerFault({ kind: 'oversized-record' }),
    },
    {
      id: 'server-oversized-certificate',
      title: 'a Certificate message of 300 kB',
      tier: 'core',
      differs: 'a ServerHello of TLS 1.2 is followed by a Certificate message of 300 kB; for clients that offer TLS 1.2',
      references: [{ rfc: 5246, section: '7.4.2' }],
      cves: ['CVE-2022-41724'],
      cwes: ['CWE-770'],
      severity: 'medium',
      versionless: true,
      expected: rejectedBy('client', 'EXCESSIVE_MESSAGE_SIZE', 'illegal_parameter'),
      arrange: withServerFault({ kind: 'oversized-certificate', bytes: 300_000 }),
    },
    {
      id: 'warning-alert-flood',
      title: 'a flood of warning alerts',
      tier: 'core',
      differs: 'the ClientHello is answered with a thousand warnings and nothing else',
      references: [{ rfc: 8446, section: '6' }],
      cves: ['CVE-2016-8610'],
      cwes: ['CWE-400'],
      severity: 'medium',
      versionless: true,
      expected: rejectedBy('client', 'TOO_MANY_WARN_ALERTS', 'unexpected_message'),
      arrange: withServerFault({ kind: 'warning-alert-flood', count: 1000 }),
    },
    {
      id: 'downgrade-to-tls12-marker',
      title: 'a ServerHello with the downgrade marker',
      tier: 'core',
      differs:
        'a ServerHello of TLS 1.2 whose random says that the server supports TLS 1.3, as after an attack; for clients that offer both',
      references: [{ rfc: 8446, section: '4.1.3' }],
      cwes: ['CWE-757'],
      severity: 'high',
      versionless: true,
      expected: rejectedBy('client', 'INAPPROPRIATE_FALLBACK', 'illegal_parameter'),
      arrange: withServerFault({ kind: 'downgrade-marker' }),
    },
    {
      id: 'wrong-finished-client',
      title: 'a server whose Finished is wrong',
      tier: 'core',
      differs: "one octet of the server's Finished is changed",
      references: [
        { rfc: 8446, section: '4.4.4' },
        { rfc: 5246, section: '7.4.9' },
      ],
      cwes: ['CWE-354'],
      severity: 'critical',
      expected: rejectedBy('client', 'DIGEST_CHECK_FAILED', 'decrypt_error'),
      arrange: withServerFault({ kind: 'wrong-finished' }),
    },
    {
      id: 'wrong-certificate-verify-client',
      title: 'a server whose signature is wrong',
      tier: 'core',
      differs:
        "one octet of the server's signature is changed (CertificateVerify, in TLS 1.2 ServerKeyExchange): the certificate is valid, the proof of its key is not",
      references: [
        { rfc: 8446, section: '4.4.3' },
        { rfc: 5246, section: '7.4.3' },
      ],
      cwes: ['CWE-347'],
      severity: 'critical',
      expected: rejectedBy('client', 'PROVIDER_SIGNATURE_FAILURE', 'decrypt_error'),
      arrange: withServerFault({ kind: 'wrong-certificate-verify' }),
    },
    {
      id: 'retry-in-plaintext',
      title: 'a server whose handshake always fails',
      tier: 'core',
      differs: 'every ClientHello is answered with the alert handshake_failure; a client that then continues in the clear is flagged',
      references: [{ rfc: 9325, section: '3.2', note: 'retries without TLS' }],
      cwes: ['CWE-319', 'CWE-757'],
      severity: 'high',
      versionless: true,
      expected: rejectedBy('server', undefined, 'handshake_failure'),
      arrange: withServerFault({ kind: 'alert', alert: 'handshake_failure' }),
    },
    {
      id: 'server-one-byte-at-a-time',
      title: 'a server whose bytes come one at a time',
      tier: 'control',
      differs: 'every octet of a valid server is sent on its own',
      references: [
        { rfc: 8446, section: '5.1' },
        { rfc: 9293, section: '3.7.2' },
      ],
      expected: accepted,
      arrange: withServerFault({ kind: 'one-byte-at-a-time' }),
    },
    ...alertNames().map((alert) => ({
      id: `alert-at-client-hello-${alert.replaceAll('_', '-')}` as ProtocolScenarioId, // an alert's name, by the list
      title: `a server that answers with the alert ${alert}`,
      tier: 'core' as const,
      differs: `the ClientHello is answered with the fatal alert ${alert}`,
      references: [{ rfc: 8446, section: '6.2' }],
      cwes: ['CWE-755'] as const,
      versionless: true as const,
      expected: rejectedBy('server', undefined, alert),
      arrange: withServerFault({ kind: 'alert', alert }),
    })),
  );

/** Every alert that the registry names, by number. */
function alertNames(): AlertName[] {
  return Array.from({ length: 256 }, (_, code) => alertName(code)).filter((name): name is AlertName => alertCode(name) !== undefined);
}
