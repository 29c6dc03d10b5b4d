import type { ClientFault } from '../../../faults/client/client-fault.ts';
import type { Pki } from '../../../pki/pki.ts';
import type { ClientFaultTrial, ServerProtocolScenario, ValidPeers } from '../protocol-scenario.ts';
import { accepted, byVersion, forServers, noCertificate, rejectedBy, type ServerDefinition } from '../protocol-definition.ts';

/** Clients whose bytes are not TLS, too many, too slow, or too few. In each case the server ends the connection and continues to serve others. */
export const misbehavingClients = (): readonly ServerProtocolScenario[] =>
  forServers(
    {
      id: 'plaintext-http-to-tls',
      title: 'an HTTP request in the clear',
      tier: 'core',
      differs: 'the first bytes are an HTTP/1.1 request; it must not be served',
      references: [{ rfc: 8446, section: '5.1' }],
      cwes: ['CWE-319'],
      severity: 'high',
      versionless: true,
      expected: rejectedBy('server', 'HTTP_REQUEST'),
      arrange: fault('plaintext-http'),
    },
    {
      id: 'http-connect-to-tls-port',
      title: 'a request for a tunnel in the clear',
      tier: 'core',
      differs: 'the first bytes are an HTTP CONNECT request',
      references: [
        { rfc: 8446, section: '5.1' },
        { rfc: 9110, section: '9.3.6' },
      ],
      cwes: ['CWE-20'],
      versionless: true,
      expected: rejectedBy('server', 'HTTPS_PROXY_REQUEST'),
      arrange: fault('http-connect'),
    },
    {
      id: 'garbage-first-flight',
      title: 'bytes that are not TLS',
      tier: 'core',
      differs: 'the first bytes are not a TLS record',
      references: [
        { rfc: 8446, section: '5.1' },
        { rfc: 8446, section: '6.2' },
      ],
      cwes: ['CWE-20'],
      versionless: true,
      expected: rejectedBy('server', 'WRONG_VERSION_NUMBER'),
      arrange: fault('garbage'),
    },
    {
      id: 'sslv2-hello',
      title: 'a ClientHello of SSL 2.0',
      tier: 'core',
      differs: 'the ClientHello is in the format of SSL 2.0',
      references: [{ rfc: 6176, section: '3' }],
      cwes: ['CWE-327'],
      severity: 'medium',
      versionless: true,
      expected: rejectedBy('server', 'UNKNOWN_PROTOCOL', 'protocol_version'),
      arrange: fault('sslv2-hello'),
    },
    {
      id: 'app-data-before-handshake',
      title: 'application data before a handshake',
      tier: 'core',
      differs: 'the first record holds application data',
      references: [
        { rfc: 8446, section: '5' },
        { rfc: 8446, section: '6.2' },
      ],
      cwes: ['CWE-20'],
      versionless: true,
      expected: rejectedBy('server', 'UNEXPECTED_MESSAGE', 'unexpected_message'),
      arrange: fault('application-data-first'),
    },
    {
      id: 'random-bytes-after-hello',
      at: 'default',
      title: 'bytes that are not TLS after the ClientHello',
      tier: 'extended',
      differs: 'a ClientHello is followed by bytes that are not a TLS record',
      references: [
        { rfc: 8446, section: '5.1' },
        { rfc: 8446, section: '6.2' },
      ],
      cwes: ['CWE-20'],
      expected: byVersion(
        rejectedBy('server', 'BAD_RECORD_TYPE', 'unexpected_message'),
        rejectedBy('server', 'WRONG_VERSION_NUMBER', 'protocol_version'),
      ),
      // Java 17 takes them for the beginning of a longer record, and waits for the rest.
      divergences: { java: { 'TLSv1.2': 'accepted' } },
      arrange: fault('random-bytes-after-hello'),
    },
    {
      id: 'oversized-record',
      title: 'a record that is too long',
      tier: 'core',
      differs: 'the first record is longer than any version of TLS allows',
      references: [
        { rfc: 8446, section: '5.1' },
        { rfc: 8446, section: '5.2' },
        { rfc: 5246, section: '6.2.1' },
        { rfc: 5246, section: '6.2.3' },
      ],
      cwes: ['CWE-20'],
      versionless: true,
      expected: rejectedBy('server', 'DATA_LENGTH_TOO_LONG', 'record_overflow'),
      arrange: fault('oversized-record'),
    },
    {
      id: 'connect-and-close',
      title: 'a client that connects and disconnects',
      tier: 'core',
      differs: 'the stream ends without a byte, as with a health check',
      references: [{ rfc: 8446, section: '6.1' }],
      cwes: ['CWE-755'],
      versionless: true,
      expected: rejectedBy('client'),
      arrange: fault('connect-and-close'),
    },
    {
      id: 'truncated-client-hello',
      at: 'default',
      title: 'half a ClientHello',
      tier: 'core',
      differs: 'the stream ends in the middle of the ClientHello',
      references: [{ rfc: 8446, section: '6.1' }],
      cwes: ['CWE-755'],
      expected: rejectedBy('client'),
      arrange: fault('truncated-client-hello'),
    },
    {
      id: 'stalled-handshake',
      title: 'a client that stalls in the handshake',
      tier: 'varies',
      differs: "the ClientHello stops in the middle and nothing follows; the server's time-out has to be shorter than the test's",
      references: [{ rfc: 9112, section: '9.5', note: 'time-outs are up to each end' }],
      cwes: ['CWE-400'],
      severity: 'medium',
      expected: rejectedBy('server', 'HANDSHAKE_TIMEOUT'),
      arrange: fault('stalled-handshake'),
    },
    {
      id: 'close-after-client-hello',
      at: 'default',
      title: 'a client that disconnects after its ClientHello',
      tier: 'core',
      differs: 'the stream ends after the ClientHello',
      references: [{ rfc: 8446, section: '6.1' }],
      cwes: ['CWE-755'],
      expected: rejectedBy('client'),
      arrange: fault('close-after-client-hello'),
    },
    {
      id: 'reset-mid-handshake',
      at: 'default',
      title: 'a client that resets the connection in the handshake',
      tier: 'core',
      differs: 'the connection is reset after the ClientHello',
      references: [{ rfc: 9293, section: '3.5.3' }],
      cwes: ['CWE-755'],
      expected: rejectedBy('client'),
      arrange: fault('reset-after-client-hello'),
    },
    {
      id: 'half-close',
      title: 'a client that disconnects without close_notify',
      tier: 'varies',
      differs: 'after a complete handshake the stream ends without close_notify; the server has to end its side too',
      references: [{ rfc: 8446, section: '6.1' }],
      expected: rejectedBy('client'),
      arrange: fault('half-close'),
    },
    {
      id: 'one-byte-at-a-time',
      title: 'a client whose bytes come one at a time',
      tier: 'control',
      differs: 'every octet of a valid client is sent on its own',
      references: [
        { rfc: 8446, section: '5.1' },
        { rfc: 9293, section: '3.7.2' },
      ],
      expected: accepted,
      arrange: fault('one-byte-at-a-time'),
    },
    ...splitHellos({ in: 'two-records', at: 'server-name', where: 'in the name that it asks for' }),
    ...splitHellos({ in: 'header', at: 'header', where: 'in the header of the message' }),
  );

/** A ClientHello in two records: a server that looks only at the first must not take the client for one that asks for no name. */
function splitHellos(split: {
  readonly in: 'two-records' | 'header';
  readonly at: 'header' | 'server-name';
  readonly where: string;
}): readonly [ServerDefinition, ServerDefinition] {
  const id = split.in === 'two-records' ? 'client-hello-in-two-records' : 'client-hello-split-in-header';
  const clientFault = { kind: 'split-client-hello', at: split.at } as const;
  const sources = {
    references: [{ rfc: 8446, section: '5.1' }],
    cves: ['CVE-2026-32305', 'CVE-2026-75595'],
  } as const;
  return [
    {
      id,
      title: `a client whose ClientHello is in two records, cut ${split.where}`,
      tier: 'control',
      differs: `the ClientHello is in two TLS records, cut ${split.where}`,
      ...sources,
      expected: accepted,
      arrange: (pki, valid) => ({ kind: 'client-fault', fault: clientFault, identity: valid.client(pki) }),
    },
    {
      id: `${id}-without-certificate`,
      title: `a client without certificate whose ClientHello is in two records, cut ${split.where}`,
      tier: 'core',
      differs: `the ClientHello is in two TLS records, cut ${split.where}, and no client certificate is presented`,
      ...sources,
      cwes: ['CWE-306'],
      severity: 'critical',
      expected: noCertificate,
      arrange: () => ({ kind: 'client-fault', fault: clientFault }),
    },
  ];
}

/** A valid identity for the real client behind some faults: nothing but the fault is wrong. */
function fault(
  kind: Exclude<ClientFault['kind'], 'warning-alert-flood' | 'split-client-hello' | 'edited-flight'>,
): (pki: Pki, valid: ValidPeers) => ClientFaultTrial {
  return (pki, valid) => ({ kind: 'client-fault', fault: { kind }, identity: valid.client(pki) });
}
